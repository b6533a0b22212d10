import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IMixin } from 'constructs';
import { DenyWrongKey, LogAccess, LogBucket, LogPurpose, RequireTls, RotateKey } from '../src';
import { bucketStatements, statement } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const THEIRS = new iam.PolicyStatement({
  sid: 'Theirs', actions: ['s3:GetObject'], principals: [new iam.AccountPrincipal('444455556666')], resources: ['arn:aws:s3:::theirs/*'],
});

/** A bucket as a team makes it, with and without statements of its own, and where those come from. */
const BUCKETS: [string, (stack: Stack, mixin: IMixin) => void][] = [
  ['an L2 without a policy', (stack, mixin) => { new s3.Bucket(stack, 'Bucket').with(mixin); }],
  ['an L2 whose policy has a statement already', (stack, mixin) => {
    const bucket = new s3.Bucket(stack, 'Bucket');
    bucket.addToResourcePolicy(THEIRS);
    bucket.with(mixin);
  }],
  ['an L2 that gets a statement afterwards', (stack, mixin) => { (new s3.Bucket(stack, 'Bucket').with(mixin) as s3.Bucket).addToResourcePolicy(THEIRS); }],
  ['an L2 with a policy made beside it', (stack, mixin) => {
    const bucket = new s3.Bucket(stack, 'Bucket');
    new s3.BucketPolicy(stack, 'Policy', { bucket }).document.addStatements(THEIRS);
    bucket.with(mixin);
  }],
  ['an L1', (stack, mixin) => { new s3.CfnBucket(stack, 'Bucket').with(mixin); }],
  ['an L1 with a policy', (stack, mixin) => {
    const bucket = new s3.CfnBucket(stack, 'Bucket');
    new s3.CfnBucketPolicy(stack, 'Policy', { bucket: bucket.ref, policyDocument: { Version: '2012-10-17', Statement: [THEIRS.toStatementJson()] } });
    bucket.with(mixin);
  }],
  ['an L1, twice', (stack, mixin) => { new s3.CfnBucket(stack, 'Bucket').with(mixin, mixin); }],
  ['an L2, twice', (stack, mixin) => { new s3.Bucket(stack, 'Bucket').with(mixin, mixin); }],
];

