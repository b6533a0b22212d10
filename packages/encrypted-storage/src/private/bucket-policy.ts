import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * Adds statements to the one policy of a bucket, whoever made it and whichever came first; AWS knows no second one.
 *
 * An L2 makes its policy itself when it first needs one, and does not look whether there is another. So it is asked to, unless
 * somebody has made one beside it.
 */
export function addToBucketPolicy(resource: s3.CfnBucket, statements: iam.PolicyStatement[]): void {
  const owner = ownerOf(resource);
  if (owner && (owner.policy || !policyBeside(resource))) {
    statements.forEach((statement) => owner.addToResourcePolicy(statement));
  } else {
    addBelowTheL2(resource, statements);
  }
}

/** The L2 that made the resource, if one did. */
function ownerOf(resource: s3.CfnBucket): s3.Bucket | undefined {
  const scope = resource.node.scope as Partial<s3.Bucket> | undefined;
  return scope?.node?.defaultChild === resource && scope.addToResourcePolicy ? scope as s3.Bucket : undefined;
}

function policyBeside(resource: s3.CfnBucket): s3.CfnBucketPolicy | undefined {
  const stack = Stack.of(resource);
  const name = JSON.stringify(stack.resolve(resource.ref));
  return stack.node.findAll().filter((construct) => s3.CfnBucketPolicy.isCfnBucketPolicy(construct))
    .find(({ bucket }) => JSON.stringify(stack.resolve(bucket)) === name);
}

function addBelowTheL2(resource: s3.CfnBucket, statements: iam.PolicyStatement[]): void {
  const before: unknown[] = Stack.of(resource).resolve(policyBeside(resource)?.policyDocument)?.Statement ?? [];
  const known = new Set(before.map((statement) => JSON.stringify(statement)));
  const policy = iam.ResourceWithPolicies.of(resource)!;
  for (const statement of statements) {
    // a plain document takes a statement that it already has a second time
    if (!known.has(JSON.stringify(Stack.of(resource).resolve(statement.toStatementJson())))) policy.addToResourcePolicy(statement);
  }
}
