import { FAMILIES, isV4 } from './addresses';
import { Attachment, attachmentsOf } from './attachments';
import { Intervals } from './intervals';
import { Group, Host, Subnet, Truth } from './model';
import { asList, Resource, shortPath, Value } from './tree';
import { firstDoubt, Values } from './values';

/** What hosts are put together from. */
export interface HostContext {
  readonly values: Values;
  readonly subnet: (value: Value) => Subnet;
  readonly group: (value: Value) => Group;
  readonly hasInternetGateway: (vpc: string | undefined) => Truth;
}

/** Everything in the tree that has an address in a subnet. */
export function readHosts(resources: readonly Resource[], context: HostContext): Host[] {
  const elasticIps = new ElasticIps(resources, context.values);
  return resources.flatMap((resource) => attachmentsOf(resource, context.values)
    .flatMap((attachment) => hostsOf(resource, attachment, elasticIps, context)));
}

function hostsOf(resource: Resource, attachment: Attachment, elasticIps: ElasticIps, context: HostContext): Host[] {
  const owner = context.values.resource(attachment.owner) ?? resource;
  const label = shortPath(owner.path);
  const subnets = asList(attachment.subnets);
  const unknown = subnets ? undefined : `the subnets of ${label} are not known`;
  return (subnets ?? [attachment.subnets]).map((value) => {
    const subnet = context.subnet(value);
    const v6 = attachment.v6 === 'as-subnet' ? subnet.assignsV6 : attachment.v6;
    return {
      label,
      path: owner.path,
      subnet,
      groups: groupsOf(attachment, subnet, label, context),
      publicV4: elasticIps.of([resource.path, owner.path, attachment.card?.path ?? resource.path], publicOf(attachment, subnet, context)),
      v6,
      ranges: ownRanges(attachment.address, subnet, context.values).filter((range) => v6 !== 'no' || isV4(range)),
      doubt: firstDoubt(resource.doubt, unknown),
    };
  });
}

function publicOf({ publicV4 }: Attachment, subnet: Subnet, context: HostContext): Truth {
  if (publicV4 === 'as-subnet') return subnet.assignsPublicV4;
  if (publicV4 !== 'as-gateway') return publicV4;
  // RDS: public unless told otherwise, where the VPC has an internet gateway
  return context.hasInternetGateway(subnet.vpc);
}

function groupsOf({ groups, withoutGroups }: Attachment, subnet: Subnet, label: string, context: HostContext): Group[] | undefined {
  const ids = asList(groups);
  if (!ids) {
    return [{
      id: { key: `groups of ${label}`, label: `groups of ${label}`, origin: 'unresolved' }, label: `the security groups of ${label}`, ingress: [], egress: [],
      doubt: `the security groups of ${label} are not known`,
    }];
  }
  if (ids.length > 0) return ids.map(context.group);
  if (withoutGroups === 'open') return undefined;
  return [context.group(subnet.vpc === undefined ? `the default group of the VPC of ${subnet.label}` : { 'Fn::Reference': [subnet.vpc, 'DefaultSecurityGroup'] })];
}

/** A fixed private address, or any of the subnet. */
function ownRanges(address: Value, subnet: Subnet, values: Values): Intervals[] {
  if (address === undefined) return subnet.ranges;
  const known = values.range(address, FAMILIES[0]);
  return known.symbol === undefined ? [known.addresses, ...subnet.ranges.filter((range) => !isV4(range))] : subnet.ranges;
}

/** Which resources an Elastic IP is associated with. */
class ElasticIps {
  private readonly keys = new Set<string>();
  private isUnknown: boolean = false;

  constructor(resources: readonly Resource[], values: Values) {
    for (const { type, properties } of resources) {
      if (type !== 'AWS::EC2::EIP' && type !== 'AWS::EC2::EIPAssociation') continue;
      for (const target of [properties.InstanceId, properties.NetworkInterfaceId].filter((value) => value !== undefined)) {
        const id = values.id(target);
        this.keys.add(id.key);
        this.isUnknown ||= id.origin === 'unresolved';
      }
    }
  }

  /** Whether a host with these keys has a public address. */
  public of(keys: readonly string[], otherwise: Truth): Truth {
    if (keys.some((key) => this.keys.has(key)) || otherwise === 'yes') return 'yes';
    return this.isUnknown ? 'maybe' : otherwise;
  }
}
