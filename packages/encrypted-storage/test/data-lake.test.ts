import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DataLake, DataLakeProps, EncryptionKey, LogBucket, LogPurpose } from '../src';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe.each(FLAGS)('DataLake %s', (_, flags) => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(flags); });
  const lake = (props?: DataLakeProps) => new DataLake(stack, 'Lake', props);
  const template = () => Template.fromStack(stack);
  const role = () => new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });

  /** What the role may do, and on what, whether or not statements were merged. */
  const permissions = () => {
    const [{ Properties }] = Object.values(template().findResources('AWS::IAM::Policy'));
    const statements: { Action: string | string[]; Resource: unknown }[] = Properties.PolicyDocument.Statement;
    return statements.flatMap(({ Action, Resource }) => [Action].flat().flatMap((action) => [Resource].flat().map((on) => `${action} ${JSON.stringify(on)}`)));
  };

  describe('STO-01 customer key (D-02, D-03)', () => {
    test('has three zones, each under a key of its own', () => {
      const { zones } = lake();
      expect(Object.keys(zones)).toEqual(['raw', 'curated', 'published']);
      template().resourceCountIs('AWS::KMS::Key', 3);
      for (const { bucket, encryptionKey } of Object.values(zones)) {
        expect(stack.resolve(bucket.encryptionKey!.keyArn)).toEqual(stack.resolve(encryptionKey.keyArn));
      }
      expect(new Set(Object.values(zones).map(({ encryptionKey }) => encryptionKey)).size).toBe(3);
    });

    test('has the zones it is given, with their keys and rules', () => {
      const { key } = new EncryptionKey(stack, 'Key');
      const { zones } = lake({ zones: [{ name: 'landing', encryptionKey: key, lifecycleRules: [{ expiration: Duration.days(7) }] }] });
      expect(zones.landing.encryptionKey).toBe(key);
      template().resourceCountIs('AWS::KMS::Key', 1);
      template().hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 7 })]) } });
    });
  });

  describe('STO-04 access logs (D-02)', () => {
    test('every zone logs to one bucket, under its own path', () => {
      const { accessLogsBucket } = lake();
      for (const zone of ['raw', 'curated', 'published']) {
        template().hasResourceProperties('AWS::S3::Bucket', {
          LoggingConfiguration: { DestinationBucketName: stack.resolve(accessLogsBucket.bucketName), LogFilePrefix: `Stack/Lake/Zone-${zone}/` },
        });
      }
      Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('STO-04'));
    });

    test('logs to the bucket it is given and makes no other', () => {
      const { bucket } = new LogBucket(stack, 'Logs', { purpose: LogPurpose.ACCESS_LOGS });
      expect(lake({ accessLogsBucket: bucket }).accessLogsBucket).toBe(bucket);
      template().resourceCountIs('AWS::S3::Bucket', 4);
    });
  });

  describe('who reads and writes (D-05)', () => {
    test('a reader reads every zone and decrypts with every key, and writes nothing', () => {
      lake().grantRead(role()).assertSuccess();
      expect(permissions().filter((one) => one.startsWith('kms:Decrypt'))).toHaveLength(3);
      expect(permissions().filter((one) => one.startsWith('s3:GetObject*') && one.includes('/*'))).toHaveLength(3);
      expect(permissions().filter((one) => /Put|Delete|kms:Encrypt/.test(one))).toEqual([]);
    });

    test('a reader of one zone cannot decrypt with the key of another', () => {
      const { zones } = new DataLake(stack, 'Other');
      const made = lake();
      made.grantRead(role(), ['published']);
      const allowed = permissions().join('\n');
      expect(allowed).toContain(`kms:Decrypt ${JSON.stringify(stack.resolve(made.zones.published.encryptionKey.keyArn))}`);
      for (const { encryptionKey } of [made.zones.raw, made.zones.curated, ...Object.values(zones)]) {
        expect(allowed).not.toContain(JSON.stringify(stack.resolve(encryptionKey.keyArn)));
      }
    });

    test('a writer writes zones and reads none', () => {
      lake().grantWrite(role(), ['raw', 'curated']);
      expect(permissions().filter((one) => one.startsWith('s3:PutObject ') && one.includes('/*'))).toHaveLength(2);
      expect(permissions().filter((one) => one.startsWith('s3:GetObject'))).toEqual([]);
    });

    test.each([[['bronze'], "'bronze'"], [[], 'none']])('fails to grant zones %j', (zones, got) => {
      const message = `'zones' must name zones of raw, curated, published, got ${got}; leave it out for all of them [Stack/Lake]`;
      expect(() => lake().grantRead(role(), zones)).toThrow(message);
    });
  });

  describe('STO-08 survives its stack', () => {
    test('all of it is kept', () => {
      lake();
      template().allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
      template().allResources('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
    });

    test('all of it is emptied and goes when told so', () => {
      lake({ removalPolicy: RemovalPolicy.DESTROY });
      template().allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
      template().allResources('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
      template().resourceCountIs('Custom::S3AutoDeleteObjects', 4);
    });
  });

  test('zones have names of the account when it is given a prefix (X-02)', () => {
    lake({ bucketNamePrefix: 'orders' });
    template().hasResourceProperties('AWS::S3::Bucket', { BucketNamePrefix: 'orders-curated', BucketNamespace: 'account-regional' });
  });

  test('a zone has the name that it is given for itself, whatever the prefix of the lake is (X-02)', () => {
    lake({ bucketNamePrefix: 'orders', zones: [{ name: 'raw' }, { name: 'curated', bucketNamePrefix: 'tap-orders-dev' }] });
    for (const BucketNamePrefix of ['orders-raw', 'tap-orders-dev']) {
      template().hasResourceProperties('AWS::S3::Bucket', { BucketNamePrefix, BucketNamespace: 'account-regional' });
    }
  });

  test.each([
    [[], "'zones' must hold at least one zone, got none; leave it out for the usual three [Stack/Lake]"],
    [['Raw'], "'zones' must have names of 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter, got 'Raw' [Stack/Lake]"],
    [['raw', ''], "beginning with a letter, got '' [Stack/Lake]"],
    [['1st'], "beginning with a letter, got '1st' [Stack/Lake]"],
    [['raw--data'], "got 'raw--data' [Stack/Lake]"],
    [['x'.repeat(21)], `got '${'x'.repeat(21)}' [Stack/Lake]`],
    [['raw', 'curated', 'raw'], "'zones' must have each name once, got 'raw' twice [Stack/Lake]"],
  ])('fails with the zones %j', (names, message) => {
    expect(() => lake({ zones: names.map((name) => ({ name })) })).toThrow(message);
  });

  test('fails with a prefix that is too long with one of its zones', () => {
    expect(() => lake({ bucketNamePrefix: 'a-very-long-prefix-for-orders' })).toThrow(/'bucketNamePrefix' must be 1 to 34 .*got 'a-very-long-prefix-for-orders-published' \[Stack\/Lake\/Zone-published\]|got 'a-very-long-prefix-for-orders-curated'/);
  });
});
