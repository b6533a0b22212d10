import { DescribeNatGatewaysCommand, DescribeRouteTablesCommand, DescribeSubnetsCommand, DescribeVpcsCommand, Subnet } from '@aws-sdk/client-ec2';
import { confirming, Drill, DrillContext, unless } from '@tapstack/operator';

/** The address ranges of a network: of each tier, by the name that its subnets carry, one for each zone. */
export type Tiers = Readonly<Record<string, readonly string[]>>;

/** The network has these ranges and no others (B-01, D-01, P-03). */
export function addressesAre(cidr: string, tiers: Tiers): Drill {
  const expected = Object.entries(tiers).map(([tier, ranges]) => `${tier} ${ranges.join(' and ')}`);
  return confirming(['B-01', 'D-01', 'P-03'], (context) => [{
    title: `the network: is ${cidr}, and in it ${expected.join(', ')}, and no other subnet`,
    run: async () => {
      const { VpcId } = network(context);
      const { Vpcs } = await context.target.clients.ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
      const there = (await subnetsOf(context)).map((subnet) => `${tierOf(subnet)} ${subnet.CidrBlock}`).sort();
      const wanted = Object.entries(tiers).flatMap(([tier, ranges]) => ranges.map((range) => `${tier} ${range}`)).sort();
      return unless([
        Vpcs?.[0].CidrBlock !== cidr && `it is ${Vpcs?.[0].CidrBlock}`,
        there.join() !== wanted.join() && `its subnets are ${there.join(', ')}`,
      ]);
    },
  }]);
}

/** Public, private and database subnets, over two zones. */
export const threeTiers = addressesAre('10.0.0.0/16', {
  Public: ['10.0.1.0/24', '10.0.2.0/24'], Private: ['10.0.3.0/24', '10.0.4.0/24'], Database: ['10.0.5.0/24', '10.0.6.0/24'],
});

/** The template names no zone, and the subnets of a tier are in one each. */
export const zonesDiffer: Drill = confirming(['B-01', 'C-01', 'D-01', 'X-06'], (context) => [{
  title: 'the network: its zones are picked when it is deployed, and each subnet of a tier is in another one',
  run: async () => {
    const { stack } = context;
    const fixed = stack.ofType('AWS::EC2::Subnet').filter(({ logicalId }) => typeof stack.template.Resources[logicalId]?.Properties?.AvailabilityZone === 'string');
    const places = (await subnetsOf(context)).map((subnet) => `${tierOf(subnet)} in ${subnet.AvailabilityZone}`);
    return unless([
      ...fixed.map(({ logicalId }) => `the zone of ${logicalId} stands in the template`),
      ...places.filter((place, index) => places.indexOf(place) !== index).map((place) => `two of ${place}`),
    ]);
  },
}]);

/** Public subnets lead out by an internet gateway, private ones by the NAT gateway of their zone, isolated ones nowhere (B-02, D-01, P-03). */
export const routesLeadOut: Drill = confirming(['B-02', 'D-01', 'P-03'], (context) => [{
  title: 'the network: public subnets lead out by the internet gateway, private ones by a NAT gateway of their zone, others not at all',
  run: async () => {
    const { ec2 } = context.target.clients;
    const subnets = await subnetsOf(context);
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [network(context).VpcId] }] }));
    const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: 'vpc-id', Values: [network(context).VpcId] }] }));
    const zoneOf = (subnetId?: string) => subnets.find(({ SubnetId }) => SubnetId === subnetId)?.AvailabilityZone;
    return unless(subnets.map((subnet) => {
      const routes = RouteTables?.find(({ Associations }) => Associations?.some(({ SubnetId }) => SubnetId === subnet.SubnetId))?.Routes ?? [];
      // a gateway endpoint leads to a service of AWS, and not out
      const outward = routes.filter(({ GatewayId, DestinationPrefixListId }) => GatewayId !== 'local' && !DestinationPrefixListId);
      const [way] = outward;
      const gateway = NatGateways?.find(({ NatGatewayId }) => NatGatewayId === way?.NatGatewayId);
      const isRight = {
        Public: outward.length === 1 && way.GatewayId?.startsWith('igw-'),
        Private: outward.length === 1 && zoneOf(gateway?.SubnetId) === subnet.AvailabilityZone,
        Isolated: outward.length === 0,
      }[tag(subnet, 'aws-cdk:subnet-type')];
      return !isRight && `${subnet.CidrBlock} leads to ${JSON.stringify(outward)}`;
    }));
  },
}]);

function network({ stack }: DrillContext): { readonly VpcId: string } {
  return { VpcId: stack.resource('AWS::EC2::VPC').physicalId };
}

/** The subnets of the network. */
export async function subnetsOf(context: DrillContext): Promise<Subnet[]> {
  const { Subnets } = await context.target.clients.ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [network(context).VpcId] }] }));
  return Subnets ?? [];
}

/** The name of the tier that a subnet is in. */
export function tierOf(subnet: Subnet): string {
  return tag(subnet, 'aws-cdk:subnet-name');
}

function tag({ Tags }: Subnet, key: string): string {
  return Tags?.find(({ Key }) => Key === key)?.Value ?? '';
}
