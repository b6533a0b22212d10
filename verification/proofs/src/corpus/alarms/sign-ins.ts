import { ACCOUNT } from '../../deployment';
import { Corpus } from '../../patterns/pattern';
import { call, callers, refused, signIn } from '../records';

const success = { outcome: 'Success', mfa: 'No' } as const;
const failure = { outcome: 'Failure', mfa: 'No' } as const;
const federated = { ...callers.role, sessionContext: { ...callers.role.sessionContext, webIdFederationData: {} } };
const another = { ...callers.user, principalId: 'AIDAEXAMPLEUSERID0002', arn: `arn:aws:iam::${ACCOUNT}:user/team/john`, userName: 'john' };

/** A user of IAM comes in with nothing but a password. */
export const signInWithoutMfa: Corpus = {
  id: 'SignInWithoutMfa',
  matches: {
    'a user signs in': signIn(success),
    'another user signs in': signIn({ ...success, identity: another }),
    'from an IPv6 address': signIn(success, { sourceIPAddress: '2001:db8::17' }),
    'in another region': signIn(success, { awsRegion: 'us-east-1' }),
    'from a telephone': signIn(success, { additionalEventData: { LoginTo: 'https://console.aws.amazon.com/', MobileVersion: 'Yes', MFAUsed: 'No' } }),
  },
  ignores: {
    'with a second factor': signIn({ ...success, mfa: 'Yes' }),
    'with the wrong password': signIn(failure),
    'the session of a role, whose factor is elsewhere': signIn({ ...success, identity: federated }),
    'the root user, which has an alarm of its own': signIn({ ...success, identity: callers.root }),
    'a user takes a role': call('signin', 'SwitchRole', { userIdentity: callers.user, eventType: 'AwsConsoleSignIn', responseElements: { SwitchRole: 'Success' } }),
    'another step of a sign-in': { ...signIn(success), eventName: 'CheckMfa' },
    'a call with an access key': call('iam', 'ListUsers', { userIdentity: callers.user }),
  },
};

/** Somebody tries passwords. */
export const signInFailures: Corpus = {
  id: 'SignInFailures',
  matches: {
    'a user with the wrong password': signIn(failure),
    'a user with the wrong code': signIn({ outcome: 'Failure', mfa: 'Yes' }),
    'the root user': signIn({ ...failure, identity: callers.root }),
    'another user': signIn({ ...failure, identity: another }),
    'in another region': signIn(failure, { awsRegion: 'us-east-1' }),
  },
  ignores: {
    'a sign-in that succeeds': signIn({ ...success, mfa: 'Yes' }),
    'a sign-in without a second factor': signIn(success),
    'a role that may not be taken': call('signin', 'SwitchRole', { errorMessage: 'Failed authentication', responseElements: { SwitchRole: 'Failure' } }),
    'another step of a sign-in': call('signin', 'CheckMfa', { responseElements: { CheckMfa: 'Failure' } }),
    'a call that is refused': refused('sts', 'AssumeRole', 'AccessDenied'),
  },
};

/** The root user does anything. */
export const rootUsage: Corpus = {
  id: 'RootUsage',
  matches: {
    'signs in': signIn({ outcome: 'Success', mfa: 'Yes', identity: callers.root }),
    'makes a call': call('iam', 'CreateAccessKey', { userIdentity: callers.root }),
    'only looks': call('s3', 'ListBuckets', { userIdentity: callers.root, readOnly: true }),
    'is refused': refused('organizations', 'LeaveOrganization', 'AccessDenied', { userIdentity: callers.root }),
    'changes its password': call('signin', 'PasswordUpdated', { userIdentity: callers.root, eventType: 'AwsConsoleSignIn' }),
    'reads a bucket': call('s3', 'GetObject', { userIdentity: callers.root, readOnly: true, managementEvent: false, eventCategory: 'Data' }),
  },
  ignores: {
    'a service does something for the account': call('kms', 'RotateKey', { userIdentity: { ...callers.root, accessKeyId: '' }, eventType: 'AwsServiceEvent' }),
    'a service acts in the name of the root user': call('s3', 'GetBucketAcl', {
      userIdentity: { ...callers.root, invokedBy: 'cloudtrail.amazonaws.com' }, sourceIPAddress: 'cloudtrail.amazonaws.com',
    }),
    'a service acts by itself': call('sts', 'AssumeRole', { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } }),
    'a role of the same account': call('iam', 'CreateAccessKey'),
    'a user who is called root': call('iam', 'CreateAccessKey', { userIdentity: { ...callers.user, arn: `arn:aws:iam::${ACCOUNT}:user/Root`, userName: 'Root' } }),
    'another account': call('s3', 'GetObject', { userIdentity: { type: 'AWSAccount', principalId: '444455556666', accountId: '444455556666' } }),
  },
};
