import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { DataLake, DenyWrongKey, LogAccess, RequireTls, RotateKey } from '../src';

/*
 * A lake of two zones with a reader of one of them, and a bucket and a key of a team's own with our controls on them. What was
 * deployed is read back; what the reader may do is asked of the policies.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'DataLake');
const removalPolicy = RemovalPolicy.DESTROY;

const lake = new DataLake(stack, 'Lake', { zones: [{ name: 'raw' }, { name: 'published' }], bucketNamePrefix: 'lake', removalPolicy });
const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
lake.grantRead(reader, ['published']);

const key = new kms.Key(stack, 'TheirKey', { enableKeyRotation: false, removalPolicy });
const bucket = new s3.CfnBucket(stack, 'TheirBucket', {
  bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.keyArn } }] },
});
key.with(new RotateKey());
bucket.with(new RequireTls(), new DenyWrongKey(key), new LogAccess(lake.accessLogsBucket));

const integ = new IntegTest(app, 'DataLakeTest', { testCases: [stack], regions: ['us-east-1'] });

/** Calls AWS and compares the answer. `action` is what IAM calls the permission, where it is not the name of the call. */
function reads(service: string, call: string, parameters: object, expected: object, action?: string): void {
  const request = integ.assertions.awsApiCall(service, call, parameters);
  if (action) request.provider.addToRolePolicy({ Effect: 'Allow', Action: [action], Resource: ['*'] });
  request.expect(ExpectedResult.objectLike(expected));
}

const policyWith = (...sids: string[]) =>
  Match.serializedJson(Match.objectLike({ Statement: Match.arrayWith(sids.map((Sid) => Match.objectLike({ Sid, Effect: 'Deny' }))) }));

// STO-01, STO-02, STO-04: every zone
for (const [name, { bucket: { bucketName: Bucket }, encryptionKey }] of Object.entries(lake.zones)) {
  reads('S3', 'getBucketEncryption', { Bucket }, {
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: encryptionKey.keyArn }, BucketKeyEnabled: true }],
    },
  }, 's3:GetEncryptionConfiguration');
  reads('S3', 'getBucketPolicy', { Bucket }, { Policy: policyWith('DenyInsecureConnections', 'DenyOutdatedTls', 'DenyOtherEncryption') });
  reads('S3', 'getBucketLogging', { Bucket }, {
    LoggingEnabled: { TargetBucket: lake.accessLogsBucket.bucketName, TargetPrefix: `DataLake/Lake/Zone-${name}/` },
  });
}

// D-05: the reader
const mayRead = (zone: string, decision: string) => reads('IAM', 'simulatePrincipalPolicy', {
  PolicySourceArn: reader.roleArn, ActionNames: ['s3:GetObject'], ResourceArns: [lake.zones[zone].bucket.arnForObjects('orders.csv')],
}, { EvaluationResults: [{ EvalActionName: 's3:GetObject', EvalDecision: decision }] });
mayRead('published', 'allowed');
mayRead('raw', 'implicitDeny');

// the mixins
reads('KMS', 'getKeyRotationStatus', { KeyId: key.keyId }, { KeyRotationEnabled: true, RotationPeriodInDays: 365 });
reads('S3', 'getBucketPolicy', { Bucket: bucket.ref }, { Policy: policyWith('DenyInsecureConnections', 'DenyOutdatedTls', 'DenyOtherEncryption') });
reads('S3', 'getBucketLogging', { Bucket: bucket.ref }, { LoggingEnabled: { TargetBucket: lake.accessLogsBucket.bucketName, TargetPrefix: 'DataLake/TheirBucket/' } });