describe.each(FLAGS)('mixins %s', (_, flags) => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(flags); });
  const sids = () => bucketStatements(stack).map(({ Sid }) => Sid).filter((sid) => sid !== 'Theirs');
  const warnings = (message: string) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(message));

  describe('STO-02 RequireTls', () => {
    test.each(BUCKETS)('%s: one policy refuses what is not TLS 1.2, and keeps its other statements', (name, make) => {
      make(stack, new RequireTls());
      expect(sids()).toEqual(['DenyInsecureConnections', 'DenyOutdatedTls']);
      expect(bucketStatements(stack).filter(({ Sid }) => Sid === 'Theirs')).toHaveLength(/statement|policy made|with a policy/.test(name) ? 1 : 0);
    });

    test('names the bucket and its objects', () => {
      const bucket = new s3.CfnBucket(stack, 'Bucket');
      bucket.with(new RequireTls());
      expect(statement(bucketStatements(stack), 'DenyInsecureConnections').Resource).toEqual(stack.resolve([bucket.attrArn, `${bucket.attrArn}/*`]));
    });

    test('leaves everything but buckets alone', () => {
      const mixin = new RequireTls();
      const key = new kms.CfnKey(stack, 'Key');
      mixin.applyTo(key);
      expect([mixin.supports(key), mixin.supports(new s3.CfnBucket(stack, 'Bucket'))]).toEqual([false, true]);
      Template.fromStack(stack).resourceCountIs('AWS::S3::BucketPolicy', 0);
    });

    test('reaches every bucket of a tree', () => {
      new s3.Bucket(stack, 'One');
      new s3.CfnBucket(stack, 'Two');
      stack.with(new RequireTls());
      Template.fromStack(stack).resourceCountIs('AWS::S3::BucketPolicy', 2);
    });
  });

  describe('STO-01 DenyWrongKey', () => {
    test.each(BUCKETS)('%s: one policy refuses other keys, and lets writes pass that ask for none', (_name, make) => {
      const key = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/abc');
      make(stack, new DenyWrongKey(key));
      expect(sids()).toEqual(['DenyOtherEncryption']);
      expect(statement(bucketStatements(stack), 'DenyOtherEncryption').Condition).toEqual({
        Null: { 's3:x-amz-server-side-encryption': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:111122223333:key/abc' },
      });
    });

    test('lets AWS services through that write in their own name, when told so', () => {
      new s3.CfnBucket(stack, 'Bucket').with(new DenyWrongKey(new kms.Key(stack, 'Key'), { exceptServices: true }));
      expect(statement(bucketStatements(stack), 'DenyOtherEncryption').Condition).toMatchObject({
        Null: { 's3:x-amz-server-side-encryption': 'false' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      });
    });

    test('stands beside RequireTls in one policy', () => {
      new s3.CfnBucket(stack, 'Bucket').with(new RequireTls(), new DenyWrongKey(new kms.Key(stack, 'Key')));
      expect(sids()).toEqual(['DenyInsecureConnections', 'DenyOutdatedTls', 'DenyOtherEncryption']);
    });
  });

  describe('STO-04 LogAccess', () => {
    const logged = (properties: object) => Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', { LoggingConfiguration: properties });
    const logs = () => new LogBucket(stack, 'Logs', { purpose: LogPurpose.ACCESS_LOGS }).bucket;

    test.each<[string, (mixin: IMixin) => unknown]>([
      ['an L2', (mixin) => new s3.Bucket(stack, 'Bucket').with(mixin)], ['an L1', (mixin) => new s3.CfnBucket(stack, 'Bucket').with(mixin)],
    ])('%s logs under its own path, and the target lets S3 deliver', (_name, make) => {
      const target = logs();
      make(new LogAccess(target));
      logged({ DestinationBucketName: stack.resolve(target.bucketName), LogFilePrefix: 'Stack/Bucket/' });
    });

    test('logs under the prefix it is given', () => {
      new s3.CfnBucket(stack, 'Bucket').with(new LogAccess(logs(), { prefix: 'mine/' }));
      logged(Match.objectLike({ LogFilePrefix: 'mine/' }));
    });

    test('fails with a target to which S3 delivers nothing', () => {
      const target = new s3.Bucket(stack, 'Target', { encryption: s3.BucketEncryption.KMS });
      expect(() => new s3.Bucket(stack, 'Bucket').with(new LogAccess(target)))
        .toThrow(/'accessLogsBucket' must be encrypted with S3-managed keys.*got 'Stack\/Target'; pass a LogBucket \[Stack\/Bucket\]/);
    });
  });

  describe('STO-05 RotateKey', () => {
    const key = (properties: object) => Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', properties);

    test.each<[string, () => { with(...mixins: IMixin[]): unknown }]>([
      ['an L2', () => new kms.Key(stack, 'Key')], ['an L1', () => new kms.CfnKey(stack, 'Key')],
      ['an L2 that was told not to', () => new kms.Key(stack, 'Key', { enableKeyRotation: false })],
    ])('%s rotates once a year', (_name, make) => {
      make().with(new RotateKey());
      key({ EnableKeyRotation: true, RotationPeriodInDays: 365 });
      expect(warnings('STO-05')).toHaveLength(0);
    });

    test('rotates as often as told, with a warning above a year', () => {
      new kms.CfnKey(stack, 'Key').with(new RotateKey({ rotationPeriod: Duration.days(400) }));
      key({ RotationPeriodInDays: 400 });
      expect(warnings('400 days; CIS asks for once a year.*encrypted-storage:STO-05')).toHaveLength(1);
    });

    test('takes a period that is known at deployment only', () => {
      const rotationPeriod = Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber);
      new kms.CfnKey(stack, 'Key').with(new RotateKey({ rotationPeriod }));
      key({ RotationPeriodInDays: { Ref: 'Days' } });
    });

    test.each([Duration.days(89), Duration.days(2561), Duration.hours(2401)])('fails with a period of %s', (rotationPeriod) => {
      expect(() => new RotateKey({ rotationPeriod })).toThrow(/'rotationPeriod' must be whole days from 90 to 2560, got [^[]*$/);
    });

    test.each([
      ['an asymmetric key', { keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY' }, "symmetric, got 'keySpec' RSA_2048"],
      ['a key for HMAC', { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' }, "symmetric, got 'keySpec' HMAC_256"],
      ['imported material', { origin: 'EXTERNAL' }, "of material that AWS made, got 'origin' EXTERNAL"],
    ])('fails with %s, which AWS does not rotate', (_name, props, got) => {
      expect(() => new kms.CfnKey(stack, 'Key', props).with(new RotateKey())).toThrow(`a key that rotates must be ${got}; replace it by hand, or make another key [Stack/Key]`);
    });
  });
});
