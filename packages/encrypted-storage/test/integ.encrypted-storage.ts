import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { EncryptedBucket, EncryptedLogGroup, EncryptedTopic, EncryptionKey, LogBucket, LogPurpose, ViaService } from '../src';

/*
 * One key for a bucket, a log group and a topic, and a bucket for access logs. What was deployed is read back.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'EncryptedStorage');
const removalPolicy = RemovalPolicy.DESTROY;

const { key } = new EncryptionKey(stack, 'Key', {
  pendingWindow: Duration.days(7), onlyVia: [ViaService.S3, ViaService.EBS, ViaService.SNS], removalPolicy,
});
const { logGroup } = new EncryptedLogGroup(stack, 'Logs', { encryptionKey: key, retention: logs.RetentionDays.ONE_MONTH, removalPolicy });
const alerts = new EncryptedTopic(stack, 'Alerts', { encryptionKey: key });
alerts.allowCloudWatchAlarms();
alerts.allowEventBridgeRules();
const { bucket: accessLogs } = new LogBucket(stack, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS, removalPolicy });
const { bucket: store } = new EncryptedBucket(stack, 'Store', { encryptionKey: key, accessLogsBucket: accessLogs, accessLogsPrefix: 'store/', removalPolicy });

const integ = new IntegTest(app, 'EncryptedStorageTest', { testCases: [stack], regions: ['us-east-1'] });

/** Calls AWS and compares the answer. `action` is what IAM calls the permission, where it is not the name of the call. */
function reads(service: string, call: string, parameters: object, expected: object, action?: string): void {
  const request = integ.assertions.awsApiCall(service, call, parameters);
  if (action) request.provider.addToRolePolicy({ Effect: 'Allow', Action: [action], Resource: ['*'] });
  request.expect(ExpectedResult.objectLike(expected));
}

/** A policy, of which the answer holds the text, that has these statements among others. */
const policyWith = (...statements: object[]) =>
  Match.serializedJson(Match.objectLike({ Statement: Match.arrayWith(statements.map((one) => Match.objectLike(one))) }));

// STO-05, STO-06, STO-07: the key
reads('KMS', 'describeKey', { KeyId: key.keyId }, { KeyMetadata: { Enabled: true, KeyManager: 'CUSTOMER', KeyState: 'Enabled' } });
reads('KMS', 'getKeyRotationStatus', { KeyId: key.keyId }, { KeyRotationEnabled: true, RotationPeriodInDays: 365 });
reads('KMS', 'getKeyPolicy', { KeyId: key.keyId, PolicyName: 'default' }, {
  Policy: policyWith({ Sid: 'AccountAdministers' }, { Sid: 'AllowLogGroups' }, { Sid: 'AllowCloudWatchAlarms' }, { Sid: 'AllowEventBridgeRules' }),
});

// STO-01, STO-10: the log group
reads('CloudWatchLogs', 'describeLogGroups', { logGroupNamePrefix: logGroup.logGroupName }, {
  logGroups: [{ logGroupName: logGroup.logGroupName, retentionInDays: 30, kmsKeyId: key.keyArn }],
});

// STO-01, STO-02: the topic
reads('SNS', 'getTopicAttributes', { TopicArn: alerts.topic.topicArn }, {
  Attributes: {
    KmsMasterKeyId: key.keyArn,
    Policy: policyWith({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, { Sid: 'AllowCloudWatchAlarms' }, { Sid: 'AllowEventBridgeRules' }),
  },
});

// STO-01: the bucket, and the one for access logs
reads('S3', 'getBucketEncryption', { Bucket: store.bucketName }, {
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key.keyArn }, BucketKeyEnabled: true }],
  },
}, 's3:GetEncryptionConfiguration');
reads('S3', 'getBucketEncryption', { Bucket: accessLogs.bucketName }, {
  ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
}, 's3:GetEncryptionConfiguration');

// STO-02, STO-12: their policies
reads('S3', 'getBucketPolicy', { Bucket: store.bucketName }, {
  Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }, { Sid: 'DenyOutdatedTls', Effect: 'Deny' }, { Sid: 'DenyOtherEncryption', Effect: 'Deny' }),
});
reads('S3', 'getBucketPolicy', { Bucket: accessLogs.bucketName }, {
  Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }, { Sid: 'AllowAccessLogDelivery', Principal: { Service: 'logging.s3.amazonaws.com' } }),
});

// STO-03, STO-04, STO-09: the rest of both buckets
reads('S3', 'getBucketLogging', { Bucket: store.bucketName }, { LoggingEnabled: { TargetBucket: accessLogs.bucketName, TargetPrefix: 'store/' } });
for (const { bucketName: Bucket } of [store, accessLogs]) {
  reads('S3', 'getPublicAccessBlock', { Bucket }, {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
  }, 's3:GetBucketPublicAccessBlock');
  reads('S3', 'getBucketOwnershipControls', { Bucket }, { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } });
  reads('S3', 'getBucketVersioning', { Bucket }, { Status: 'Enabled' });
  reads('S3', 'getBucketLifecycleConfiguration', { Bucket }, {
    Rules: Match.arrayWith([Match.objectLike({ ID: 'SupersededVersions', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 90 } })]),
  }, 's3:GetLifecycleConfiguration');
}
