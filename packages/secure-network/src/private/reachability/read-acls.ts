import { ANY_ADDRESS } from './addresses';
import { Acl, AclRule, Id } from './model';
import { ALL_TRAFFIC } from './traffic';
import { asObject, Resource, shortPath } from './tree';
import { firstDoubt, numberOf, partKey, Values } from './values';

/** The network ACLs of the tree, by key. The default one of a VPC lets everything through until entries are added before its own. */
export function readAcls(resources: readonly Resource[], values: Values): Map<string, Acl> {
  const acls = new Map<string, Acl>();
  for (const { type, path, doubt } of resources) {
    if (type === 'AWS::EC2::NetworkAcl') acls.set(path, { label: `network ACL ${shortPath(path)}`, ingress: [], egress: [], doubt });
    if (type === 'AWS::EC2::VPC') acls.set(partKey(path, 'DefaultNetworkAcl'), defaultAcl(shortPath(path)));
  }
  for (const entry of resources) {
    if (entry.type !== 'AWS::EC2::NetworkAclEntry') continue;
    const acl = acls.get(values.id(entry.properties.NetworkAclId).key);
    const egress = entry.properties.Egress;
    const unknownDirection = egress !== undefined && typeof egress !== 'boolean' && egress !== 'true' && egress !== 'false';
    const rule = readEntry(entry, values, unknownDirection ? `the direction of ${shortPath(entry.path)} is not known` : undefined);
    if (unknownDirection || String(egress) === 'true') acl?.egress.push(rule);
    if (unknownDirection || String(egress) !== 'true') acl?.ingress.push(rule);
  }
  for (const { ingress, egress } of acls.values()) [ingress, egress].forEach((rules) => rules.sort((a, b) => a.number - b.number));
  return acls;
}

/** An ACL that is not in the tree. */
export function aclElsewhere(id: Id): Acl {
  return { label: `network ACL ${id.label}`, ingress: [], egress: [], doubt: `the entries of network ACL ${id.label} are not in this app` };
}

function defaultAcl(vpc: string): Acl {
  const rule = { number: 100, label: 'rule 100 allows everything', allows: true, range: { label: 'anywhere', addresses: ANY_ADDRESS }, traffic: ALL_TRAFFIC };
  return { label: `default network ACL of ${vpc}`, ingress: [rule], egress: [rule] };
}

function readEntry({ path, properties, doubt }: Resource, values: Values, unknownDirection?: string): AclRule {
  const { RuleAction: action, Protocol: protocol } = properties;
  const [ports, icmp] = [asObject(properties.PortRange), asObject(properties.Icmp)];
  const { traffic, doubt: unknownTraffic } = values.traffic(protocol, ports.From ?? icmp.Type, ports.To ?? icmp.Code);
  const range = values.rangeOf(properties.CidrBlock, properties.Ipv6CidrBlock);
  const number = numberOf(properties.RuleNumber);
  const allows = action !== 'deny';
  return {
    // where it stands among the others decides: one that may be first is first, and in doubt
    number: number ?? -1,
    allows, range, traffic,
    label: `rule ${number ?? 'of unknown number'} (${shortPath(path)}) ${allows ? 'allows' : 'denies'} it`,
    doubt: firstDoubt(doubt, unknownDirection, unknownTraffic,
      number === undefined ? `the number of ${shortPath(path)} is not known` : undefined,
      action === 'allow' || action === 'deny' ? undefined : `the action of ${shortPath(path)} is not known`),
  };
}
