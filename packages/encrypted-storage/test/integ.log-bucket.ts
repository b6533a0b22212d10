import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionKey, LogBucket, LogPurpose } from '../src';

/*
 * One bucket for many logs, one under a key, and one whose log files cannot be deleted. A trail and flow logs deliver to them: CloudTrail
 * and EC2 refuse to be set up with a bucket, or a key, that would not let them write. A function tries to write under other keys.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'LogBuckets');
const removalPolicy = RemovalPolicy.DESTROY;

const { bucket: shared } = new LogBucket(stack, 'Shared', {
  purpose: LogPurpose.ACCESS_LOGS,
  furtherPurposes: [LogPurpose.CONFIG.under('config'), LogPurpose.FLOW_LOGS.under('network'), LogPurpose.LOAD_BALANCER],
  removalPolicy,
});
const { key } = new EncryptionKey(stack, 'Key', { pendingWindow: Duration.days(7), removalPolicy });
const { bucket: encrypted } = new LogBucket(stack, 'Encrypted', { purpose: LogPurpose.FLOW_LOGS, encryptionKey: key, accessLogsBucket: shared, removalPolicy });
// kept, because what is locked cannot be emptied
const { bucket: locked } = new LogBucket(stack, 'Locked', {
  purpose: LogPurpose.CLOUDTRAIL.under('trail'), accessLogsBucket: shared, objectLock: s3.ObjectLockRetention.governance(Duration.days(1)),
});

const vpc = new ec2.CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/24' });
const flowLogs = ([['ToShared', shared, '/network/'], ['ToEncrypted', encrypted, '']] as const).map(([id, bucket, folder]) => {
  const logDestination = `${bucket.bucketArn}${folder}`;
  const flowLog = new ec2.CfnFlowLog(stack, id, { resourceId: vpc.ref, resourceType: 'VPC', trafficType: 'ALL', logDestinationType: 's3', logDestination });
  flowLog.node.addDependency(bucket.policy!);
  return flowLog;
});
const trail = new cloudtrail.CfnTrail(stack, 'Trail', { isLogging: true, s3BucketName: locked.bucketName, s3KeyPrefix: 'trail' });
trail.node.addDependency(locked.policy!);

// it may use either key: only the bucket can refuse
const { key: other } = new EncryptionKey(stack, 'OtherKey', { pendingWindow: Duration.days(7), removalPolicy });
const writer = new lambda.Function(stack, 'Writer', {
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: 'index.handler',
  logGroup: new logs.LogGroup(stack, 'WriterLogs', { removalPolicy }),
  environment: { BUCKET: encrypted.bucketName, OWN: key.keyArn, OTHER: other.keyArn },
  code: lambda.Code.fromInline(`
const { PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');
exports.handler = async (writes) => {
  const outcomes = [];
  for (const [ServerSideEncryption, key] of writes) {
    const asked = { ServerSideEncryption, SSEKMSKeyId: process.env[key] };
    try {
      await new S3Client({}).send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: 'log', Body: 'log', ...asked }));
      outcomes.push('written');
    } catch (error) {
      outcomes.push(error.name);
    }
  }
  return outcomes;
};`),
});
encrypted.grantPut(writer);
other.grantEncrypt(writer);

const integ = new IntegTest(app, 'LogBucketTest', { testCases: [stack], regions: ['us-east-1'] });

/** Calls AWS and compares the answer. `action` is what IAM calls the permission, where it is not the name of the call. */
function reads(service: string, call: string, parameters: object, expected: object, action?: string): void {
  const request = integ.assertions.awsApiCall(service, call, parameters);
  if (action) request.provider.addToRolePolicy({ Effect: 'Allow', Action: [action], Resource: ['*'] });
  request.expect(ExpectedResult.objectLike(expected));
}

/** A policy, of which the answer holds the text, that has statements with these sids, in this order, among others. */
const policyWith = (...sids: string[]) =>
  Match.serializedJson(Match.objectLike({ Statement: Match.arrayWith(sids.map((Sid) => Match.objectLike({ Sid }))) }));

// STO-02, STO-12: who may write
reads('S3', 'getBucketPolicy', { Bucket: shared.bucketName }, {
  Policy: policyWith('DenyInsecureConnections', 'DenyOutdatedTls', 'AllowAccessLogDelivery', 'AllowConfigDelivery', 'AllowFlowLogDeliverynetwork', 'AllowLoadBalancerLogDelivery'),
});
reads('S3', 'getBucketPolicy', { Bucket: locked.bucketName }, { Policy: policyWith('DenyInsecureConnections', 'AllowTrailAclCheck', 'AllowTrailDelivery') });

// STO-12: that they were accepted
for (const { ref, logDestination } of flowLogs) {
  reads('EC2', 'describeFlowLogs', { FlowLogIds: [ref] }, { FlowLogs: [{ FlowLogStatus: 'ACTIVE', LogDestination: logDestination }] });
}
reads('CloudTrail', 'getTrailStatus', { Name: trail.ref }, { IsLogging: true });

// STO-01: everybody else writes under the key or not at all
const writes: [asked: string[], outcome: string][] = [
  [[], 'written'], [['aws:kms', 'OWN'], 'written'],
  [['aws:kms', 'OTHER'], 'AccessDenied'], [['aws:kms'], 'AccessDenied'], [['AES256'], 'AccessDenied'],
];
const outcomes = integ.assertions.invokeFunction({ functionName: writer.functionName, payload: JSON.stringify(writes.map(([asked]) => asked)) });
outcomes.expect(ExpectedResult.objectLike({ StatusCode: 200, Payload: Match.serializedJson(writes.map(([, outcome]) => outcome)) }));

// STO-01, STO-07: the key
reads('S3', 'getBucketEncryption', { Bucket: encrypted.bucketName }, {
  ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key.keyArn } }] },
}, 's3:GetEncryptionConfiguration');
reads('KMS', 'getKeyPolicy', { KeyId: key.keyId, PolicyName: 'default' }, { Policy: policyWith('AllowLogDelivery') });

// STO-04: access
for (const [Bucket, TargetPrefix] of [[encrypted.bucketName, 'LogBuckets/Encrypted/'], [locked.bucketName, 'LogBuckets/Locked/']]) {
  reads('S3', 'getBucketLogging', { Bucket }, { LoggingEnabled: { TargetBucket: shared.bucketName, TargetPrefix } });
}

// STO-10, STO-11: retention and lock
reads('S3', 'getObjectLockConfiguration', { Bucket: locked.bucketName }, {
  ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } },
}, 's3:GetBucketObjectLockConfiguration');
reads('S3', 'getBucketLifecycleConfiguration', { Bucket: locked.bucketName }, {
  Rules: Match.arrayWith([Match.objectLike({ ID: 'Logs', Status: 'Enabled', Expiration: { Days: 365 } })]),
}, 's3:GetLifecycleConfiguration');
