import { paginateListStacks } from '@aws-sdk/client-cloudformation';
import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeAddressesCommand, DescribeFlowLogsCommand, DescribeInstancesCommand, DescribeInternetGatewaysCommand, DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVolumesCommand, DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { paginateListInstanceProfiles, paginateListPolicies, paginateListRoles, paginateListUsers } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, paginateListAliases, paginateListKeys } from '@aws-sdk/client-kms';
import { paginateListFunctions } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { paginateListSubscriptions, paginateListTopics } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { Clients } from '../clients';

/** The names of what an account holds, each with its kind in front, sorted. */
export type Inventory = readonly string[];

/** What AWS itself keeps for a while after a deletion: not a leftover, but worth a word. */
export interface Kept {
  readonly keysPendingDeletion: readonly string[];
}

type Listing = (clients: Clients) => Promise<(string | undefined)[]>;

/** One row per kind of resource: how to list them. */
const LISTINGS: Record<string, Listing> = {
  'stack': ({ cloudFormation }) => all(paginateListStacks({ client: cloudFormation }, {}), (page) =>
    page.StackSummaries?.filter((stack) => stack.StackStatus !== 'DELETE_COMPLETE').map((stack) => stack.StackName)),
  'alarm': ({ cloudWatch }) => all(paginateDescribeAlarms({ client: cloudWatch }, {}), (page) => page.MetricAlarms?.map((alarm) => alarm.AlarmName)),
  'log group': ({ logs }) => all(paginateDescribeLogGroups({ client: logs }, {}), (page) => page.logGroups?.map((group) => group.logGroupName)),
  'elastic address': async ({ ec2 }) => (await ec2.send(new DescribeAddressesCommand({}))).Addresses!.map((address) => address.AllocationId),
  'flow log': async ({ ec2 }) => (await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs!.map((log) => log.FlowLogId),
  'instance': async ({ ec2 }) => (await ec2.send(new DescribeInstancesCommand({}))).Reservations!.flatMap((reservation) => reservation.Instances!)
    .filter((instance) => instance.State?.Name !== 'terminated').map((instance) => instance.InstanceId),
  'internet gateway': async ({ ec2 }) => (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways!.map((gateway) => gateway.InternetGatewayId),
  'NAT gateway': async ({ ec2 }) => (await ec2.send(new DescribeNatGatewaysCommand({}))).NatGateways!
    .filter((gateway) => gateway.State !== 'deleted').map((gateway) => gateway.NatGatewayId),
  'route table': async ({ ec2 }) => (await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables!.map((table) => table.RouteTableId),
  'security group': async ({ ec2 }) => (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups!.map((group) => group.GroupId),
  'subnet': async ({ ec2 }) => (await ec2.send(new DescribeSubnetsCommand({}))).Subnets!.map((subnet) => subnet.SubnetId),
  'volume': async ({ ec2 }) => (await ec2.send(new DescribeVolumesCommand({}))).Volumes!.map((volume) => volume.VolumeId),
  'VPC endpoint': async ({ ec2 }) => (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints!
    .filter((endpoint) => endpoint.State?.toLowerCase() !== 'deleted').map((endpoint) => endpoint.VpcEndpointId),
  'VPC': async ({ ec2 }) => (await ec2.send(new DescribeVpcsCommand({}))).Vpcs!.map((vpc) => vpc.VpcId),
  'instance profile': ({ iam }) => all(paginateListInstanceProfiles({ client: iam }, {}), (page) => page.InstanceProfiles?.map((profile) => profile.InstanceProfileName)),
  'policy': ({ iam }) => all(paginateListPolicies({ client: iam }, { Scope: 'Local' }), (page) => page.Policies?.map((policy) => policy.PolicyName)),
  'role': ({ iam }) => all(paginateListRoles({ client: iam }, {}), (page) => page.Roles?.map((role) => role.RoleName)),
  'user': ({ iam }) => all(paginateListUsers({ client: iam }, {}), (page) => page.Users?.map((user) => user.UserName)),
  'key alias': ({ kms }) => all(paginateListAliases({ client: kms }, {}), (page) =>
    page.Aliases?.map((alias) => alias.AliasName).filter((name) => !name?.startsWith('alias/aws/'))),
  'key': async (clients) => (await customerKeys(clients)).filter((key) => !key.pendingDeletion).map((key) => key.id),
  'function': ({ lambda }) => all(paginateListFunctions({ client: lambda }, {}), (page) => page.Functions?.map((one) => one.FunctionName)),
  'bucket': async ({ s3 }) => (await s3.send(new ListBucketsCommand({}))).Buckets!.map((bucket) => bucket.Name),
  'subscription': ({ sns }) => all(paginateListSubscriptions({ client: sns }, {}), (page) => page.Subscriptions?.map((one) => one.SubscriptionArn)),
  'topic': ({ sns }) => all(paginateListTopics({ client: sns }, {}), (page) => page.Topics?.map((topic) => topic.TopicArn)),
  'queue': async ({ sqs }) => (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [],
};

/** Lists what an account and region hold. */
export async function takeInventory(clients: Clients): Promise<Inventory> {
  const found = await Promise.all(Object.entries(LISTINGS).map(async ([kind, list]) =>
    (await list(clients)).filter((name) => name !== undefined).map((name) => `${kind} ${name}`)));
  return found.flat().sort();
}

/** What a deletion leaves with AWS for a while. */
export async function keptByAws(clients: Clients): Promise<Kept> {
  return { keysPendingDeletion: (await customerKeys(clients)).filter((key) => key.pendingDeletion).map((key) => key.id) };
}

async function customerKeys({ kms }: Clients): Promise<{ id: string; pendingDeletion: boolean }[]> {
  const ids = await all(paginateListKeys({ client: kms }, {}), (page) => page.Keys?.map((key) => key.KeyId));
  const keys = await Promise.all(ids.map(async (KeyId) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!));
  return keys.filter((key) => key.KeyManager !== 'AWS').map((key) => ({ id: key.KeyId!, pendingDeletion: key.KeyState === 'PendingDeletion' }));
}

async function all<P>(pages: AsyncIterable<P>, items: (page: P) => (string | undefined)[] | undefined): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const page of pages) found.push(...items(page) ?? []);
  return found;
}
