import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** Refuses plain HTTP, and TLS older than 1.2, to everybody. */
export function tlsOnly(bucket: s3.IBucket): iam.PolicyStatement[] {
  const everything = { effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')] };
  return [
    new iam.PolicyStatement({ ...everything, sid: 'DenyInsecureConnections', conditions: { Bool: { 'aws:SecureTransport': 'false' } } }),
    new iam.PolicyStatement({ ...everything, sid: 'DenyOutdatedTls', conditions: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }),
  ];
}

/**
 * Refuses a write that asks for any encryption but SSE-KMS under `key`.
 *
 * A write that asks for nothing gets the bucket's own encryption, hence `Null`: without it the absent header would count
 * as a wrong one. A write that asks for `aws:kms` and names no key would get the key of AWS: that is refused too.
 */
export function noOtherKey(bucket: s3.IBucket, key: kms.IKey): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyOtherEncryption',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects('*')],
    conditions: {
      Null: { 's3:x-amz-server-side-encryption': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key.keyArn },
    },
  });
}
