import { ANY_ADDRESS, FAMILIES } from './addresses';
import { AddressRange, Group, GroupRule, Id, Peer } from './model';
import { ALL_TRAFFIC } from './traffic';
import { asList, asObject, Properties, Resource, shortPath, Value } from './tree';
import { firstDoubt, labelOf, partKey, Values } from './values';

/** The security groups of the tree, by key: their own rules, rules that are resources, and the default groups of its VPCs. */
export function readGroups(resources: readonly Resource[], values: Values, prefixLists: ReadonlyMap<string, AddressRange[]>): Map<string, Group> {
  const reader = new GroupReader(values, prefixLists);
  const groups = new Map<string, Group>();
  for (const resource of resources) {
    if (resource.type === 'AWS::EC2::SecurityGroup') groups.set(resource.path, reader.group(resource));
    if (resource.type === 'AWS::EC2::VPC') groups.set(partKey(resource.path, 'DefaultSecurityGroup'), reader.defaultGroup(resource));
  }
  for (const { type, properties, path, doubt } of resources) {
    if (type !== 'AWS::EC2::SecurityGroupIngress' && type !== 'AWS::EC2::SecurityGroupEgress') continue;
    const id = values.id(properties.GroupId ?? properties.GroupName);
    if (!groups.has(id.key)) groups.set(id.key, reader.unknownGroup(id));
    const { ingress, egress } = groups.get(id.key)!;
    if (type === 'AWS::EC2::SecurityGroupIngress') {
      ingress.push(...reader.rules(properties, 'Source', shortPath(path), doubt));
    } else {
      egress.push(...reader.rules(properties, 'Destination', shortPath(path), doubt));
    }
  }
  groups.forEach((group) => reader.settleDefaultEgress(group));
  return groups;
}

/** A group that is not in the tree: its rules are not known. */
export function groupElsewhere(id: Id, values: Values): Group {
  return new GroupReader(values, new Map()).unknownGroup(id);
}

class GroupReader {
  constructor(private readonly values: Values, private readonly prefixLists: ReadonlyMap<string, AddressRange[]>) {}

  public group({ path, properties, doubt }: Resource): Group {
    const label = `security group ${shortPath(path)}`;
    const egress = asList(properties.SecurityGroupEgress);
    const ingress = asList(properties.SecurityGroupIngress);
    const vpc = properties.VpcId === undefined ? undefined : this.values.id(properties.VpcId).key;
    return {
      id: { key: path, label: shortPath(path), origin: 'tree' },
      label, vpc,
      doubt: firstDoubt(doubt, ingress && egress ? undefined : `the rules of ${label} are tokens`),
      ingress: (ingress ?? []).flatMap((rule) => this.rules(asObject(rule), 'Source', shortPath(path))),
      egress: egress?.length === 0 ? [this.anywhere(label)] : (egress ?? []).flatMap((rule) => this.rules(asObject(rule), 'Destination', shortPath(path))),
    };
  }

  /** What AWS makes with each VPC: open to its own members and to anywhere. */
  public defaultGroup({ path }: Resource): Group {
    const id: Id = { key: partKey(path, 'DefaultSecurityGroup'), label: `default group of ${shortPath(path)}`, origin: 'tree' };
    const members: GroupRule = { label: `${id.label} lets its own members in`, peer: { label: id.label, group: id }, traffic: ALL_TRAFFIC };
    return { id, label: id.label, vpc: path, ingress: [members], egress: [this.anywhere(id.label)] };
  }

  /** EC2's own rule to anywhere should go with the first egress rule that is a resource of its own, which comes later than the group. */
  public settleDefaultEgress({ id, label, egress }: Group): void {
    if (egress.length < 2 || !egress[0].isDefault || id.key.includes('#')) return;
    const own = egress.shift()!;
    if (!this.values.isAssumedClosed(id)) {
      egress.unshift({ ...own, doubt: `EC2 opens ${label} to anywhere when it is made, as no egress rule is written inside it; that this ends is not sure` });
    }
  }

  public unknownGroup(id: Id): Group {
    const label = `security group ${id.label}`;
    return { id, label, ingress: [], egress: [], doubt: this.values.isAssumedClosed(id) ? undefined : `the rules of ${label} are not in this app` };
  }

  /** A rule, once for each range of a prefix list that is known. */
  public rules(properties: Properties, side: 'Source' | 'Destination', where: string, doubt?: string): GroupRule[] {
    const { IpProtocol: protocol, FromPort: from, ToPort: to } = properties;
    const { traffic, doubt: unknown } = this.values.traffic(protocol, from, to);
    const what = protocol === '-1' || protocol === -1 ? 'everything' : `${labelOf(protocol)}${portsOf(from, to)}`;
    return this.peers(properties, side).map((peer) => ({
      label: `${where} lets ${what} ${side === 'Source' ? 'in from' : 'out to'} ${peer.label}`, peer, traffic, doubt: firstDoubt(doubt, unknown),
    }));
  }

  private anywhere(label: string): GroupRule {
    return { label: `${label} lets everything out`, peer: { label: 'anywhere', range: { label: 'anywhere', addresses: ANY_ADDRESS } }, traffic: ALL_TRAFFIC, isDefault: true };
  }

  private peers(properties: Properties, side: 'Source' | 'Destination'): Peer[] {
    const group = properties[`${side}SecurityGroupId`] ?? properties.SourceSecurityGroupName;
    const list = properties[`${side}PrefixListId`];
    const [v4, v6] = FAMILIES;
    const ranges = [
      ...(properties.CidrIp === undefined ? [] : [this.values.range(properties.CidrIp, v4)]),
      ...(properties.CidrIpv6 === undefined ? [] : [this.values.range(properties.CidrIpv6, v6)]),
      ...(list === undefined ? [] : this.prefixLists.get(this.values.id(list).key) ?? [this.values.symbolic(list)]),
    ].map((range) => ({ label: range.label, range }));
    if (group === undefined) return ranges;
    const id = this.values.id(group);
    return [...ranges, { label: id.label, group: id }];
  }
}

function portsOf(from: Value, to: Value): string {
  if (from === undefined) return '';
  return ` ${from === to || to === undefined ? labelOf(from) : `${labelOf(from)}-${labelOf(to)}`}`;
}
