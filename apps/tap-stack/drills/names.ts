import { DescribeTagsCommand } from '@aws-sdk/client-ec2';
import { ListAttachedRolePoliciesCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { confirming, DeployedStack, Drill, unless } from '@tapstack/operator';

/** What stands outside the stack is called `prod-<suffix>-…` (P-01). */
export const namesArePrefixed: Drill = confirming(['P-01'], ({ stack, target }) => [{
  title: 'the network, the role of the instance, its bucket and the topic: are called prod-<suffix>-…',
  run: async () => {
    const { Tags } = await target.clients.ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [stack.output('VPCId')] }] }));
    const called = {
      [named(stack, 'vpc')]: Tags?.find(({ Key }) => Key === 'Name')?.Value,
      [named(stack, 'ec2-role')]: stack.output('EC2RoleArn').split('/').at(-1),
      [named(stack, `secure-bucket-${stack.account}-${stack.region}`)]: stack.output('S3BucketName'),
      [named(stack, 'alerts')]: stack.output('AlertsTopicArn').split(':').at(-1),
    };
    return unless(Object.entries(called).map(([expected, name]) => name !== expected && `${expected} is called ${name}`));
  },
}]);

/** The role of the instance has these two policies, and no third one (P-06). */
export const roleHasTwoPolicies: Drill = confirming(['P-06'], ({ stack, target }) => [{
  title: 'the role of the instance: has prod-<suffix>-cloudwatch-policy and prod-<suffix>-s3-access-policy, and nothing else',
  run: async () => {
    const { iam } = target.clients;
    const RoleName = named(stack, 'ec2-role');
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const policies = [...(AttachedPolicies ?? []).map(({ PolicyName }) => PolicyName), ...PolicyNames ?? []].sort();
    const expected = [named(stack, 'cloudwatch-policy'), named(stack, 's3-access-policy')];
    return unless([policies.join() !== expected.join() && `it has ${policies.join(', ')}`]);
  },
}]);

function named(stack: DeployedStack, resource: string): string {
  return `prod-${stack.output('EnvironmentSuffix')}-${resource}`;
}
