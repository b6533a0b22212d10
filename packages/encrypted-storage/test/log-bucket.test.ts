import { CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptionKey, LogBucket, LogBucketProps, LogPurpose } from '../src';
import { bucketStatements, keyStatements, statement } from './_helpers/policies';
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

  describe.each(FLAGS)('STO-12 one bucket for many logs %s', (_, flags) => {
    beforeEach(() => { stack = stackInFrankfurt(flags); });
    const ALL = [LogPurpose.CLOUDTRAIL, LogPurpose.CONFIG.under('config'), LogPurpose.FLOW_LOGS, LogPurpose.LOAD_BALANCER.under('web')];

    test('every service of its purposes may deliver, each below its own path, and nobody else', () => {
      const { bucket: target } = logs({ furtherPurposes: ALL });
      const allowed = bucketStatements(stack).filter(({ Effect, Action }) => Effect === 'Allow' && Action === 's3:PutObject');
      expect(allowed.map(({ Principal, Resource }) => [(Principal as { Service: string }).Service, Resource])).toEqual([
        ['logging.s3.amazonaws.com', '*'],
        ['cloudtrail.amazonaws.com', 'AWSLogs/111122223333/*'],
        ['config.amazonaws.com', 'config/AWSLogs/111122223333/Config/*'],
        ['delivery.logs.amazonaws.com', 'AWSLogs/111122223333/*'],
        ['logdelivery.elasticloadbalancing.amazonaws.com', 'web/AWSLogs/111122223333/*'],
      ].map(([service, keys]) => [service, stack.resolve(target.arnForObjects(keys))]));
      template().resourceCountIs('AWS::S3::BucketPolicy', 1);
    });

    test('says that nobody sees who read the other logs, where access logs are among them (STO-04)', () => {
      logs({ furtherPurposes: ALL });
      expect(warnings('because it takes access logs too.*encrypted-storage:STO-04')).toHaveLength(1);
    });

    test.each([
      ['the purpose itself', { furtherPurposes: [LogPurpose.ACCESS_LOGS] }, 'AccessLogs'],
      ['a purpose under two prefixes', { furtherPurposes: [LogPurpose.CONFIG, LogPurpose.CONFIG.under('other')] }, 'Config'],
    ])('fails with %s twice', (_what, props, id) => {
      expect(() => logs(props)).toThrow(`'furtherPurposes' must name each purpose once and not that of 'purpose', got '${id}' twice [Stack/Logs]`);
    });
  });

  describe('STO-01 customer key', () => {
    test.each([['Config', LogPurpose.CONFIG], ['flow logs', LogPurpose.FLOW_LOGS]])('everybody but AWS services is refused who writes to logs of %s under another key', (_, purpose) => {
      const { key } = new EncryptionKey(stack, 'Key');
      const { bucket: target } = logs({ purpose, encryptionKey: key });
      expect(statement(bucketStatements(stack), 'DenyOtherEncryption')).toEqual({
        Sid: 'DenyOtherEncryption',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:PutObject',
        Resource: stack.resolve(target.arnForObjects('*')),
        Condition: {
          Null: { 's3:x-amz-server-side-encryption': 'false' },
          StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': stack.resolve(key.keyArn) },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
      });
      template().resourceCountIs('AWS::S3::BucketPolicy', 1);
    });

    test('without a key no encryption is refused: a trail names its own, S3 and load balancers none', () => {
      logs({ furtherPurposes: [LogPurpose.CLOUDTRAIL, LogPurpose.LOAD_BALANCER] });
      expect(bucketStatements(stack).map(({ Sid }) => Sid)).not.toContain('DenyOtherEncryption');
    });
  });

  describe('STO-07 a key of yours', () => {
    test.each([
      ['Config', LogPurpose.CONFIG, 'AllowConfig', 'config.amazonaws.com'],
      ['flow logs', LogPurpose.FLOW_LOGS, 'AllowLogDelivery', 'delivery.logs.amazonaws.com'],
    ])('encrypts the logs of %s, and its policy lets the service use it', (_, purpose, sid, service) => {
      const { key } = new EncryptionKey(stack, 'Key');
      logs({ purpose, encryptionKey: key });
      bucket({ BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: stack.resolve(key.keyArn) } })] } });
      expect(statement(keyStatements(stack), sid).Principal).toEqual({ Service: service });
    });

    test.each([
      ['AccessLogs', LogPurpose.ACCESS_LOGS, 'S3 delivers no access logs to a bucket with a KMS key'],
      ['LoadBalancer', LogPurpose.LOAD_BALANCER, 'Elastic Load Balancing delivers no logs to a bucket with a KMS key'],
      ['CloudTrail', LogPurpose.CLOUDTRAIL, 'a trail names its own key with each log file, and that key is given to the trail'],
    ])('fails for %s, alone and shared', (id, purpose, reason) => {
      const message = `'encryptionKey' must not be given to a bucket for '${id}', because ${reason}; leave it out, or give '${id}' a bucket of its own [Stack/`;
      const { key } = new EncryptionKey(stack, 'Key');
      expect(() => logs({ purpose, encryptionKey: key })).toThrow(`${message}Logs]`);
      expect(() => new LogBucket(stack, 'Shared', { purpose: LogPurpose.FLOW_LOGS, furtherPurposes: [purpose], encryptionKey: key })).toThrow(`${message}Shared]`);
    });
  });

  describe('STO-11 object lock', () => {
    const lockedFor = (days: number) => s3.ObjectLockRetention.compliance(Duration.days(days));

    test.each([
      ['CloudTrail', LogPurpose.CLOUDTRAIL], ['flow logs', LogPurpose.FLOW_LOGS], ['load balancers', LogPurpose.LOAD_BALANCER],
    ])('logs of %s are locked when told so, and kept as long', (_, purpose) => {
      logs({ purpose, objectLock: lockedFor(2557) });
      bucket({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } } },
        LifecycleConfiguration: { Rules: Match.arrayWith([
          Match.objectLike({ Id: 'SupersededVersions', NoncurrentVersionExpiration: { NoncurrentDays: 2557 } }),
          Match.objectLike({ Id: 'Logs', ExpirationInDays: 2557 }),
        ]) },
      });
    });

    test('a lock shorter than the usual retention shortens nothing', () => {
      logs({ purpose: LogPurpose.CLOUDTRAIL, objectLock: s3.ObjectLockRetention.governance(Duration.days(30)) });
      bucket({ LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'Logs', ExpirationInDays: 365 })]) } });
    });

    test.each([
      ['AccessLogs', LogPurpose.ACCESS_LOGS, 'S3 delivers no access logs to a bucket that locks new objects'],
      ['Config', LogPurpose.CONFIG, 'AWS Config delivers nothing to a bucket that locks new objects'],
    ])('fails for %s, alone and shared', (id, purpose, reason) => {
      const message = `'objectLock' must not be given to a bucket for '${id}', because ${reason}; leave it out, or give '${id}' a bucket of its own [Stack/`;
      expect(() => logs({ purpose, objectLock: lockedFor(30) })).toThrow(`${message}Logs]`);
      expect(() => new LogBucket(stack, 'Shared', { purpose: LogPurpose.CLOUDTRAIL, furtherPurposes: [purpose], objectLock: lockedFor(30) })).toThrow(`${message}Shared]`);
    });

    test.each(['logsKeptFor', 'supersededVersionsKeptFor'])("fails when '%s' is shorter than the lock", (prop) => {
      expect(() => logs({ purpose: LogPurpose.CLOUDTRAIL, objectLock: lockedFor(365), [prop]: Duration.days(364) }))
        .toThrow(`'${prop}' must be at least the 365 days of 'objectLock', got 364 days [Stack/Logs]`);
    });

    test('fails when the bucket is to be emptied', () => {
      expect(() => logs({ purpose: LogPurpose.CLOUDTRAIL, objectLock: lockedFor(1), removalPolicy: RemovalPolicy.DESTROY }))
        .toThrow(/'objectLock' excludes RemovalPolicy.DESTROY.* \[Stack\/Logs\]/);
    });
  });

  describe('STO-04 access logs', () => {
    const accessLogs = () => new LogBucket(stack, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS }).bucket;

    test.each([
      LogPurpose.CLOUDTRAIL, LogPurpose.CONFIG, LogPurpose.FLOW_LOGS, LogPurpose.LOAD_BALANCER,
    ])('warns when nobody sees who read the logs of $id', (purpose) => {
      logs({ purpose });
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
