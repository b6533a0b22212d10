import { Mixin } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { addToBucketPolicy } from '../private/bucket-policy';

/**
 * Properties of `DenyWrongKey`.
 */
export interface DenyWrongKeyProps {
  /**
   * Whether AWS services that write in their own name are let through, whatever they ask for: some deliver under SSE-S3, or under a
   * key that they were told. They may still write only what the policy lets them. What a service does with somebody's role is
   * that role's doing, and is refused.
   *
   * @default false
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
   */
  readonly exceptServices?: boolean;
}

/**
 * Makes a bucket refuse a write that asks for any encryption but SSE-KMS under one key: `bucket.with(new DenyWrongKey(key))`.
 *
 * A write that asks for nothing gets the bucket's own encryption, so that should be this key. A write that asks for `aws:kms` and
 * names no key would get the key of AWS: that is refused too. For buckets that others made; an `EncryptedBucket` has it, and a
 * `LogBucket` with a key has it for everybody but AWS services.
 *
 * Controls: STO-01 customer key.
 */
export class DenyWrongKey extends Mixin {
  /**
   * @param encryptionKey the key that writes may ask for
   */
  constructor(private readonly encryptionKey: kms.IKey, private readonly props: DenyWrongKeyProps = {}) {
    super();
  }

  /**
   * Whether this can be applied to a construct.
   *
   * @param construct is an `AWS::S3::Bucket`, or not
   */
  public supports(construct: IConstruct): boolean {
    return s3.CfnBucket.isCfnBucket(construct);
  }

  /**
   * Adds `DenyOtherEncryption` to the policy of the bucket.
   *
   * @param construct an `AWS::S3::Bucket`; anything else is left alone
   */
  public applyTo(construct: IConstruct): void {
    if (!s3.CfnBucket.isCfnBucket(construct)) return;

    addToBucketPolicy(construct, [new iam.PolicyStatement({
      sid: 'DenyOtherEncryption',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [`${construct.attrArn}/*`],
      conditions: {
        // without it an absent header would count as a wrong one
        Null: { 's3:x-amz-server-side-encryption': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': this.encryptionKey.keyArn },
        ...this.props.exceptServices ? { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } : {},
      },
    })]);
  }
}
