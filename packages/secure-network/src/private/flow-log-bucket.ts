import { EncryptionKey, LogPurpose, ServiceWriter } from '@tapstack/encrypted-storage';
import { Annotations, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
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
  const purpose = folder === '' ? LogPurpose.FLOW_LOGS : LogPurpose.FLOW_LOGS.under(folder.slice(0, -1));
  for (const statement of purpose.bucketPolicyStatements(bucket)) {
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
