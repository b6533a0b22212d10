import { Template } from 'aws-cdk-lib/assertions';

interface Rule {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly Description: string;
  readonly [peer: string]: unknown;
}

const PEERS = [
  'CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'DestinationSecurityGroupId', 'SourcePrefixListId', 'DestinationPrefixListId',
];

/** A token as the name it refers to. */
function nameOf(peer: unknown): string {
  const reference = peer as { 'Ref'?: string; 'Fn::GetAtt'?: string[] };
  return typeof peer === 'string' ? peer : reference.Ref ?? reference['Fn::GetAtt']!.join('.');
}

function written(rule: Rule): string {
  const peer = PEERS.map((name) => rule[name]).find((value) => value !== undefined);
  const ports = rule.FromPort === rule.ToPort ? rule.FromPort : `${rule.FromPort}-${rule.ToPort}`;
  return `${rule.IpProtocol} ${ports} ${nameOf(peer)}: ${rule.Description}`;
}

/** Every rule of a group, inline or a resource of its own, as `protocol ports peer: description`. */
export function rulesOf(template: Template, groupId: string): { ingress: string[]; egress: string[] } {
  const { Properties } = template.findResources('AWS::EC2::SecurityGroup')[groupId];
  const separate = (type: string) => Object.values(template.findResources(type))
    .map((found) => found.Properties as Rule)
    .filter((rule) => nameOf(rule.GroupId).split('.')[0] === groupId);
  return {
    ingress: [...(Properties.SecurityGroupIngress ?? []) as Rule[], ...separate('AWS::EC2::SecurityGroupIngress')].map(written),
    egress: [...(Properties.SecurityGroupEgress ?? []) as Rule[], ...separate('AWS::EC2::SecurityGroupEgress')].map(written),
  };
}
