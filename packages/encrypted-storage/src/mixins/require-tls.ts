import { Mixin } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { addToBucketPolicy } from '../private/bucket-policy';

/**
 * Makes a bucket refuse plain HTTP, and TLS older than 1.2, to everybody: `bucket.with(new RequireTls())`.
 *
 * For buckets that others made; an `EncryptedBucket` and a `LogBucket` have it. Applying it twice changes nothing.
 *
 * Controls: STO-02 TLS only.
 */
export class RequireTls extends Mixin {
  /**
   * Whether this can be applied to a construct.
   *
   * @param construct is an `AWS::S3::Bucket`, or not
   */
  public supports(construct: IConstruct): boolean {
    return s3.CfnBucket.isCfnBucket(construct);
  }

  /**
   * Adds `DenyInsecureConnections` and `DenyOutdatedTls` to the policy of the bucket.
   *
   * @param construct an `AWS::S3::Bucket`; anything else is left alone
   */
  public applyTo(construct: IConstruct): void {
    if (!s3.CfnBucket.isCfnBucket(construct)) return;

    const everything = { effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [construct.attrArn, `${construct.attrArn}/*`] };
    addToBucketPolicy(construct, [
      new iam.PolicyStatement({ ...everything, sid: 'DenyInsecureConnections', conditions: { Bool: { 'aws:SecureTransport': 'false' } } }),
      new iam.PolicyStatement({ ...everything, sid: 'DenyOutdatedTls', conditions: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }),
    ]);
  }
}
