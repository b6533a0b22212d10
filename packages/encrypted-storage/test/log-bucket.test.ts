import { CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { LogBucket, LogBucketProps, LogPurpose } from '../src';
import { bucketStatements, statement } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe('LogBucket', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const logs = (props: Partial<LogBucketProps> = {}) => new LogBucket(stack, 'Logs', { purpose: LogPurpose.ACCESS_LOGS, ...props });
  const template = () => Template.fromStack(stack);
  const bucket = (properties: object) => template().hasResourceProperties('AWS::S3::Bucket', properties);
  const warnings = (message: string) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(message));

  describe.each(FLAGS)('STO-12 log delivery (P-07) %s', (_, flags) => {
    beforeEach(() => { stack = stackInFrankfurt(flags); });

    test('S3 may deliver access logs of buckets of this account, and nobody else may write', () => {
      const { bucket: target } = logs();
      const allowed = bucketStatements(stack).filter(({ Effect }) => Effect === 'Allow');
      expect(allowed).toEqual([{
        Sid: 'AllowAccessLogDelivery',
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: stack.resolve(target.arnForObjects('*')),
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' },
          StringEquals: { 'aws:SourceAccount': '111122223333' },
        },
      }]);
    });

    test('is encrypted with S3-managed keys, because S3 delivers nothing to a bucket with a KMS key', () => {
      logs();
      bucket({ BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } })] } });
      template().resourceCountIs('AWS::KMS::Key', 0);
    });

    test('is not locked by default, because S3 delivers nothing to a bucket with a default lock', () => {
      logs();
      bucket({ ObjectLockConfiguration: Match.absent() });
    });
  });

  describe('STO-02 TLS only', () => {
    test.each(['DenyInsecureConnections', 'DenyOutdatedTls'])('%s stands in its policy', (sid) => {
      logs();
      expect(statement(bucketStatements(stack), sid).Effect).toBe('Deny');
      template().resourceCountIs('AWS::S3::BucketPolicy', 1);
    });
  });

  describe('STO-03 no public access', () => {
    test('blocks public access and has no ACLs', () => {
      logs();
      bucket({
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        AccessControl: Match.absent(),
      });
    });
  });

  describe('STO-08 survives its stack', () => {
    test('bucket and policy are kept, so that logs keep arriving', () => {
      logs();
      template().hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
      template().hasResource('AWS::S3::BucketPolicy', { DeletionPolicy: 'Retain' });
    });

    test('the bucket is emptied and goes when told so', () => {
      logs({ removalPolicy: RemovalPolicy.DESTROY });
      template().hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
      template().resourceCountIs('Custom::S3AutoDeleteObjects', 1);
    });
  });

  describe('STO-09 versions', () => {
    test('keeps versions, superseded ones for 90 days', () => {
      logs();
      bucket({
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 90 } })]) },
      });
    });

    test('keeps superseded versions as long as it is told', () => {
      logs({ supersededVersionsKeptFor: Duration.days(1) });
      bucket({ LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 1 } })]) } });
    });
  });

  describe('STO-10 retention', () => {
    const keptFor = (days: unknown) => bucket({ LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'Logs', ExpirationInDays: days })]) } });

    test('keeps logs for a year', () => {
      logs();
      keptFor(365);
      expect(warnings('STO-10')).toHaveLength(0);
    });

    test('keeps them for 30 days when told so, with a warning', () => {
      logs({ logsKeptFor: Duration.days(30) });
      keptFor(30);
      expect(warnings('gone after 30 days; auditors ask for 365.*encrypted-storage:STO-10')).toHaveLength(1);
    });

    test('takes a number of days that is known at deployment only', () => {
      logs({ logsKeptFor: Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber) });
      keptFor({ Ref: 'Days' });
      expect(warnings('STO-10')).toHaveLength(0);
    });
  });

  describe.each(['logsKeptFor', 'supersededVersionsKeptFor'])("'%s'", (prop) => {
    test.each([Duration.hours(36), Duration.days(0), Duration.days(36501)])('fails with %s', (duration) => {
      expect(() => logs({ [prop]: duration })).toThrow(new RegExp(`'${prop}' must be whole days from 1 to 36500, got .* \\[Stack/Logs\\]`));
    });
  });

  describe('names', () => {
    test('has the name it is given', () => {
      logs({ bucketName: 'tap-access-logs' });
      bucket({ BucketName: 'tap-access-logs' });
    });

    test('has a name of the account when it is given a prefix (X-02)', () => {
      logs({ bucketNamePrefix: 'tap-access-logs' });
      bucket({ BucketNamePrefix: 'tap-access-logs', BucketNamespace: 'account-regional' });
    });

    test('fails with a name that S3 refuses', () => {
      expect(() => logs({ bucketName: 'Access_Logs' })).toThrow(/'bucketName' must be 3 to 63.*, got 'Access_Logs' \[Stack\/Logs\]/);
    });
  });
});
