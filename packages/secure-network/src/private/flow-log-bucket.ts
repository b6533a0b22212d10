import { EncryptionKey, ServiceWriter } from '@tapstack/encrypted-storage';
import { Annotations, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/**
 * Lets the log delivery service write flow logs of this account and region into a bucket, under its key if it has one.
 *
 * Without these, AWS overwrites the policy of a bucket that has none, refuses the flow log, or, where only the key is closed, delivers
 * nothing and says nothing. The statements are those of a log bucket for flow logs, which then has them once.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-cmk-policy.html
 */
export function admitFlowLogs(scope: Construct, bucket: s3.IBucket, folder: string): void {
  for (const statement of deliveryStatements(Stack.of(scope), bucket, folder)) {
    if (bucket.addToResourcePolicy(statement).statementAdded) continue;

    Annotations.of(scope).addWarningV2(`secure-network:NET-06-${statement.sid}`,
      `the policy of this imported bucket cannot be changed here; its owner must add ${JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()))}`);
  }
  if (bucket.encryptionKey) EncryptionKey.allowService(bucket.encryptionKey, ServiceWriter.LOG_DELIVERY);
}

/** A bucket as a destination whose policy is ours: CDK's own adds statements or not, by a feature flag. */
export function bucketDestination(s3Bucket: s3.IBucket, folder: string): ec2.FlowLogDestination {
  return { bind: () => ({ logDestinationType: ec2.FlowLogDestinationType.S3, s3Bucket, keyPrefix: folder || undefined }) };
}

function deliveryStatements(stack: Stack, bucket: s3.IBucket, folder: string): iam.PolicyStatement[] {
  const principals = [new iam.ServicePrincipal('delivery.logs.amazonaws.com')];
  const fromHere = { 'aws:SourceAccount': stack.account };
  const source = { ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*' }) } };
  return [
    new iam.PolicyStatement({
      sid: 'AllowFlowLogBucketCheck',
      principals,
      actions: ['s3:GetBucketAcl', 's3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { ...source, StringEquals: fromHere },
    }),
    new iam.PolicyStatement({
      // one statement a folder: a policy has each id once
      sid: `AllowFlowLogDelivery${folder.replace(/[^A-Za-z0-9]/g, '')}`,
      principals,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`${folder}AWSLogs/${stack.account}/*`)],
      conditions: { ...source, StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', ...fromHere } },
    }),
  ];
}
