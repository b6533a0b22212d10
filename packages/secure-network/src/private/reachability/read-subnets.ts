import { FAMILIES } from './addresses';
import { Intervals } from './intervals';
import { Acl, Id, RouteTable, Subnet } from './model';
import { aclElsewhere } from './read-acls';
import { RouteReader } from './read-routes';
import { asObject, Resource, Value } from './tree';
import { firstDoubt, partKey, truthOf, Values } from './values';

const [V4, V6] = FAMILIES;

/** What subnets are made of. */
export interface SubnetParts {
  readonly tables: ReadonlyMap<string, RouteTable>;
  readonly acls: ReadonlyMap<string, Acl>;
  readonly routes: RouteReader;
}

/** Reads subnets, those that are only referred to included. */
export class SubnetReader {
  private readonly tableOf = new Map<string, Resource>();
  private readonly aclOf = new Map<string, Resource>();
  private readonly v6 = new Set<string>();

  constructor(private readonly resources: readonly Resource[], private readonly values: Values, private readonly parts: SubnetParts) {
    for (const resource of resources) {
      const subnet = () => values.id(resource.properties.SubnetId).key;
      if (resource.type === 'AWS::EC2::SubnetRouteTableAssociation') this.tableOf.set(subnet(), resource);
      if (resource.type === 'AWS::EC2::SubnetNetworkAclAssociation') this.aclOf.set(subnet(), resource);
      if (resource.type === 'AWS::EC2::SubnetCidrBlock') this.v6.add(subnet());
    }
  }

  public subnet({ path, properties, doubt }: Resource): Subnet {
    const id = this.values.id({ 'Fn::Reference': [path, 'Ref'] });
    const vpc = this.values.id(properties.VpcId);
    const own = [this.values.range(properties.CidrBlock, V4), this.values.range(properties.Ipv6CidrBlock, V6)];
    const hasV6 = properties.Ipv6CidrBlock !== undefined || properties.Ipv6IpamPoolId !== undefined || this.v6.has(id.key);
    return {
      id,
      label: `subnet ${id.label}`,
      doubt,
      vpc: vpc.key,
      ranges: [
        ...(properties.Ipv6Native === true ? [] : [this.v4(properties.CidrBlock, vpc)]),
        ...(hasV6 ? [this.values.range(properties.Ipv6CidrBlock, V6).addresses] : []),
      ],
      known: Intervals.union(own.filter(({ symbol }) => symbol === undefined).map(({ addresses }) => addresses)),
      table: this.table(id) ?? this.mainTable(vpc),
      acl: this.acl(id) ?? this.defaultAcl(vpc),
      assignsPublicV4: truthOf(properties.MapPublicIpOnLaunch, 'no'),
      assignsV6: truthOf(properties.AssignIpv6AddressOnCreation, 'no'),
    };
  }

  /** A subnet of which only the name is known. */
  public elsewhere(id: Id): Subnet {
    const closed = this.values.isAssumedClosed(id);
    return {
      id,
      label: `subnet ${id.label}`,
      ranges: [V4, V6],
      known: Intervals.NONE,
      table: this.table(id) ?? { label: `the route table of subnet ${id.label}`, routes: [], doubt: closed ? undefined : `the routes of subnet ${id.label} are not in this app` },
      acl: this.acl(id) ?? aclElsewhere({ ...id, label: `of subnet ${id.label}` }),
      assignsPublicV4: 'maybe',
      assignsV6: 'maybe',
    };
  }

  /** A subnet is inside its VPC, whatever its range. */
  private v4(cidr: Value, vpc: Id): Intervals {
    const own = this.values.range(cidr, V4);
    if (own.symbol === undefined) return own.addresses;
    const ofVpc = this.resources
      .filter(({ type, path, properties }) => (type === 'AWS::EC2::VPC' && path === vpc.key) || (type === 'AWS::EC2::VPCCidrBlock' && this.values.id(properties.VpcId).key === vpc.key))
      .filter(({ properties }) => properties.AmazonProvidedIpv6CidrBlock !== true && properties.Ipv6CidrBlock === undefined)
      .map(({ properties }) => this.values.range(properties.CidrBlock, V4).addresses);
    return ofVpc.length === 0 ? own.addresses : own.addresses.intersect(Intervals.union(ofVpc));
  }

  private table(subnet: Id): RouteTable | undefined {
    const association = this.tableOf.get(subnet.key);
    if (!association) return undefined;
    const id = this.values.id(association.properties.RouteTableId);
    const table = this.parts.tables.get(id.key);
    if (!table) return { label: `route table ${id.label}`, routes: [], doubt: `the routes of route table ${id.label} are not in this app` };
    return association.doubt === undefined ? table : { ...table, doubt: firstDoubt(table.doubt, association.doubt) };
  }

  private mainTable(vpc: Id): RouteTable {
    const table = this.parts.routes.mainTable(vpc);
    return vpc.origin === 'tree' ? table : { ...table, doubt: `the routes of ${table.label} are not in this app` };
  }

  private acl(subnet: Id): Acl | undefined {
    const association = this.aclOf.get(subnet.key);
    if (!association) return undefined;
    const id = this.values.id(asObject(association.properties).NetworkAclId);
    const acl = this.parts.acls.get(id.key) ?? aclElsewhere(id);
    return association.doubt === undefined ? acl : { ...acl, doubt: firstDoubt(acl.doubt, association.doubt) };
  }

  private defaultAcl(vpc: Id): Acl {
    return this.parts.acls.get(partKey(vpc.key, 'DefaultNetworkAcl')) ?? aclElsewhere({ ...vpc, label: `of VPC ${vpc.label}, its default one,` });
  }
}
