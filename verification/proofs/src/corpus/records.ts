import { ACCOUNT, REGION } from '../deployment';

/** A record of CloudTrail, in the shape that AWS gives it. */
export type CloudTrailRecord = Record<string, unknown>;

type Details = Record<string, unknown>;

const BY_ROLE = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLEROLEID0001:session',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Operator/session`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLEKEYID00001',
  sessionContext: {
    sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLEROLEID0001', arn: `arn:aws:iam::${ACCOUNT}:role/Operator`, accountId: ACCOUNT, userName: 'Operator' },
    attributes: { creationDate: '2026-11-25T08:00:00Z', mfaAuthenticated: 'false' },
  },
};

const BY_USER = {
  type: 'IAMUser', principalId: 'AIDAEXAMPLEUSERID0001', arn: `arn:aws:iam::${ACCOUNT}:user/jane`, accountId: ACCOUNT, accessKeyId: 'AKIAEXAMPLEKEYID00001', userName: 'jane',
};

const BY_ROOT = {
  type: 'Root', principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT, accessKeyId: 'ASIAEXAMPLEKEYID00002',
  sessionContext: { attributes: { creationDate: '2026-11-25T08:00:00Z', mfaAuthenticated: 'true' } },
};

/** What AWS does for the owner of the account: the record names the service, and an account without keys. */
const BY_SERVICE = { accountId: ACCOUNT, invokedBy: 'AWS Internal' };

/** Who makes a call. */
export const callers = { role: BY_ROLE, user: BY_USER, root: BY_ROOT, service: BY_SERVICE };

/** A call of an AWS API that succeeded, by a role; `details` says what is different. */
export function call(service: string, eventName: string, details: Details = {}): CloudTrailRecord {
  return {
    eventVersion: '1.11',
    userIdentity: BY_ROLE,
    eventTime: '2026-11-25T09:30:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: REGION,
    sourceIPAddress: '203.0.113.17',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: null,
    responseElements: null,
    requestID: '2c4d1d5e-0000-4000-8000-00000000000a',
    eventID: '6f1b7c7e-0000-4000-8000-00000000000b',
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: `${service}.${REGION}.amazonaws.com` },
    ...details,
  };
}

/** A call that only looks. */
export function look(service: string, eventName: string, details: Details = {}): CloudTrailRecord {
  return call(service, eventName, { readOnly: true, ...details });
}

/** A call that was refused. */
export function refused(service: string, eventName: string, errorCode: string, details: Details = {}): CloudTrailRecord {
  return call(service, eventName, { errorCode, errorMessage: 'You are not authorized to perform this operation.', ...details });
}

/** What a sign-in to the console came to. */
export interface SignIn {
  readonly outcome: 'Success' | 'Failure';
  readonly mfa: 'Yes' | 'No';
  readonly identity?: Details;
}

/** A sign-in to the console. */
export function signIn({ outcome, mfa, identity = BY_USER }: SignIn, details: Details = {}): CloudTrailRecord {
  return call('signin', 'ConsoleLogin', {
    userIdentity: identity,
    userAgent: 'Mozilla/5.0',
    responseElements: { ConsoleLogin: outcome },
    additionalEventData: { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: mfa, MFAIdentifier: '' },
    eventType: 'AwsConsoleSignIn',
    ...(outcome === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
    ...details,
  });
}

/** One record for each name, titled by it. */
export function each(eventNames: string[], record: (eventName: string) => CloudTrailRecord): Record<string, CloudTrailRecord> {
  return Object.fromEntries(eventNames.map((eventName) => [eventName, record(eventName)]));
}

/** A record as EventBridge delivers it. */
export function onTheBus(record: CloudTrailRecord, envelope: Details = {}): object {
  return {
    'version': '0',
    'id': '0f3b6c6a-0000-4000-8000-00000000000c',
    'detail-type': 'AWS API Call via CloudTrail',
    'source': `aws.${String(record.eventSource).split('.')[0]}`,
    'account': ACCOUNT,
    'time': record.eventTime,
    'region': REGION,
    'resources': [],
    'detail': record,
    ...envelope,
  };
}
