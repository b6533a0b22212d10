import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * What a workload does with the objects of its bucket, for a statement of a policy.
 *
 * Listed one by one: `grantReadWrite` also deletes versions and lifts retention, against which versioning is there.
 */
export function objectUse(bucket: s3.IBucket): { actions: string[]; resources: string[] } {
  return {
    actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'],
    resources: [bucket.bucketArn, bucket.arnForObjects('*')],
  };
}
