import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Cidr } from './cidr';

/** One rule of a security group, seen from the group. */
export interface PeerRule {
  readonly peer: ec2.IPeer;
  readonly port: ec2.Port;
  readonly description: string;
}

/** Shorter IPv4 prefixes than this are no administrator's network. */
const WIDEST_IPV4 = 8;

/** What a provider is allocated; a shorter IPv6 prefix is several of them. */
const WIDEST_IPV6 = 32;

/** What the rules towards interface endpoints say, on both sides. */
export const ENDPOINT_RULE = 'AWS services through endpoints';

const WEB_PORTS = [80, 443];

/** The characters EC2 takes in descriptions of groups and rules. */
const DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

/** What is wrong with a description, if anything. */
export function descriptionProblem(subject: string, description: string): string | undefined {
  return Token.isUnresolved(description) || DESCRIPTION.test(description)
    ? undefined
    : `${subject} must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, got '${description}'`;
}

/** What is wrong with the ports of a rule, if anything: one protocol, named ports. */
export function portProblem(subject: string, port: ec2.Port): string | undefined {
  const { ipProtocol, fromPort, toPort } = ruleOf(port);
  if (!['tcp', 'udp'].includes(ipProtocol)) return `${subject} must be TCP or UDP ports, got ${port}; name the ports that are served`;
  if (Token.isUnresolved(fromPort) || Token.isUnresolved(toPort)) return undefined;
  if (fromPort === undefined || toPort === undefined || !isPort(fromPort) || !isPort(toPort)) return `${subject} must be between 1 and 65535, got ${port}; name the ports that are served`;
  if (fromPort > toPort) return `${subject} must begin at the lower port, got ${fromPort}-${toPort}; use ${toPort}-${fromPort}`;
  return undefined;
}

/** What is wrong with letting administrators in from a peer, if anything. */
export function administratorProblem(subject: string, peer: ec2.IPeer): string | undefined {
  return wideProblem(subject, peer, 'pass your network, or use Session Manager');
}

/** What is wrong with letting a peer reach what only your networks should, if anything. */
export function insideProblem(subject: string, peer: ec2.IPeer): string | undefined {
  return wideProblem(subject, peer, 'pass the ranges of your networks');
}

/** What is wrong with a rule that is open to the whole internet, or nearly, if it is. */
export function internetProblem(subject: string, { peer, port }: PeerRule): string | undefined {
  const { ipv4, ipv6 } = addressesOf(peer);
  return isAlmostAnyone(peer) && !isWeb(port)
    ? `${subject} must not be any address, or nearly, but for TCP ${WEB_PORTS.join(' and ')}, got ${ipv4 ?? ipv6} on ${port}; pass the addresses that need it`
    : canonicalProblem(subject, peer);
}

function wideProblem(subject: string, peer: ec2.IPeer, remedy: string): string | undefined {
  const { ipv4, ipv6 } = addressesOf(peer);
  return isAlmostAnyone(peer)
    ? `${subject} must not be any address, or nearly: at least /${WIDEST_IPV4} for IPv4 and /${WIDEST_IPV6} for IPv6, got ${ipv4 ?? ipv6}; ${remedy}`
    : canonicalProblem(subject, peer);
}

function canonicalProblem(subject: string, peer: ec2.IPeer): string | undefined {
  const range = Cidr.parse(addressesOf(peer).ipv4 ?? '');
  return range && !range.isCanonical ? `${subject} must begin at the first address of its range, got ${range}; use ${range.canonical}` : undefined;
}

function isAlmostAnyone(peer: ec2.IPeer): boolean {
  const { ipv4, ipv6 } = addressesOf(peer);
  return (ipv4 !== undefined && prefixOf(ipv4, 32) < WIDEST_IPV4) || (ipv6 !== undefined && prefixOf(ipv6, 128) < WIDEST_IPV6);
}

function isWeb(port: ec2.Port): boolean {
  const { ipProtocol, fromPort, toPort } = ruleOf(port);
  return ipProtocol === 'tcp' && fromPort === toPort && WEB_PORTS.includes(fromPort ?? NaN);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** The address range a peer stands for; nothing for groups, prefix lists, and ranges known only at deployment. */
function addressesOf(peer: ec2.IPeer): { ipv4?: string; ipv6?: string } {
  const { cidrIp, cidrIpv6 } = peer.toIngressRuleConfig() as ec2.IngressRuleConfig;
  return {
    ipv4: Token.isUnresolved(cidrIp) ? undefined : cidrIp,
    ipv6: Token.isUnresolved(cidrIpv6) ? undefined : cidrIpv6,
  };
}

function prefixOf(range: string, whole: number): number {
  return Number(range.split('/')[1] ?? whole);
}

function ruleOf(port: ec2.Port): { ipProtocol: string; fromPort?: number; toPort?: number } {
  return port.toRuleJson();
}
