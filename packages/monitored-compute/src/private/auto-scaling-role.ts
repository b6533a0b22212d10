import { Annotations, ArnFormat, Aws, Fn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/**
 * The service-linked role that an Auto Scaling group launches with, and which may use the key of the volumes.
 *
 * The account's own role of that kind may not exist yet, and a key policy cannot name a role that does not exist; nor can a stack make
 * it, since it may exist already. So the group has a role of its own: its name ends in the id of the stack.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 */
export function autoScalingRole(scope: Construct, key: kms.IKey): string {
  // 8 digits of the stack's id and 8 of the path: the name of the role may have 64 characters, of which 29 are taken
  const stackDigits = Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
  const role = new iam.CfnServiceLinkedRole(scope, 'ScalingRole', {
    awsServiceName: 'autoscaling.amazonaws.com',
    customSuffix: `${stackDigits}${scope.node.addr.slice(-8)}`,
    description: `Launches the instances of a fleet (${scope.node.path})`,
  });
  const roleArn = Stack.of(scope).formatArn({
    service: 'iam', region: '', resource: 'role', resourceName: `aws-service-role/autoscaling.amazonaws.com/${role.ref}`, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  for (const statement of mayEncryptVolumes(roleArn)) {
    if (key.addToResourcePolicy(statement).statementAdded) continue;

    Annotations.of(scope).addWarningV2(`monitored-compute:CMP-03-${statement.sid}`,
      `the policy of this imported key cannot be changed here, and no instance starts until its owner adds ${JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()))}`);
  }
  return roleArn;
}

function mayEncryptVolumes(roleArn: string): iam.PolicyStatement[] {
  const principals = [new iam.ArnPrincipal(roleArn)];
  const resources = ['*']; // in a key policy: this key
  return [
    new iam.PolicyStatement({
      sid: 'AllowAutoScaling', principals, resources, actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    }),
    new iam.PolicyStatement({
      sid: 'AllowAutoScalingVolumes', principals, resources, actions: ['kms:CreateGrant'], conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}
