import {
  DescribeAddressesCommand, DescribeFlowLogsCommand, DescribeInternetGatewaysCommand, DescribeNatGatewaysCommand, DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcEndpointsCommand, DescribeVpcsCommand,
  paginateDescribeInstanceConnectEndpoints, paginateDescribeNetworkInterfaces,
} from '@aws-sdk/client-ec2';
import { all, Listings } from './listing';

/** Where traffic flows. */
export const NETWORK: Listings = {
  'elastic address': async ({ ec2 }) => (await ec2.send(new DescribeAddressesCommand({}))).Addresses!.map((address) => address.AllocationId),
  'flow log': async ({ ec2 }) => (await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs!.map((log) => log.FlowLogId),
  'instance connect endpoint': ({ ec2 }) => all(paginateDescribeInstanceConnectEndpoints({ client: ec2 }, {}), (page) =>
    page.InstanceConnectEndpoints?.filter((endpoint) => endpoint.State !== 'delete-complete').map((endpoint) => endpoint.InstanceConnectEndpointId)),
  'internet gateway': async ({ ec2 }) => (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways!.map((gateway) => gateway.InternetGatewayId),
  'NAT gateway': async ({ ec2 }) => (await ec2.send(new DescribeNatGatewaysCommand({}))).NatGateways!
    .filter((gateway) => gateway.State !== 'deleted').map((gateway) => gateway.NatGatewayId),
  'network ACL': async ({ ec2 }) => (await ec2.send(new DescribeNetworkAclsCommand({}))).NetworkAcls!.map((acl) => acl.NetworkAclId),
  'network interface': ({ ec2 }) => all(paginateDescribeNetworkInterfaces({ client: ec2 }, {}), (page) => page.NetworkInterfaces?.map((one) => one.NetworkInterfaceId)),
  'route table': async ({ ec2 }) => (await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables!.map((table) => table.RouteTableId),
  'security group': async ({ ec2 }) => (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups!.map((group) => group.GroupId),
  'subnet': async ({ ec2 }) => (await ec2.send(new DescribeSubnetsCommand({}))).Subnets!.map((subnet) => subnet.SubnetId),
  'VPC endpoint': async ({ ec2 }) => (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints!
    .filter((endpoint) => endpoint.State?.toLowerCase() !== 'deleted').map((endpoint) => endpoint.VpcEndpointId),
  'VPC': async ({ ec2 }) => (await ec2.send(new DescribeVpcsCommand({}))).Vpcs!.map((vpc) => vpc.VpcId),
};
