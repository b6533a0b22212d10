import { FAMILIES } from './addresses';
import { AddressRange, Id, Route, RouteTable, Subnet, Truth, Via } from './model';
import { asList, asObject, Resource, shortPath, Value } from './tree';
import { firstDoubt, Values } from './values';

/** Which property of a route says where it leads. */
const TARGETS: Record<string, Via> = {
  GatewayId: Via.INTERNET, NatGatewayId: Via.NAT, EgressOnlyInternetGatewayId: Via.EGRESS_ONLY,
  TransitGatewayId: Via.PRIVATE, VpcPeeringConnectionId: Via.PRIVATE, CoreNetworkArn: Via.PRIVATE, LocalGatewayId: Via.PRIVATE,
  InstanceId: Via.APPLIANCE, NetworkInterfaceId: Via.APPLIANCE, VpcEndpointId: Via.APPLIANCE,
  CarrierGatewayId: Via.UNKNOWN, OdbNetworkArn: Via.PRIVATE,
};

/** Reads route tables. */
export class RouteReader {
  /** The VPCs an internet gateway is attached to: without, routes to it are blackholes. */
  private readonly attached = new Map<string, { vpc: string; doubt?: string }>();
  private readonly attachesUnknown: boolean = false;

  constructor(
    private readonly resources: readonly Resource[],
    private readonly values: Values,
    private readonly prefixLists: ReadonlyMap<string, AddressRange[]>,
    private readonly subnet: (value: Value) => Subnet,
  ) {
    for (const { type, properties, doubt } of resources) {
      if (type === 'AWS::EC2::VPCGatewayAttachment' && properties.InternetGatewayId !== undefined) {
        const gateway = values.id(properties.InternetGatewayId);
        this.attached.set(gateway.key, { vpc: values.id(properties.VpcId).key, doubt });
        this.attachesUnknown ||= gateway.origin === 'unresolved';
      }
    }
  }

  /** Whether `vpc` has an internet gateway. */
  public hasInternetGateway(vpc: string | undefined): Truth {
    if ([...this.attached.values()].some((attachment) => attachment.vpc === vpc)) return 'yes';
    const isHere = this.resources.some(({ type, path }) => type === 'AWS::EC2::VPC' && path === vpc);
    return isHere && !this.attachesUnknown ? 'no' : 'maybe';
  }

  /** The route tables of the tree, by key. */
  public tables(): Map<string, RouteTable> {
    const tables = new Map<string, RouteTable & { vpc: string }>();
    for (const { type, path, properties } of this.resources) {
      if (type === 'AWS::EC2::RouteTable') {
        const vpc = this.values.id(properties.VpcId).key;
        tables.set(path, { label: `route table ${shortPath(path)}`, vpc, routes: this.localRoutes(vpc) });
      }
    }
    for (const resource of this.resources) {
      if (resource.type === 'AWS::EC2::Route') {
        const table = tables.get(this.values.id(resource.properties.RouteTableId).key);
        table?.routes.push(...this.routes(resource, table.vpc));
      }
      if (resource.type === 'AWS::EC2::VPNGatewayRoutePropagation') this.propagate(resource, tables);
    }
    return tables;
  }

  /** The table that subnets without one of their own use. Nothing in a template can add to it. */
  public mainTable(vpc: Id): RouteTable {
    return { label: `the main route table of ${vpc.label}`, routes: this.localRoutes(vpc.key) };
  }

  private localRoutes(vpc: string): Route[] {
    return this.resources
      .filter(({ type, path, properties }) => (type === 'AWS::EC2::VPC' && path === vpc) || (type === 'AWS::EC2::VPCCidrBlock' && this.values.id(properties.VpcId).key === vpc))
      .filter(({ properties }) => properties.CidrBlock !== undefined)
      .map(({ properties }) => this.values.range(properties.CidrBlock, FAMILIES[0]))
      // of a range that is not known, nothing can be said to stay inside
      .filter((range) => range.symbol === undefined)
      .map((range) => ({ label: `local route of ${range.label}`, range, via: Via.LOCAL, target: 'local' }));
  }

  private routes({ path, properties, doubt }: Resource, vpc: string): Route[] {
    const to = this.target(properties, vpc);
    const list = properties.DestinationPrefixListId;
    const ranges = list === undefined
      ? [this.values.rangeOf(properties.DestinationCidrBlock, properties.DestinationIpv6CidrBlock)]
      : this.prefixLists.get(this.values.id(list).key) ?? [this.values.symbolic(list)];
    return ranges.map((range) => ({
      ...to, range,
      label: `route ${range.label} (${shortPath(path)}) to ${to.target}`,
      doubt: firstDoubt(doubt, to.doubt, range.symbol === undefined ? undefined : `the destination ${range.label} of ${shortPath(path)} is not known`),
    }));
  }

