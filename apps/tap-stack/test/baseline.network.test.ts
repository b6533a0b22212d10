import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { addStack } from '../src/app';
import { STAGE_NAMES as STAGES, StageName } from '../src/stage';
import { templateOf } from './_helpers/every-environment';
import { accepts } from './_helpers/parameters';
import { CONTEXT } from './_helpers/synthesis';

const TO_ANYBODY = '0.0.0.0/0';

// what is recoverable is the baseline and more
describe.each(['baseline', 'recoverable'])('%s', (environment) => {
  const baseline = (stage?: StageName) => templateOf(environment, stage);

  describe('B-01 network', () => {
    test('VPC 10.0.0.0/16, public 10.0.1.0/24 and 10.0.2.0/24, private 10.0.3.0/24 and 10.0.4.0/24, and no other subnet', () => {
      expect(baseline().only('AWS::EC2::VPC').Properties.CidrBlock).toBe('10.0.0.0/16');
      expect(baseline().ofType('AWS::EC2::Subnet').map(({ logicalId, Properties }) => [logicalId, Properties.CidrBlock])).toEqual([
        ['NetworkVpcPublicSubnet1Subnet', '10.0.1.0/24'],
        ['NetworkVpcPublicSubnet2Subnet', '10.0.2.0/24'],
        ['NetworkVpcPrivateSubnet1Subnet', '10.0.3.0/24'],
        ['NetworkVpcPrivateSubnet2Subnet', '10.0.4.0/24'],
      ]);
    });

    test('DNS is on, for names and for hosts', () => {
      expect(baseline().only('AWS::EC2::VPC').Properties).toMatchObject({ EnableDnsSupport: true, EnableDnsHostnames: true });
    });

    test('each tier has a subnet in each of two zones', () => {
      const zones = baseline().ofType('AWS::EC2::Subnet').map(({ Properties }) => Properties.AvailabilityZone);
      expect(zones).toEqual([0, 1, 0, 1].map((zone) => ({ 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] })));
    });
  });

  describe('B-02 ways out', () => {
    test('one internet gateway, attached to the network', () => {
      expect(baseline().only('AWS::EC2::VPCGatewayAttachment').Properties).toMatchObject({ VpcId: '${NetworkVpc}', InternetGatewayId: '${NetworkVpcIGW}' });
      expect(baseline().ofType('AWS::EC2::InternetGateway')).toHaveLength(1);
    });

    test('a NAT gateway in the public subnet of each zone, with an address of its own', () => {
      expect(baseline().ofType('AWS::EC2::NatGateway').map(({ Properties: { SubnetId, AllocationId } }) => ({ SubnetId, AllocationId }))).toEqual([1, 2].map((zone) => ({
        SubnetId: `\${NetworkVpcPublicSubnet${zone}Subnet}`, AllocationId: `\${NetworkVpcPublicSubnet${zone}EIP.AllocationId}`,
      })));
      expect(baseline().ofType('AWS::EC2::EIP')).toHaveLength(2);
    });

    test('public subnets lead out through the internet gateway, each private one through the NAT gateway of its own zone, and nowhere else', () => {
      const routes = baseline().ofType('AWS::EC2::Route').map(({ Properties: { RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId } }) =>
        ({ RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId }));
      expect(routes).toEqual([
        ...[1, 2].map((zone) => ({ RouteTableId: `\${NetworkVpcPublicSubnet${zone}RouteTable}`, DestinationCidrBlock: TO_ANYBODY, GatewayId: '${NetworkVpcIGW}' })),
        ...[1, 2].map((zone) => ({
          RouteTableId: `\${NetworkVpcPrivateSubnet${zone}RouteTable}`, DestinationCidrBlock: TO_ANYBODY, NatGatewayId: `\${NetworkVpcPublicSubnet${zone}NATGateway}`,
        })),
      ]);
    });

    test('each subnet has a route table of its own', () => {
      const tables = baseline().ofType('AWS::EC2::SubnetRouteTableAssociation').map(({ Properties }) => [Properties.SubnetId, Properties.RouteTableId]);
      expect(tables).toEqual(['Public', 'Private'].flatMap((tier) => [1, 2].map((zone) =>
        [`\${NetworkVpc${tier}Subnet${zone}Subnet}`, `\${NetworkVpc${tier}Subnet${zone}RouteTable}`])));
    });

    test('no subnet gives public addresses', () => {
      for (const { Properties } of baseline().ofType('AWS::EC2::Subnet')) expect(Properties.MapPublicIpOnLaunch ?? false).toBe(false);
    });

    test('all traffic is recorded', () => {
      expect(baseline().only('AWS::EC2::FlowLog').Properties).toMatchObject({ ResourceId: '${NetworkVpc}', TrafficType: 'ALL', LogGroupName: '${NetworkFlowLogsRecordsLogGroup}' });
    });
  });

  describe('B-05 security groups', () => {
    const ingress = (id: string) => rules(baseline().only('AWS::EC2::SecurityGroup', id).Properties.SecurityGroupIngress);
    const egress = (id: string) => rules(baseline().only('AWS::EC2::SecurityGroup', id).Properties.SecurityGroupEgress);
    const between = (direction: 'Ingress' | 'Egress') => baseline().ofType(`AWS::EC2::SecurityGroup${direction}`).map(({ Properties }) => withoutDescription(Properties));

    test('there is one for each tier, one for the database and one for the function', () => {
      expect(baseline().ofType('AWS::EC2::SecurityGroup').map(({ logicalId }) => logicalId).sort()).toEqual(['TiersDatabase', 'TiersPrivate', 'TiersPublic', 'WatchSecurityGroup']);
    });

    test.each(['TiersPublic', 'TiersPrivate'])('%s is reached on 22 from AllowedSSHCIDR, and by nothing else', (id) => {
      expect(ingress(id)).toEqual([{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '${AllowedSSHCIDR}' }]);
      expect(between('Ingress').map(({ GroupId }) => GroupId)).not.toContain(`\${${id}.GroupId}`);
    });

    test.each([TO_ANYBODY, '1.0.0.0/7', '::/0'])('AllowedSSHCIDR is never %s', (range) => {
      expect(accepts(baseline().parameters.AllowedSSHCIDR, range)).toBe(false);
    });

    test.each(['TiersPublic', 'TiersPrivate'])('%s reaches HTTPS anywhere, DNS inside the network, the database, and nothing else', (id) => {
      expect(egress(id)).toEqual([
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: TO_ANYBODY },
        { IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '${NetworkVpc.CidrBlock}' },
        { IpProtocol: 'tcp', FromPort: 53, ToPort: 53, CidrIp: '${NetworkVpc.CidrBlock}' },
      ]);
      expect(between('Egress').filter(({ GroupId }) => GroupId === `\${${id}.GroupId}`)).toEqual([
        { GroupId: `\${${id}.GroupId}`, DestinationSecurityGroupId: '${TiersDatabase.GroupId}', IpProtocol: 'tcp', FromPort: 13306, ToPort: 13306 },
      ]);
    });

    test('the database is reached on its port from the groups of the instances, and reaches nothing', () => {
      expect(between('Ingress')).toEqual(['${TiersPublic.GroupId}', '${TiersPrivate.GroupId}'].map((SourceSecurityGroupId) => ({
        GroupId: '${TiersDatabase.GroupId}', SourceSecurityGroupId, IpProtocol: 'tcp', FromPort: 13306, ToPort: 13306,
      })));
      expect(ingress('TiersDatabase')).toEqual([]);
      // a group without any rule would be given one that allows everything: this one matches nothing
      expect(egress('TiersDatabase')).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' })]);
      expect(baseline().only('AWS::RDS::DBInstance').Properties).toMatchObject({ Port: '13306', VPCSecurityGroups: ['${TiersDatabase.GroupId}'] });
    });

    test('the function is reached by nothing and reaches HTTPS', () => {
      expect(ingress('WatchSecurityGroup')).toEqual([]);
      expect(egress('WatchSecurityGroup')).toEqual([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: TO_ANYBODY }]);
    });

    test.each(STAGES)('%s: no group lets everything out, and none lets any address in', (stage) => {
      for (const { logicalId, Properties } of baseline(stage).ofType('AWS::EC2::SecurityGroup')) {
        expect([logicalId, rules(Properties.SecurityGroupEgress).length]).not.toEqual([logicalId, 0]);
        expect(rules(Properties.SecurityGroupEgress).filter(({ IpProtocol }) => IpProtocol === '-1')).toEqual([]);
        expect(rules(Properties.SecurityGroupIngress).filter(({ CidrIp }) => CidrIp === TO_ANYBODY)).toEqual([]);
      }
    });

    test('the default group of the network is closed', () => {
      expect(baseline().only('Custom::ClosedDefaultGroup').Properties.GroupId).toBe('${NetworkVpc.DefaultSecurityGroup}');
    });
  });

  describe('B-04, B-05 who reaches whom is proven at synthesis', () => {
    const build = () => addStack(new App({ context: CONTEXT }), { environment, stage: 'ephemeral', suffix: 'dev' });
    const vpcOf = (stack: Stack) => stack.node.findChild('Network').node.findChild('Vpc') as ec2.Vpc;
    const synthesis = (stack: Stack) => () => (stack.node.root as App).synth();

    test('fails when somebody leads the internet to a private subnet', () => {
      const stack = build();
      const { privateSubnets, internetGatewayId } = vpcOf(stack);
      new ec2.CfnRoute(stack, 'Shortcut', { routeTableId: privateSubnets[1].routeTable.routeTableId, destinationCidrBlock: '198.51.100.0/24', gatewayId: internetGatewayId });
      expect(synthesis(stack)).toThrow(/no path from the internet to .*Private/);
    });

    test('fails when somebody opens the database to more than the groups of the instances', () => {
      const stack = build();
      const group = stack.node.findChild('Tiers').node.findChild('Database') as ec2.SecurityGroup;
      group.addIngressRule(ec2.Peer.ipv4('10.0.3.0/24'), ec2.Port.tcp(13306));
      expect(synthesis(stack)).toThrow(/Database.*13306/s);
    });
  });
});

type Rule = Record<string, unknown>;

function rules(property: unknown): Rule[] {
  return (property as Rule[] | undefined ?? []).map(withoutDescription);
}

function withoutDescription({ Description: _, ...rule }: Rule): Rule {
  return rule;
}
