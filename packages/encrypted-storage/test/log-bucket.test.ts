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

  describe.each(FLAGS)('STO-12 log delivery of trails (B-09, B-12) %s', (_, flags) => {
    beforeEach(() => { stack = stackInFrankfurt(flags); });

    test('CloudTrail may deliver for trails of this account and region, and nobody else may write', () => {
      const { bucket: target } = logs({ purpose: LogPurpose.CLOUDTRAIL });
      const fromTrail = { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/*' };
      expect(bucketStatements(stack).filter(({ Effect }) => Effect === 'Allow')).toEqual([
        {
          Sid: 'AllowTrailAclCheck',
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 's3:GetBucketAcl',
          Resource: stack.resolve(target.bucketArn),
          Condition: { ArnLike: fromTrail },
        },
        {
          Sid: 'AllowTrailDelivery',
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 's3:PutObject',
          Resource: stack.resolve(target.arnForObjects('AWSLogs/111122223333/*')),
          Condition: { ArnLike: fromTrail, StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
        },
      ]);
    });

    test('has no key that could refuse what CloudTrail writes without asking for one', () => {
      logs({ purpose: LogPurpose.CLOUDTRAIL });
      bucket({ BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } })] } });
    });
  });

  describe('STO-04 access logs', () => {
    const accessLogs = () => new LogBucket(stack, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS }).bucket;

    test('warns when nobody sees who read the logs of CloudTrail', () => {
      logs({ purpose: LogPurpose.CLOUDTRAIL });
      expect(warnings("pass 'accessLogsBucket'.*encrypted-storage:STO-04")).toHaveLength(1);
    });

    test('logs to the bucket it is given, under its own path', () => {
      const accessLogsBucket = accessLogs();
      logs({ purpose: LogPurpose.CLOUDTRAIL, accessLogsBucket });
      bucket({ LoggingConfiguration: { DestinationBucketName: stack.resolve(accessLogsBucket.bucketName), LogFilePrefix: 'Stack/Logs/' } });
      expect(warnings('STO-04')).toHaveLength(0);
    });

    test('logs under the prefix it is given', () => {
      logs({ purpose: LogPurpose.CLOUDTRAIL, accessLogsBucket: accessLogs(), accessLogsPrefix: 'trail/' });
      bucket({ LoggingConfiguration: Match.objectLike({ LogFilePrefix: 'trail/' }) });
    });

    test('does not ask for access logs of access logs', () => {
      logs();
      expect(warnings('STO-04')).toHaveLength(0);
    });

    test('fails with access logs of access logs', () => {
      expect(() => logs({ accessLogsBucket: accessLogs() }))
        .toThrow(/'accessLogsBucket' must not be given to a bucket for access logs.*, got 'Stack\/AccessLogs\/Bucket'; leave it out \[Stack\/Logs\]/);
    });

    test('fails with a prefix and no bucket', () => {
      expect(() => logs({ purpose: LogPurpose.CLOUDTRAIL, accessLogsPrefix: 'trail/' }))
        .toThrow("'accessLogsPrefix' needs 'accessLogsBucket', got only 'trail/'; pass both or none [Stack/Logs]");
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