  private target(properties: Record<string, Value>, vpc: string): Pick<Route, 'via' | 'target' | 'doubt' | 'natSubnet'> {
    const name = Object.keys(TARGETS).find((key) => properties[key] !== undefined);
    if (name === undefined) return { via: Via.UNKNOWN, target: 'nothing that is known' };
    const [via, value] = [TARGETS[name], properties[name]];
    const id = this.values.id(value);
    if (via === Via.INTERNET) return this.gateway(value, id, vpc);
    if (via === Via.NAT) return this.nat(value, id);
    if (via === Via.EGRESS_ONLY) return { via, target: `egress-only gateway ${id.label}` };
    return { via, target: id.label };
  }

  private gateway(value: Value, id: Id, vpc: string): Pick<Route, 'via' | 'target' | 'doubt'> {
    if (value === 'local') return { via: Via.LOCAL, target: 'local' };
    const type = this.values.resource(value)?.type;
    if (type === 'AWS::EC2::InternetGateway' || id.key.startsWith('igw-')) return this.internetGateway(id, vpc);
    if (id.key.startsWith('vgw-') || type === 'AWS::EC2::VPNGateway') return { via: Via.PRIVATE, target: `VPN gateway ${id.label}` };
    if (type === 'AWS::EC2::VPCEndpoint') return { via: Via.APPLIANCE, target: `endpoint ${id.label}` };
    return { via: Via.UNKNOWN, target: id.label };
  }

  private internetGateway(id: Id, vpc: string): Pick<Route, 'via' | 'target' | 'doubt'> {
    const target = `internet gateway ${id.label}`;
    const attachment = this.attached.get(id.key);
    if (attachment?.vpc === vpc) return { via: Via.INTERNET, target, doubt: attachment.doubt };
    if (!attachment && !this.attachesUnknown && id.origin === 'tree') return { via: Via.NOWHERE, target: `${target}, which is attached to no VPC` };
    return { via: Via.INTERNET, target, doubt: id.origin === 'tree' ? `which VPC ${target} is attached to is not known` : undefined };
  }

  private nat(value: Value, id: Id): Pick<Route, 'via' | 'target' | 'doubt' | 'natSubnet'> {
    const resource = this.values.resource(value, 'AWS::EC2::NatGateway');
    const target = `NAT gateway ${id.label}`;
    if (!resource) return { via: Via.UNKNOWN, target };
    const { ConnectivityType: connectivity, SubnetId: subnet } = resource.properties;
    if (connectivity === 'private') return { via: Via.PRIVATE, target: `private ${target}` };
    // a regional one stands in no subnet and has its own way out
    if (subnet === undefined) return { via: Via.NAT, target, doubt: resource.doubt };
    const doubt = connectivity === undefined || connectivity === 'public' ? undefined : `whether ${target} is public is not known`;
    return { via: Via.NAT, target, natSubnet: () => this.subnet(subnet), doubt: firstDoubt(resource.doubt, doubt) };
  }

  private propagate({ path, properties, doubt }: Resource, tables: ReadonlyMap<string, RouteTable>): void {
    const learnt = this.values.symbolic(`routes that ${shortPath(path)} learns`);
    for (const table of asList(properties.RouteTableIds) ?? []) {
      const target = `VPN gateway ${this.values.id(properties.VpnGatewayId).label}`;
      tables.get(this.values.id(table).key)?.routes.push({
        label: `a learnt route to ${target}`, range: learnt, via: Via.PRIVATE, target, doubt: firstDoubt(doubt, `what ${shortPath(path)} learns is not known`),
      });
    }
  }
}

/** The prefix lists of the tree, by key; one whose entries are tokens is left out. */
export function readPrefixLists(resources: readonly Resource[], values: Values): Map<string, AddressRange[]> {
  const lists = new Map<string, AddressRange[]>();
  for (const { type, path, properties } of resources) {
    if (type !== 'AWS::EC2::PrefixList') continue;
    const family = properties.AddressFamily === 'IPv6' ? FAMILIES[1] : FAMILIES[0];
    const entries = asList(properties.Entries);
    if (entries) lists.set(path, entries.map((entry) => ({ ...values.range(asObject(entry).Cidr, family), label: `${labelOfEntry(entry)} in ${shortPath(path)}` })));
  }
  return lists;
}

function labelOfEntry(entry: Value): string {
  const { Cidr: cidr } = asObject(entry);
  return typeof cidr === 'string' ? cidr : 'an unknown range';
}
