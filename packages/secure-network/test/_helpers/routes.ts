import { Template } from 'aws-cdk-lib/assertions';

/** A subnet as the template routes it. */
export interface RoutedSubnet {
  readonly logicalId: string;
  readonly cidr: string;
  readonly zone: unknown;
  readonly mapPublicIpOnLaunch: boolean;
  /** Destination to the logical id of the gateway. */
  readonly routes: Record<string, string>;
}

interface Reference { Ref: string }

/** Every subnet of a template by its CIDR, through its association and its route table to its routes. */
export function routedSubnets(template: Template): Record<string, RoutedSubnet> {
  const associations = Object.values(template.findResources('AWS::EC2::SubnetRouteTableAssociation')).map((found) => found.Properties);
  const routes = Object.values(template.findResources('AWS::EC2::Route')).map((found) => found.Properties);
  const subnets = Object.entries(template.findResources('AWS::EC2::Subnet')).map(([logicalId, { Properties }]) => {
    const tables = associations.filter((association) => (association.SubnetId as Reference).Ref === logicalId)
      .map((association) => (association.RouteTableId as Reference).Ref);
    if (tables.length !== 1) throw new Error(`${logicalId} has ${tables.length} route tables`);
    const own = routes.filter((route) => (route.RouteTableId as Reference).Ref === tables[0]);
    return {
      logicalId,
      cidr: Properties.CidrBlock as string,
      zone: Properties.AvailabilityZone as unknown,
      mapPublicIpOnLaunch: Properties.MapPublicIpOnLaunch as boolean,
      routes: Object.fromEntries(own.map((route) => [
        (route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock) as string, ((route.GatewayId ?? route.NatGatewayId) as Reference).Ref,
      ])),
    };
  });
  return Object.fromEntries(subnets.map((subnet) => [subnet.cidr, subnet]));
}

/**
 * Every way a packet may take from a subnet to the internet, as logical ids, by following routes, gateways and the subnets they stand in.
 *
 * Empty if there is none.
 */
export function waysToInternet(template: Template, cidr: string): string[][] {
  const all = routedSubnets(template);
  const typeOf = (logicalId: string) => (template.toJSON().Resources as Record<string, { Type: string }>)[logicalId].Type;
  const from = (subnet: RoutedSubnet, seen: string[]): string[][] => Object.values(subnet.routes).flatMap((target) => {
    const way = [...seen, target];
    if (typeOf(target) === 'AWS::EC2::InternetGateway') return [way];
    if (typeOf(target) !== 'AWS::EC2::NatGateway') throw new Error(`${target} is no gateway this helper knows`);
    const { SubnetId, AvailabilityMode } = template.findResources('AWS::EC2::NatGateway')[target].Properties;
    // a regional one has a route table of its own, with a route to the internet gateway
    if (AvailabilityMode === 'regional') return Object.keys(template.findResources('AWS::EC2::InternetGateway')).map((gateway) => [...way, gateway]);
    const standsIn = Object.values(all).find(({ logicalId }) => logicalId === (SubnetId as Reference).Ref)!;
    return seen.includes(target) ? [] : from(standsIn, way);
  });
  return from(all[cidr], []);
}
