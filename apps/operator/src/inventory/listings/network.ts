import {
  DescribeAddressesCommand, DescribeFlowLogsCommand, DescribeInternetGatewaysCommand, DescribeNatGatewaysCommand, DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcEndpointsCommand, DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { Listings } from './listing';

/** Where traffic flows. Network interfaces are not among it: those of functions stay for minutes after the function has gone. */
export const NETWORK: Listings = {
  'elastic address': async ({ ec2 }) => (await ec2.send(new DescribeAddressesCommand({}))).Addresses!.map((address) => address.AllocationId),
  'flow log': async ({ ec2 }) => (await ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs!.map((log) => log.FlowLogId),
  'internet gateway': async ({ ec2 }) => (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways!.map((gateway) => gateway.InternetGatewayId),
  'NAT gateway': async ({ ec2 }) => (await ec2.send(new DescribeNatGatewaysCommand({}))).NatGateways!
    .filter((gateway) => gateway.State !== 'deleted').map((gateway) => gateway.NatGatewayId),
  'network ACL': async ({ ec2 }) => (await ec2.send(new DescribeNetworkAclsCommand({}))).NetworkAcls!.map((acl) => acl.NetworkAclId),
  'route table': async ({ ec2 }) => (await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables!.map((table) => table.RouteTableId),
  'security group': async ({ ec2 }) => (await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups!.map((group) => group.GroupId),
  'subnet': async ({ ec2 }) => (await ec2.send(new DescribeSubnetsCommand({}))).Subnets!.map((subnet) => subnet.SubnetId),
  'VPC endpoint': async ({ ec2 }) => (await ec2.send(new DescribeVpcEndpointsCommand({}))).VpcEndpoints!
    .filter((endpoint) => endpoint.State?.toLowerCase() !== 'deleted').map((endpoint) => endpoint.VpcEndpointId),
  'VPC': async ({ ec2 }) => (await ec2.send(new DescribeVpcsCommand({}))).Vpcs!.map((vpc) => vpc.VpcId),
};
