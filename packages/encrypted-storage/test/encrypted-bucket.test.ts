import { App, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EncryptedBucket, EncryptionKey, LogBucket, LogPurpose } from '../src';
import { bucketStatements, statement } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe('EncryptedBucket', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const template = () => Template.fromStack(stack);
  const bucket = (properties: object) => template().hasResourceProperties('AWS::S3::Bucket', properties);
  const warnings = (message: string) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(message));

  describe('STO-01 customer key (P-07)', () => {
    const encryptedWith = (keyArn: string) => bucket({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: stack.resolve(keyArn) },
          BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
        }],
      },
    });

    test('makes a key of its own', () => {
      encryptedWith(new EncryptedBucket(stack, 'Store').encryptionKey.keyArn);
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('uses the key it is given and makes no other', () => {
      const { key } = new EncryptionKey(stack, 'Mine');
      expect(new EncryptedBucket(stack, 'Store', { encryptionKey: key }).encryptionKey).toBe(key);
      encryptedWith(key.keyArn);
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('uses a key of somebody else', () => {
      const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/abc';
      new EncryptedBucket(stack, 'Store', { encryptionKey: kms.Key.fromKeyArn(stack, 'Theirs', keyArn) });
      encryptedWith(keyArn);
    });

    test('refuses writes that ask for another encryption, and lets those pass that ask for none', () => {
      const store = new EncryptedBucket(stack, 'Store');
      expect(statement(bucketStatements(stack), 'DenyOtherEncryption')).toMatchObject({
        Effect: 'Deny', Action: 's3:PutObject', Principal: { AWS: '*' }, Resource: stack.resolve(store.bucket.arnForObjects('*')),
        Condition: {
          Null: { 's3:x-amz-server-side-encryption': 'false' },
          StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': stack.resolve(store.encryptionKey.keyArn) },
        },
      });
    });

    test('a role that may read objects may decrypt with the key', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      const store = new EncryptedBucket(stack, 'Store');
      store.bucket.grantRead(role);
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']), Resource: stack.resolve(store.encryptionKey.keyArn) })]) },
      });
    });
  });

  describe.each(FLAGS)('STO-02 TLS only (P-07) %s', (_, flags) => {
    beforeEach(() => { stack = stackInFrankfurt(flags); });
    const denial = (sid: string) => statement(bucketStatements(stack), sid);

    test('refuses plain HTTP, to everybody, for the bucket and its objects', () => {
      const store = new EncryptedBucket(stack, 'Store');
      expect(denial('DenyInsecureConnections')).toMatchObject({
        Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        Resource: [stack.resolve(store.bucket.bucketArn), stack.resolve(store.bucket.arnForObjects('*'))],
      });
    });

    test('refuses TLS older than 1.2, to everybody, for the bucket and its objects', () => {
      const store = new EncryptedBucket(stack, 'Store');
      expect(denial('DenyOutdatedTls')).toMatchObject({
        Effect: 'Deny', Action: 's3:*', Principal: { AWS: '*' }, Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
        Resource: [stack.resolve(store.bucket.bucketArn), stack.resolve(store.bucket.arnForObjects('*'))],
      });
    });

    test('statements of the caller keep their names, in the one policy of the bucket', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      const { bucket: store } = new EncryptedBucket(stack, 'Store');
      for (const sid of ['AllowEC2RoleAccess', 'AllowEC2RoleListing']) {
        store.addToResourcePolicy(new iam.PolicyStatement({ sid, principals: [role], actions: ['s3:GetObject'], resources: [store.arnForObjects('*')] }));
      }
      template().resourceCountIs('AWS::S3::BucketPolicy', 1);
      expect(bucketStatements(stack).map(({ Sid }) => Sid)).toEqual([
        'DenyInsecureConnections', 'DenyOutdatedTls', 'DenyOtherEncryption', 'AllowEC2RoleAccess', 'AllowEC2RoleListing',
      ]);
    });

    test('the bucket emptier shares that one policy', () => {
      new EncryptedBucket(stack, 'Store', { removalPolicy: RemovalPolicy.DESTROY });
      template().resourceCountIs('AWS::S3::BucketPolicy', 1);
    });
  });

  describe.each(FLAGS)('STO-03 no public access (P-07) %s', (_, flags) => {
    beforeEach(() => { stack = stackInFrankfurt(flags); });

    test('blocks public access and has no ACLs', () => {
      const logs = new LogBucket(stack, 'Logs', { purpose: LogPurpose.ACCESS_LOGS });
      new EncryptedBucket(stack, 'Store', { accessLogsBucket: logs.bucket });
      template().allResourcesProperties('AWS::S3::Bucket', {
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        AccessControl: Match.absent(),
      });
    });

    test('nobody is allowed anything by the bucket itself', () => {
      new EncryptedBucket(stack, 'Store');
      expect(bucketStatements(stack).filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
    });
  });

  describe('STO-04 access logs (P-07)', () => {
    const logBucket = (scope: Stack = stack) => new LogBucket(scope, 'Logs', { purpose: LogPurpose.ACCESS_LOGS }).bucket;

    test('warns when access is not logged', () => {
      new EncryptedBucket(stack, 'Store');
      expect(warnings("pass 'accessLogsBucket'.*encrypted-storage:STO-04")).toHaveLength(1);
      bucket({ LoggingConfiguration: Match.absent() });
    });

    test('logs to the bucket it is given, under its own path', () => {
      const accessLogsBucket = logBucket();
      new EncryptedBucket(stack, 'Store', { accessLogsBucket });
      bucket({ LoggingConfiguration: { DestinationBucketName: stack.resolve(accessLogsBucket.bucketName), LogFilePrefix: 'Stack/Store/' } });
      expect(warnings('STO-04')).toHaveLength(0);
    });

    test('logs under the prefix it is given', () => {
      new EncryptedBucket(stack, 'Store', { accessLogsBucket: logBucket(), accessLogsPrefix: 'store/' });
      bucket({ LoggingConfiguration: Match.objectLike({ LogFilePrefix: 'store/' }) });
    });

    test.each(FLAGS)('many buckets share one log bucket, whose policy says it once, %s', (_, flags) => {
      stack = stackInFrankfurt(flags);
      const accessLogsBucket = logBucket();
      new EncryptedBucket(stack, 'Store', { accessLogsBucket });
      new EncryptedBucket(stack, 'More', { accessLogsBucket });
      const policies = Object.values(template().findResources('AWS::S3::BucketPolicy'));
      const deliveries = policies.flatMap((policy) => policy.Properties.PolicyDocument.Statement).filter(({ Sid }) => Sid === 'AllowAccessLogDelivery');
      expect(policies).toHaveLength(3);
      expect(deliveries).toHaveLength(1);
    });

    test('completes the policy of a bucket that is not a LogBucket', () => {
      new EncryptedBucket(stack, 'Store', { accessLogsBucket: new s3.Bucket(stack, 'Plain', { encryption: s3.BucketEncryption.S3_MANAGED }) });
      template().hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: [Match.objectLike({ Sid: 'AllowAccessLogDelivery', Principal: { Service: 'logging.s3.amazonaws.com' } })] },
      });
    });

    test('logs to a bucket of another stack without a cycle', () => {
      const app = new App();
      const [shared, ours] = ['Shared', 'Ours'].map((id) => new Stack(app, id));
      new EncryptedBucket(ours, 'Store', { accessLogsBucket: logBucket(shared) });
      expect(() => app.synth()).not.toThrow();
      expect(ours.dependencies).toEqual([shared]);
    });

    test('warns when the log bucket is imported, and says what its policy must contain', () => {
      new EncryptedBucket(stack, 'Store', { accessLogsBucket: s3.Bucket.fromBucketName(stack, 'Theirs', 'their-logs') });
      expect(warnings('its owner must add .*logging.s3.amazonaws.com.*STO-04-imported')).toHaveLength(1);
    });

    test('fails when the log bucket has a KMS key, because S3 would deliver nothing', () => {
      const accessLogsBucket = new EncryptedBucket(stack, 'Wrong').bucket;
      expect(() => new EncryptedBucket(stack, 'Store', { accessLogsBucket }))
        .toThrow(/'accessLogsBucket' must be encrypted with S3-managed keys.*, got 'Stack\/Wrong\/Bucket'; pass a LogBucket \[Stack\/Store\]/);
    });

    test.each([
      ['account', { account: '444455556666', region: 'eu-central-1' }],
      ['region', { account: '111122223333', region: 'us-east-1' }],
    ])('fails when the log bucket is in another %s', (what, env) => {
      const accessLogsBucket = logBucket(new Stack(stack.node.root as App, 'Elsewhere', { env }));
      expect(() => new EncryptedBucket(stack, 'Store', { accessLogsBucket }))
        .toThrow(new RegExp(`'accessLogsBucket' must be in the same ${what}.*\\[Stack/Store\\]`));
    });

    test('fails with a prefix and no bucket', () => {
      expect(() => new EncryptedBucket(stack, 'Store', { accessLogsPrefix: 'store/' })).toThrow(/'accessLogsPrefix' needs 'accessLogsBucket'.* \[Stack\/Store\]/);
    });
  });

  describe('STO-08 survives its stack', () => {
    test('bucket, policy and key are kept', () => {
      new EncryptedBucket(stack, 'Store');
      for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key']) {
        template().hasResource(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      }
      template().resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    });

    test('the bucket is emptied and everything goes when told so', () => {
      new EncryptedBucket(stack, 'Store', { removalPolicy: RemovalPolicy.DESTROY });
      for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key']) {
        template().hasResource(type, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
      }
      template().resourceCountIs('Custom::S3AutoDeleteObjects', 1);
    });

    test('a first deployment that fails leaves nothing behind when told so', () => {
      new EncryptedBucket(stack, 'Store', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
      template().hasResource('AWS::S3::Bucket', { DeletionPolicy: 'RetainExceptOnCreate' });
      template().resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    });
  });

  describe('STO-09 versions (P-07)', () => {
    const rules = (...expected: object[]) =>
      bucket({ LifecycleConfiguration: { Rules: Match.arrayWith(expected.map((rule) => Match.objectLike(rule))) } });

    test('keeps versions, superseded ones for 90 days', () => {
      new EncryptedBucket(stack, 'Store');
      bucket({ VersioningConfiguration: { Status: 'Enabled' } });
      rules(
        { Id: 'SupersededVersions', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 90 }, ExpiredObjectDeleteMarker: true },
        { Id: 'UnfinishedUploads', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      );
    });

    test.each([1, 36500])('keeps superseded versions for %d days when told so', (days) => {
      new EncryptedBucket(stack, 'Store', { supersededVersionsKeptFor: Duration.days(days) });
      rules({ Id: 'SupersededVersions', NoncurrentVersionExpiration: { NoncurrentDays: days } });
    });

    test('adds the rules it is given to its own', () => {
      const transitions = [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: Duration.days(30) }];
      new EncryptedBucket(stack, 'Store', { lifecycleRules: [{ id: 'Cold', transitions }] });
      rules({ Id: 'SupersededVersions' }, { Id: 'UnfinishedUploads' }, { Id: 'Cold' });
    });

    test.each([
      Duration.hours(12), Duration.hours(36), Duration.days(0), Duration.days(36501),
    ])('fails to keep superseded versions for %s', (supersededVersionsKeptFor) => {
      expect(() => new EncryptedBucket(stack, 'Store', { supersededVersionsKeptFor }))
        .toThrow(/'supersededVersionsKeptFor' must be whole days from 1 to 36500, got .* \[Stack\/Store\]/);
    });

    test('takes a number of days that is known at deployment only', () => {
      const days = new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber;
      new EncryptedBucket(stack, 'Store', { supersededVersionsKeptFor: Duration.days(days) });
      rules({ Id: 'SupersededVersions', NoncurrentVersionExpiration: { NoncurrentDays: { Ref: 'Days' } } });
    });
  });

  describe('STO-11 object lock', () => {
    const lockedFor = (days: number) => s3.ObjectLockRetention.compliance(Duration.days(days));

    test('versions are not locked', () => {
      new EncryptedBucket(stack, 'Store');
      bucket({ ObjectLockEnabled: Match.absent(), ObjectLockConfiguration: Match.absent() });
    });

    test('versions are locked when told so, and kept as long', () => {
      new EncryptedBucket(stack, 'Store', { objectLock: lockedFor(365) });
      bucket({
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
        LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 365 } })]) },
      });
    });

    test('fails when superseded versions would expire under the lock', () => {
      expect(() => new EncryptedBucket(stack, 'Store', { objectLock: lockedFor(365), supersededVersionsKeptFor: Duration.days(364) }))
        .toThrow(/'supersededVersionsKeptFor' must be at least the 365 days of 'objectLock', got 364 days \[Stack\/Store\]/);
    });

    test('fails when the bucket is to be emptied', () => {
      expect(() => new EncryptedBucket(stack, 'Store', { objectLock: lockedFor(1), removalPolicy: RemovalPolicy.DESTROY }))
        .toThrow(/'objectLock' excludes RemovalPolicy.DESTROY.* \[Stack\/Store\]/);
    });
  });

  describe('names', () => {
    test('CloudFormation names the bucket', () => {
      new EncryptedBucket(stack, 'Store');
      bucket({ BucketName: Match.absent(), BucketNamePrefix: Match.absent() });
    });

    test('has the name it is given (P-01)', () => {
      const suffix = new CfnParameter(stack, 'Suffix').valueAsString;
      new EncryptedBucket(stack, 'Store', { bucketName: `prod-${suffix}-secure-bucket` });
      bucket({ BucketName: { 'Fn::Join': ['', ['prod-', { Ref: 'Suffix' }, '-secure-bucket']] } });
    });

    test('has a name of the account when it is given a prefix (X-02)', () => {
      new EncryptedBucket(stack, 'Store', { bucketNamePrefix: 'tap-store' });
      bucket({ BucketNamePrefix: 'tap-store', BucketNamespace: 'account-regional', BucketName: Match.absent() });
    });

    test.each(['ab', 'x'.repeat(64), 'Upper', 'under_score', 'with.dot', '-a-', 'xn--name', 'name-s3alias', '192.168.5.4'])("fails when it is called '%s'", (bucketName) => {
      expect(() => new EncryptedBucket(stack, 'Store', { bucketName })).toThrow(/'bucketName' must be 3 to 63 lower-case letters.*, got '.*' \[Stack\/Store\]/);
    });

    test('takes a prefix as long as the region leaves room for', () => {
      new EncryptedBucket(stack, 'Store', { bucketNamePrefix: 'x'.repeat(34) });
      bucket({ BucketNamePrefix: 'x'.repeat(34) });
    });

    test.each(['', 'Upper', 'with.dot', 'tap-', '-tap', 'x'.repeat(35), 'sthree-x'])("fails with the prefix '%s' in eu-central-1", (bucketNamePrefix) => {
      expect(() => new EncryptedBucket(stack, 'Store', { bucketNamePrefix })).toThrow(/'bucketNamePrefix' must be 1 to 34 lower-case letters.*, got '.*' \[Stack\/Store\]/);
    });

    test('fails with a prefix that fits no region', () => {
      expect(() => new EncryptedBucket(new Stack(), 'Store', { bucketNamePrefix: 'x'.repeat(38) })).toThrow(/'bucketNamePrefix' must be 1 to 37/);
    });

    test('fails with a name and a prefix', () => {
      expect(() => new EncryptedBucket(stack, 'Store', { bucketName: 'tap-store', bucketNamePrefix: 'tap' }))
        .toThrow(/'bucketName' and 'bucketNamePrefix' exclude each other, got 'tap-store' and 'tap'; pass one of them \[Stack\/Store\]/);
    });
  });
});
