import { keptByAws, takeInventory } from '../src/inventory/inventory';
import { stubClients } from './_helpers/clients';

/** An account with two of what comes in pages, and one of everything that is gone but still listed. */
const ACCOUNT = {
  ListStacks: ({ NextToken }: { NextToken?: string }) => NextToken
    ? { StackSummaries: [{ StackName: 'Two', StackStatus: 'ROLLBACK_COMPLETE' }] }
    : { StackSummaries: [{ StackName: 'One', StackStatus: 'CREATE_COMPLETE' }, { StackName: 'Gone', StackStatus: 'DELETE_COMPLETE' }], NextToken: 'more' },
  DescribeAlarms: { MetricAlarms: [{ AlarmName: 'cpu' }], CompositeAlarms: [{ AlarmName: 'any' }] },
  ListDashboards: {},
  DescribeLogGroups: { logGroups: [{ logGroupName: '/a/b' }] },
  DescribeAddresses: { Addresses: [{ AllocationId: 'eipalloc-1' }] },
  DescribeFlowLogs: { FlowLogs: [{ FlowLogId: 'fl-1' }] },
  DescribeInstances: { Reservations: [{ Instances: [{ InstanceId: 'i-1', State: { Name: 'stopped' } }, { InstanceId: 'i-gone', State: { Name: 'terminated' } }] }] },
  DescribeInternetGateways: { InternetGateways: [{ InternetGatewayId: 'igw-1' }] },
  DescribeNatGateways: { NatGateways: [{ NatGatewayId: 'nat-1', State: 'available' }, { NatGatewayId: 'nat-gone', State: 'deleted' }] },
  DescribeNetworkAcls: { NetworkAcls: [{ NetworkAclId: 'acl-1' }] },
  DescribeLaunchTemplates: { LaunchTemplates: [{ LaunchTemplateId: 'lt-1' }] },
  DescribeRouteTables: { RouteTables: [{ RouteTableId: 'rtb-1' }] },
  DescribeSecurityGroups: { SecurityGroups: [{ GroupId: 'sg-1' }] },
  DescribeSubnets: { Subnets: [{ SubnetId: 'subnet-1' }] },
  DescribeVolumes: { Volumes: [{ VolumeId: 'vol-1' }] },
  DescribeVpcEndpoints: { VpcEndpoints: [{ VpcEndpointId: 'vpce-1', State: 'available' }, { VpcEndpointId: 'vpce-gone', State: 'Deleted' }] },
  DescribeVpcs: { Vpcs: [{ VpcId: 'vpc-1' }] },
  ListInstanceProfiles: { InstanceProfiles: [{ InstanceProfileName: 'profile' }] },
  ListPolicies: { Policies: [{ PolicyName: 'policy' }] },
  ListRoles: { Roles: [{ RoleName: 'role' }] },
  ListUsers: {},
  ListGroups: { Groups: [{ GroupName: 'people' }] },
  ListAliases: { Aliases: [{ AliasName: 'alias/mine' }, { AliasName: 'alias/aws/s3' }] },
  ListKeys: { Keys: [{ KeyId: 'key-1' }, { KeyId: 'key-gone' }, { KeyId: 'key-aws' }] },
  DescribeKey: ({ KeyId }: { KeyId: string }) => ({
    KeyMetadata: { KeyId, KeyManager: KeyId === 'key-aws' ? 'AWS' : 'CUSTOMER', KeyState: KeyId === 'key-gone' ? 'PendingDeletion' : 'Enabled' },
  }),
  ListFunctions: { Functions: [{ FunctionName: 'function' }] },
  ListBuckets: { Buckets: [{ Name: 'bucket' }] },
  ListSubscriptions: {},
  ListTopics: { Topics: [{ TopicArn: 'topic' }] },
  ListQueues: {},
  DescribeMetricFilters: { metricFilters: [{ filterName: 'root-usage' }] },
  DescribeDBInstances: { DBInstances: [{ DBInstanceIdentifier: 'orders' }] },
  DescribeDBSubnetGroups: { DBSubnetGroups: [{ DBSubnetGroupName: 'subnets' }, { DBSubnetGroupName: 'default' }] },
  DescribeDBParameterGroups: { DBParameterGroups: [{ DBParameterGroupName: 'logs-on' }, { DBParameterGroupName: 'default.mysql8.4' }] },
  DescribeDBSnapshots: { DBSnapshots: [{ DBSnapshotIdentifier: 'last' }] },
  ListSecrets: { SecretList: [{ Name: 'password' }] },
  DescribeTrails: { trailList: [{ Name: 'trail' }] },
  ListRules: ({ NextToken }: { NextToken?: string }) => NextToken
    ? { Rules: [{ Name: 'changes' }] }
    : { Rules: [{ Name: 'of-aws', ManagedBy: 'guardduty.amazonaws.com' }], NextToken: 'more' },
  DescribeConfigRules: { ConfigRules: [{ ConfigRuleName: 'encrypted' }] },
  DescribeConfigurationRecorders: { ConfigurationRecorders: [{ name: 'default' }] },
  DescribeDeliveryChannels: { DeliveryChannels: [{ name: 'default' }] },
};

test('lists every page of every kind, in order, without what is gone and what belongs to AWS', async () => {
  expect(await takeInventory(stubClients(ACCOUNT).clients)).toEqual([
    'Config rule encrypted', 'NAT gateway nat-1', 'VPC endpoint vpce-1', 'VPC vpc-1', 'alarm any', 'alarm cpu', 'bucket bucket', 'configuration recorder default',
    'database orders', 'database parameter group logs-on', 'database snapshot last', 'database subnet group subnets',
    'delivery channel default', 'elastic address eipalloc-1', 'event rule changes', 'flow log fl-1', 'function function', 'instance i-1', 'instance profile profile',
    'internet gateway igw-1', 'key alias alias/mine', 'key key-1', 'launch template lt-1', 'log group /a/b', 'metric filter root-usage', 'network ACL acl-1', 'policy policy',
    'role role', 'route table rtb-1', 'secret password', 'security group sg-1', 'stack One', 'stack Two', 'subnet subnet-1', 'topic topic', 'trail trail', 'user group people',
    'volume vol-1',
  ]);
});

test('fails if one kind cannot be listed: nobody could say that nothing of it is left', async () => {
  await expect(takeInventory(stubClients({ ...ACCOUNT, ListRoles: new Error('denied') }).clients)).rejects.toThrow('denied');
});

test('keys that AWS keeps for a while are told from leftovers', async () => {
  expect(await keptByAws(stubClients(ACCOUNT).clients)).toEqual({ keysPendingDeletion: ['key-gone'] });
});
