import {
  DescribeFlowLogsCommand, DescribeNatGatewaysCommand, DescribeRouteTablesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand,
  DescribeVpcAttributeCommand, IpPermission,
} from '@aws-sdk/client-ec2';
import { unless } from '../check';
import { Posture } from './posture';

/** Networks are watched, resolve names, and leave nothing open that nobody asked for. */
export const network: Posture = (stack, { ec2 }) => [
  ...stack.ofType('AWS::EC2::VPC').flatMap(({ logicalId, physicalId: VpcId }) => [
    {
      title: `${logicalId}: resolves names`,
      run: async () => {
        const support = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsSupport' }));
        const hostnames = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' }));
        return unless([!support.EnableDnsSupport?.Value && 'DNS support is off', !hostnames.EnableDnsHostnames?.Value && 'DNS host names are off']);
      },
    },
    {
      title: `${logicalId}: its traffic is logged`,
      run: async () => {
        const { FlowLogs } = await ec2.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [VpcId] }] }));
        return unless([!FlowLogs?.some((log) => log.FlowLogStatus === 'ACTIVE' && log.TrafficType === 'ALL') && 'no active flow log of all traffic']);
      },
    },
    {
      title: `${logicalId}: its default security group lets nothing through`,
      run: async () => {
        const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({
          Filters: [{ Name: 'vpc-id', Values: [VpcId] }, { Name: 'group-name', Values: ['default'] }],
        }));
        const group = SecurityGroups?.[0];
        return unless([
          !group && 'there is no default group',
          Boolean(group?.IpPermissions?.length) && 'it has ingress rules',
          Boolean(group?.IpPermissionsEgress?.length) && 'it has egress rules',
        ]);
      },
    },
  ]),
  ...stack.ofType('AWS::EC2::Subnet').map(({ logicalId, physicalId: SubnetId }) => ({
    title: `${logicalId}: gives no public addresses`,
    run: async () => {
      const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
      return unless([Subnets?.[0]?.MapPublicIpOnLaunch !== false && 'it gives every instance a public address']);
    },
  })),
  ...stack.ofType('AWS::EC2::NatGateway').map(({ logicalId, physicalId: id }) => ({
    title: `${logicalId}: is available`,
    run: async () => {
      const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }));
      return unless([NatGateways?.[0]?.State !== 'available' && `it is ${NatGateways?.[0]?.State}`]);
    },
  })),
  ...stack.ofType('AWS::EC2::RouteTable').map(({ logicalId, physicalId: id }) => ({
    title: `${logicalId}: no route ends nowhere`,
    run: async () => {
      const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }));
      const routes = RouteTables?.[0]?.Routes ?? [];
      return unless([
        !RouteTables?.[0]?.Associations?.length && 'no subnet uses it',
        ...routes.filter((route) => route.State === 'blackhole').map((route) => `${route.DestinationCidrBlock} is a black hole`),
      ]);
    },
  })),
  ...stack.ofType('AWS::EC2::SecurityGroup').map(({ logicalId, physicalId: id }) => ({
    title: `${logicalId}: opens nothing to the whole world`,
    run: async () => {
      const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
      return unless((SecurityGroups?.[0]?.IpPermissions ?? []).filter(isWorldOpen).map((rule) => `${rule.IpProtocol} ${rule.FromPort ?? 'all'} is open to anybody`));
    },
  })),
];

function isWorldOpen(rule: IpPermission): boolean {
  return Boolean(rule.IpRanges?.some((range) => range.CidrIp === '0.0.0.0/0') || rule.Ipv6Ranges?.some((range) => range.CidrIpv6 === '::/0'));
}
