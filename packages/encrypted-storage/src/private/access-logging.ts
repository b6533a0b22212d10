import { Annotations, Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { accessLogDelivery } from './log-delivery';

/**
 * Has S3 log the access to `source` in `target`.
 *
 * Below the L2, which completes the target's policy or sets an ACL that ours forbid, depending on a feature flag.
 */
export function logAccess(scope: IConstruct, source: s3.CfnBucket, target: s3.IBucket, prefix?: string): void {
  refuseWhatS3DoesNotDeliver(scope, target);

  source.loggingConfiguration = { destinationBucketName: target.bucketName, logFilePrefix: prefix ?? `${scope.node.path}/` };

  const statement = accessLogDelivery(target);
  if (!target.addToResourcePolicy(statement).statementAdded) {
    Annotations.of(scope).addWarningV2('encrypted-storage:STO-04-imported',
      `the policy of this imported 'accessLogsBucket' cannot be changed here; its owner must add ${JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()))}`);
  }
}

function refuseWhatS3DoesNotDeliver(scope: IConstruct, target: s3.IBucket): void {
  if (target.encryptionKey) {
    throw new Error(`'accessLogsBucket' must be encrypted with S3-managed keys, because S3 delivers no access logs to a bucket with a KMS key, got '${target.node.path}'; pass a LogBucket [${scope.node.path}]`);
  }
  const here = Stack.of(scope);
  refuseElsewhere(scope, 'account', here.account, target.env.account);
  refuseElsewhere(scope, 'region', here.region, target.env.region);
}

function refuseElsewhere(scope: IConstruct, what: string, here: string, there: string): void {
  if (here === there || Token.isUnresolved(here) || Token.isUnresolved(there)) return;

  throw new Error(`'accessLogsBucket' must be in the same ${what} as the bucket (${here}), got ${there}; pass a LogBucket of that ${what} [${scope.node.path}]`);
}
