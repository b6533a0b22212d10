import { Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Egress, SecureVpc, SecureVpcProps, TierKind } from '../src';
import { ONE_ZONE, TWO_ZONES, WITH_DATABASE } from './_helpers/layouts';
import { routedSubnets, waysToInternet } from './_helpers/routes';

/** Elastic IPs somebody has already. */
const ADDRESSES = ['eipalloc-0aaaaaaaaaaaaaaa1', 'eipalloc-0aaaaaaaaaaaaaaa2'];

const zone = (i: number) => ({ 'Fn::Select': [i, { 'Fn::GetAZs': '' }] });

describe('Egress', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack();
  });
  const network = (props?: SecureVpcProps) => new SecureVpc(stack, 'Network', props);
  const template = () => Template.fromStack(stack);
  const subnets = () => routedSubnets(template());

  describe('NET-04 isolated tiers', () => {
    test('D-01 databases have no route but the local one', () => {
      network({ tiers: WITH_DATABASE });
      expect([subnets()['10.0.5.0/24'].routes, subnets()['10.0.6.0/24'].routes]).toEqual([{}, {}]);
    });

    const ALL_EGRESS: Array<[string, Egress]> = [
      ['none', Egress.NONE], ['single', Egress.SINGLE], ['per zone', Egress.PER_ZONE], ['regional', Egress.REGIONAL], ['own addresses', Egress.perZoneFrom(ADDRESSES)],
    ];
    test.each(ALL_EGRESS)('D-01 no way leads from a database to the internet over the route graph, whatever the egress: %s', (_, egress) => {
      network({ tiers: WITH_DATABASE, egress });
      expect(['10.0.5.0/24', '10.0.6.0/24'].map((cidr) => waysToInternet(template(), cidr))).toEqual([[], []]);
      // the same walk finds the way where there is one
      expect(waysToInternet(template(), '10.0.1.0/24')).toHaveLength(1);
      expect(waysToInternet(template(), '10.0.3.0/24')).toHaveLength(egress === Egress.NONE ? 0 : 1);
    });

    test.each([['isolated', WITH_DATABASE[2]], ['private', TWO_ZONES[1]]])('a network of %s tiers has no internet gateway', (_, tier) => {
      network({ tiers: [tier] });
      template().resourceCountIs('AWS::EC2::InternetGateway', 0);
      template().resourceCountIs('AWS::EC2::Route', 0);
    });
  });

  describe('NET-05 egress', () => {
    /** The CIDR of the subnet in which the NAT gateway of a route stands. */
    const natSubnetOf = (cidr: string) => {
      const nat = template().findResources('AWS::EC2::NatGateway')[subnets()[cidr].routes['0.0.0.0/0']];
      return Object.values(subnets()).find((subnet) => subnet.logicalId === nat.Properties.SubnetId.Ref)?.cidr;
    };

    test('B-02 each private subnet leaves through the NAT gateway of its own zone, each with an Elastic IP', () => {
      network({ tiers: TWO_ZONES });
      expect([natSubnetOf('10.0.3.0/24'), natSubnetOf('10.0.4.0/24')]).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
      template().resourceCountIs('AWS::EC2::EIP', 2);
    });

    test('B-02 public subnets leave through the internet gateway', () => {
      network({ tiers: TWO_ZONES });
      const [gateway] = Object.keys(template().findResources('AWS::EC2::InternetGateway'));
      expect(['10.0.1.0/24', '10.0.2.0/24'].map((cidr) => subnets()[cidr].routes)).toEqual([{ '0.0.0.0/0': gateway }, { '0.0.0.0/0': gateway }]);
    });

    test('P-03 the NAT gateway of one zone stands in the public subnet', () => {
      network({ tiers: ONE_ZONE, singleZone: true });
      expect(natSubnetOf('10.0.2.0/24')).toBe('10.0.1.0/24');
    });

    test('warns when zones share 1 NAT gateway', () => {
      network({ tiers: TWO_ZONES, egress: Egress.SINGLE });
      expect([natSubnetOf('10.0.3.0/24'), natSubnetOf('10.0.4.0/24')]).toEqual(['10.0.1.0/24', '10.0.1.0/24']);
      template().resourceCountIs('AWS::EC2::NatGateway', 1);
      Annotations.fromStack(stack).hasWarning('/Default/Network', Match.stringLikeRegexp('share 1 NAT gateway.*secure-network:NET-05'));
    });

    test('one NAT gateway for one zone is no weakening', () => {
      network({ tiers: ONE_ZONE, singleZone: true, egress: Egress.SINGLE });
      Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('NET-05'));
    });

    test('without egress private subnets have no internet route, and nothing is paid for', () => {
      network({ tiers: TWO_ZONES, egress: Egress.NONE });
      expect(subnets()['10.0.3.0/24'].routes).toEqual({});
      template().resourceCountIs('AWS::EC2::NatGateway', 0);
      template().resourceCountIs('AWS::EC2::EIP', 0);
    });

    test('one regional NAT gateway serves every zone, and waits for the internet gateway', () => {
      const { regionalNat, vpc } = network({ tiers: TWO_ZONES, egress: Egress.REGIONAL });
      template().resourceCountIs('AWS::EC2::NatGateway', 1);
      template().resourceCountIs('AWS::EC2::EIP', 0);
      template().hasResource('AWS::EC2::NatGateway', {
        Properties: { AvailabilityMode: 'regional', ConnectivityType: 'public', VpcId: stack.resolve(vpc.vpcId), SubnetId: Match.absent(), AllocationId: Match.absent() },
        DependsOn: Object.keys(template().findResources('AWS::EC2::VPCGatewayAttachment')),
      });
      const route = { '0.0.0.0/0': stack.resolve(regionalNat!.ref).Ref };
      expect(['10.0.3.0/24', '10.0.4.0/24'].map((cidr) => subnets()[cidr].routes)).toEqual([route, route]);
      Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('NET-05'));
    });

    test('a regional NAT gateway needs no public tier', () => {
      network({ tiers: [TWO_ZONES[1]], egress: Egress.REGIONAL });
      expect(waysToInternet(template(), '10.0.3.0/24')).toHaveLength(1);
    });

    test('a regional NAT gateway takes addresses of your own, by zone', () => {
      network({ tiers: TWO_ZONES, egress: Egress.regionalFrom(ADDRESSES) });
      template().hasResourceProperties('AWS::EC2::NatGateway', { AvailabilityZoneAddresses: ADDRESSES.map((id, i) => ({ AvailabilityZone: zone(i), AllocationIds: [id] })) });
    });

    test.each([['per zone', Egress.perZoneFrom(ADDRESSES), ADDRESSES], ['single', Egress.singleFrom(ADDRESSES[0]), ADDRESSES.slice(0, 1)]])(
      'leaves from addresses of your own and allocates none (%s)', (_, egress, used) => {
        network({ tiers: TWO_ZONES, egress });
        expect(Object.values(template().findResources('AWS::EC2::NatGateway')).map((gateway) => gateway.Properties.AllocationId)).toEqual(used);
        template().resourceCountIs('AWS::EC2::EIP', 0);
      });

    test('leaves addresses that are tokens to the deployment', () => {
      const address = new ec2.CfnEIP(stack, 'Mine');
      network({ tiers: TWO_ZONES, egress: Egress.singleFrom(address.attrAllocationId) });
      template().hasResourceProperties('AWS::EC2::NatGateway', { AllocationId: stack.resolve(address.attrAllocationId) });
    });

    const refusedAddresses: Array<[string, Egress, string]> = [
      ['an address too few', Egress.perZoneFrom(ADDRESSES.slice(1)), "'egress' must have one address for each of the 2 zones it stands in, got 1"],
      ['an address too many', Egress.regionalFrom([...ADDRESSES, 'eipalloc-0aaaaaaaaaaaaaaa3']), "'egress' must have one address for each of the 2 zones it stands in, got 3"],
      ['the address itself', Egress.singleFrom('203.0.113.7'), "the addresses of 'egress' must be allocations like eipalloc-0123456789abcdef0, got '203.0.113.7'"],
      ['the same address twice', Egress.perZoneFrom([ADDRESSES[0], ADDRESSES[0]]), `the addresses of 'egress' must not repeat, got '${ADDRESSES[0]}' twice; each NAT gateway needs its own`],
      ['addresses of unknown number', Egress.perZoneFrom(Token.asList({ Ref: 'Addresses' })), "the addresses of 'egress' must be a list of known length, got a token; select its items with Fn.select"],
    ];
    test.each(refusedAddresses)('fails on %s', (_, egress, problem) => {
      expect(() => network({ tiers: TWO_ZONES, egress })).toThrow(`${problem} [Default/Network]`);
    });

    test('fails on regional egress that nobody uses', () => {
      expect(() => network({ tiers: [TWO_ZONES[0]], egress: Egress.REGIONAL }))
        .toThrow("'egress' must go with a private tier that uses it, got 'regional' without; add the tier, or pass Egress.NONE [Default/Network]");
    });

    test('NAT gateways stand in the first public tier when there are several', () => {
      network({ tiers: [...TWO_ZONES, { name: 'Edge', kind: TierKind.PUBLIC, cidrs: ['10.0.8.0/24', '10.0.9.0/24'] }] });
      expect([natSubnetOf('10.0.3.0/24'), natSubnetOf('10.0.4.0/24')]).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
    });

    test.each([['public', [TWO_ZONES[1]]], ['private', [TWO_ZONES[0]]]])('fails on egress without a %s tier', (_, tiers) => {
      expect(() => network({ tiers, egress: Egress.SINGLE })).toThrow(/'egress' must go with a public tier.* got 'single' without.*\[Default\/Network\]/);
    });

    test.each([['public', [TWO_ZONES[1]]], ['private', [TWO_ZONES[0]]]])('makes no NAT gateway by itself without a %s tier', (_, tiers) => {
      network({ tiers });
      template().resourceCountIs('AWS::EC2::NatGateway', 0);
    });

    test('a regional NAT gateway is one, paid for in each zone; addresses of your own are not taken', () => {
      const { footprint } = network({ tiers: TWO_ZONES, egress: Egress.REGIONAL });
      expect(footprint).toMatchObject({ natGateways: 1, natGatewayZones: 2, elasticIps: 2, internetGateways: 1, networkInterfaces: 0 });
      const other = new SecureVpc(stack, 'Other', { tiers: TWO_ZONES, egress: Egress.perZoneFrom(ADDRESSES) });
      expect(other.footprint).toMatchObject({ natGateways: 2, elasticIps: 0 });
    });
  });
});
