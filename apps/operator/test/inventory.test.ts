import { belongsToTheAccount, keptByAws, takeInventory } from '../src/inventory/inventory';
import { awsError, stubClients } from './_helpers/clients';

/** An account with two of what comes in pages, and one of everything that is gone but still listed. */
const ACCOUNT = {
  DescribeAutoScalingGroups: { AutoScalingGroups: [{ AutoScalingGroupName: 'fleet' }] },
  DescribeLoadBalancers: { LoadBalancers: [{ LoadBalancerArn: 'balancer' }] },
  DescribeTargetGroups: { TargetGroups: [{ TargetGroupArn: 'targets' }] },
  GetRestApis: { items: [{ id: 'api' }] },
  ListEventSourceMappings: { EventSourceMappings: [{ UUID: 'source' }] },
  ListLayers: { Layers: [{ LayerName: 'layer' }] },
  DescribeSnapshots: ({ OwnerIds }: { OwnerIds: string[] }) => ({ Snapshots: [{ SnapshotId: `snap-of-${OwnerIds}` }] }),
  DescribeInstanceConnectEndpoints: { InstanceConnectEndpoints: [{ InstanceConnectEndpointId: 'eice-1', State: 'create-complete' }, { InstanceConnectEndpointId: 'eice-gone', State: 'delete-complete' }] },
  DescribeNetworkInterfaces: { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] },
  DescribeDBInstanceAutomatedBackups: { DBInstanceAutomatedBackups: [{ DBInstanceAutomatedBackupsArn: 'backup' }] },
  DescribeEventSubscriptions: { EventSubscriptionsList: [{ CustSubscriptionId: 'events' }] },
  DescribeOptionGroups: { OptionGroupsList: [{ OptionGroupName: 'options' }, { OptionGroupName: 'default:mysql-8-4' }] },
  DescribeParameters: { Parameters: [{ Name: '/settings' }] },
  ListVirtualMFADevices: ({ AssignmentStatus }: { AssignmentStatus: string }) => ({ VirtualMFADevices: [{ SerialNumber: `mfa-${AssignmentStatus}` }] }),
  DescribeResourcePolicies: { resourcePolicies: [{ policyName: 'events-may-log' }] },
  ListAnalyzers: { analyzers: [{ name: 'account' }] },
  ListDetectors: { DetectorIds: ['detector'] },
  BatchGetAccountStatus: { accounts: [{ accountId: '1', state: { status: 'ENABLED' } }, { accountId: '2', state: { status: 'DISABLED' } }] },
  GetAccountPasswordPolicy: awsError('NoSuchEntityException'),
  GetAccount: { cloudwatchRoleArn: 'arn:aws:iam::111122223333:role/api-logs' },
  DescribeHub: awsError('InvalidAccessException'),
  ListStacks: ({ NextToken }: { NextToken?: string }) => NextToken
    ? { StackSummaries: [{ StackName: 'Two', StackStatus: 'ROLLBACK_COMPLETE' }] }
    : { StackSummaries: [{ StackName: 'One', StackStatus: 'CREATE_COMPLETE' }, { StackName: 'Gone', StackStatus: 'DELETE_COMPLETE' }], NextToken: 'more' },
  DescribeAlarms: { MetricAlarms: [{ AlarmName: 'cpu' }], CompositeAlarms: [{ AlarmName: 'any' }] },
  ListDashboards: {},
  DescribeLogGroups: { logGroups: [{ logGroupName: '/a/b' }, { logGroupName: 'RDSOSMetrics' }] },
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
  ListRoles: { Roles: [{ RoleName: 'role', Path: '/', Arn: 'arn:aws:iam::111122223333:role/role' }, { RoleName: 'api-logs', Path: '/', Arn: 'arn:aws:iam::111122223333:role/api-logs' }, { RoleName: 'AWSServiceRoleForConfig', Path: '/aws-service-role/config.amazonaws.com/' }] },
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
  DescribeMetricFilters: { metricFilters: [{ filterName: 'root-usage', logGroupName: '/a/b' }] },
  DescribeDBInstances: { DBInstances: [{ DBInstanceIdentifier: 'orders' }] },
  DescribeDBSubnetGroups: { DBSubnetGroups: [{ DBSubnetGroupName: 'subnets' }, { DBSubnetGroupName: 'default' }] },
  DescribeDBParameterGroups: { DBParameterGroups: [{ DBParameterGroupName: 'logs-on' }, { DBParameterGroupName: 'default.mysql8.4' }] },
  DescribeDBSnapshots: { DBSnapshots: [{ DBSnapshotIdentifier: 'last' }] },
  ListSecrets: { SecretList: [{ Name: 'password' }] },
  DescribeTrails: { trailList: [{ Name: 'trail' }] },
  ListRules: ({ NextToken }: { NextToken?: string }) => NextToken
    ? { Rules: [{ Name: 'changes' }] }
    : { Rules: [{ Name: 'of-aws', ManagedBy: 'guardduty.amazonaws.com' }], NextToken: 'more' },
  DescribeConfigRules: { ConfigRules: [{ ConfigRuleName: 'encrypted' }, { ConfigRuleName: 'encrypted-conformance-pack-1', CreatedBy: 'config-conforms.amazonaws.com' }] },
  DescribeConformancePacks: { ConformancePackDetails: [{ ConformancePackName: 'checks' }] },
  DescribeConfigurationRecorders: { ConfigurationRecorders: [{ name: 'default' }] },
  DescribeDeliveryChannels: { DeliveryChannels: [{ name: 'default' }] },
};

