import { ArnFormat, Stack } from 'aws-cdk-lib';
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

/**
 * Lets S3 deliver the access logs of the account's buckets to `target`.
 *
 * It names no single source bucket, so that one log bucket serves many and a source in another stack makes no cycle.
 */
export function accessLogDelivery(target: s3.IBucket): iam.PolicyStatement {
  const stack = Stack.of(target);
  return new iam.PolicyStatement({
    sid: 'AllowAccessLogDelivery',
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [target.arnForObjects('*')],
    conditions: {
      ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 's3', region: '', account: '', resource: '*' }) },
      StringEquals: { 'aws:SourceAccount': stack.account },
    },
  });
}

/**
 * Lets CloudTrail deliver the log files of the account's trails to `target`, without a prefix.
 *
 * It names no single trail, which does not exist yet: CloudTrail makes a trail only when its bucket lets it write.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function trailDelivery(target: s3.IBucket): iam.PolicyStatement[] {
  const stack = Stack.of(target);
  const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
  const anyTrail = stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  const fromTrail = { ArnLike: { 'aws:SourceArn': anyTrail } };
  return [
    new iam.PolicyStatement({
      sid: 'AllowTrailAclCheck', principals, actions: ['s3:GetBucketAcl'], resources: [target.bucketArn], conditions: fromTrail,
    }),
    new iam.PolicyStatement({
      sid: 'AllowTrailDelivery',
      principals,
      actions: ['s3:PutObject'],
      resources: [target.arnForObjects(`AWSLogs/${stack.account}/*`)],
      conditions: { ...fromTrail, StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  ];
}
