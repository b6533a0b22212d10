import { Template } from 'aws-cdk-lib/assertions';

const PROTOCOLS: Record<number, string> = { [-1]: 'all', 1: 'icmp', 6: 'tcp', 17: 'udp' };

interface Entry {
  readonly RuleNumber: number;
  readonly Egress: boolean;
  readonly RuleAction: string;
  readonly Protocol: number;
  readonly PortRange?: { readonly From: number; readonly To: number };
  readonly CidrBlock: string;
}

/** Every rule of the network ACLs of a template, as `direction number action protocol ports range`, in the order AWS reads them. */
export function aclEntries(template: Template): string[] {
  const entries = Object.values(template.findResources('AWS::EC2::NetworkAclEntry')).map((found) => found.Properties as Entry);
  return entries.sort((one, other) => Number(one.Egress) - Number(other.Egress) || one.RuleNumber - other.RuleNumber).map((entry) => [
    entry.Egress ? 'out' : 'in', entry.RuleNumber, entry.RuleAction, PROTOCOLS[entry.Protocol],
    ...(entry.PortRange ? [`${entry.PortRange.From}-${entry.PortRange.To}`] : []), entry.CidrBlock,
  ].join(' '));
}