test('lists every page of every kind, in order, without what is gone and what belongs to AWS', async () => {
  expect((await takeInventory(stubClients(ACCOUNT).clients)).filter((item) => !belongsToTheAccount(item))).toEqual([
    'Auto Scaling group fleet', 'Config rule encrypted', 'MFA device mfa-Any', 'NAT gateway nat-1', 'REST API api', 'VPC endpoint vpce-1', 'VPC vpc-1', 'alarm any', 'alarm cpu',
    'bucket bucket', 'conformance pack checks', 'database backup backup', 'database event subscription events', 'database option group options', 'database orders',
    'database parameter group logs-on', 'database snapshot last', 'database subnet group subnets', 'elastic address eipalloc-1', 'event rule changes',
    'event source of a function source', 'flow log fl-1', 'function function', 'function layer layer', 'instance connect endpoint eice-1', 'instance i-1', 'instance profile profile',
    'internet gateway igw-1', 'key alias alias/mine', 'key key-1', 'launch template lt-1', 'load balancer balancer', 'log group /a/b', 'log resource policy events-may-log',
    'metric filter root-usage of /a/b', 'network ACL acl-1', 'network interface eni-1', 'parameter /settings', 'policy policy', 'role role', 'route table rtb-1', 'secret password',
    'security group sg-1', 'snapshot snap-of-self', 'stack One', 'stack Two', 'subnet subnet-1', 'target group targets', 'topic topic', 'trail trail', 'user group people', 'volume vol-1',
  ]);
});

test('tells what belongs to the account from what a stack brings (X-02)', async () => {
  expect((await takeInventory(stubClients(ACCOUNT).clients)).filter(belongsToTheAccount)).toEqual([
    'account: GuardDuty detector detector', 'account: Inspector 1', 'account: access analyzer account', 'account: configuration recorder default',
    'account: delivery channel default', 'account: log group RDSOSMetrics',
    'account: role that API Gateway logs with arn:aws:iam::111122223333:role/api-logs', 'account: service-linked role AWSServiceRoleForConfig',
  ]);
});

test('fails if nobody can say whether something of the account is on', async () => {
  await expect(takeInventory(stubClients({ ...ACCOUNT, DescribeHub: awsError('AccessDeniedException') }).clients)).rejects.toThrow('AccessDeniedException');
});

test('fails if one kind cannot be listed: nobody could say that nothing of it is left', async () => {
  await expect(takeInventory(stubClients({ ...ACCOUNT, ListRoles: new Error('denied') }).clients)).rejects.toThrow('denied');
});

test('keys that AWS keeps for a while are told from leftovers', async () => {
  expect(await keptByAws(stubClients(ACCOUNT).clients)).toEqual({ keysPendingDeletion: ['key-gone'] });
});
