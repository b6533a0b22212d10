/** A record of CloudTrail, as far as a metric filter looks at it. */
export type CloudTrailRecord = Readonly<Record<string, unknown>>;

/** For one alarm: a record that must set it off, and one that only looks like it. */
export interface Drill {
  readonly hit: CloudTrailRecord;
  readonly nearMiss: CloudTrailRecord;
}

const operator = { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/Operator/session' };
const user = { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/jane', userName: 'jane' };
const root = { type: 'Root', arn: 'arn:aws:iam::111122223333:root' };

const call = (service: string, eventName: string, details: object = {}): CloudTrailRecord => ({
  eventVersion: '1.11', eventSource: `${service}.amazonaws.com`, eventName, eventType: 'AwsApiCall', sourceIPAddress: '203.0.113.17', userIdentity: operator, ...details,
});

const signIn = (details: object): CloudTrailRecord => call('signin', 'ConsoleLogin', {
  userIdentity: user, eventType: 'AwsConsoleSignIn', additionalEventData: { MFAUsed: 'Yes' }, responseElements: { ConsoleLogin: 'Success' }, ...details,
});

/** By the id of the activity. No record sets off an alarm other than its own. */
export const DRILLS: Readonly<Record<string, Drill>> = {
  UnauthorizedApiCalls: {
    hit: call('ec2', 'RunInstances', { errorCode: 'Client.UnauthorizedOperation' }),
    nearMiss: call('s3', 'HeadBucket', { errorCode: 'AccessDenied' }),
  },
  SignInWithoutMfa: {
    hit: signIn({ additionalEventData: { MFAUsed: 'No' } }),
    nearMiss: signIn({ additionalEventData: { MFAUsed: 'No' }, userIdentity: operator }),
  },
  RootUsage: {
    hit: call('iam', 'CreateAccessKey', { userIdentity: root }),
    nearMiss: call('kms', 'RotateKey', { userIdentity: root, eventType: 'AwsServiceEvent' }),
  },
  IamPolicyChanges: { hit: call('iam', 'AttachRolePolicy'), nearMiss: call('iot', 'CreatePolicy') },
  CloudTrailChanges: { hit: call('cloudtrail', 'StopLogging'), nearMiss: call('cloudtrail', 'GetTrailStatus') },
  SignInFailures: {
    hit: signIn({ errorMessage: 'Failed authentication', responseElements: { ConsoleLogin: 'Failure' } }),
    nearMiss: call('signin', 'SwitchRole', { errorMessage: 'Failed authentication' }),
  },
  KeyDeletion: { hit: call('kms', 'ScheduleKeyDeletion'), nearMiss: call('kms', 'CancelKeyDeletion') },
  BucketPolicyChanges: { hit: call('s3', 'PutBucketPolicy'), nearMiss: call('s3', 'PutBucketTagging') },
  ConfigChanges: { hit: call('config', 'StopConfigurationRecorder'), nearMiss: call('config', 'StartConfigurationRecorder') },
  SecurityGroupChanges: { hit: call('ec2', 'AuthorizeSecurityGroupIngress'), nearMiss: call('ec2', 'DescribeSecurityGroups') },
  NetworkAclChanges: { hit: call('ec2', 'ReplaceNetworkAclEntry'), nearMiss: call('ec2', 'DescribeNetworkAcls') },
  GatewayChanges: { hit: call('ec2', 'AttachInternetGateway'), nearMiss: call('ec2', 'CreateNatGateway') },
  RouteTableChanges: { hit: call('ec2', 'CreateRoute'), nearMiss: call('appmesh', 'CreateRoute') },
  VpcChanges: { hit: call('ec2', 'CreateVpcPeeringConnection'), nearMiss: call('ec2', 'DescribeVpcs') },
  OrganizationChanges: { hit: call('organizations', 'LeaveOrganization'), nearMiss: call('organizations', 'ListAccounts') },
};
