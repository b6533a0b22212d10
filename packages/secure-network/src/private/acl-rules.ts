import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { AclProtocol, AclRule } from '../tier-acl';
import { formProblem } from './range-rules';

/** What the quota, 20 by default, can be raised to. */
const MOST_RULES = 40;

/** EC2 keeps 32,767 for the rule that stops the rest. */
const LAST_RULE = 32766;

const nameOf = (direction: ec2.TrafficDirection) => direction === ec2.TrafficDirection.INGRESS ? 'inbound' : 'outbound';

/** What is wrong with the rules of a network ACL. */
export function aclProblems(tier: string, rules: AclRule[]): string[] {
  return [
    ...(rules.length === 0 ? [`the network ACL of '${tier}' must have a rule, got none; without one nothing passes`] : []),
    ...rules.flatMap((rule) => ruleProblems(`rule ${rule.ruleNumber} of the network ACL of '${tier}'`, rule)),
    ...[ec2.TrafficDirection.INGRESS, ec2.TrafficDirection.EGRESS].flatMap((direction) => listProblems(tier, direction, rules)),
  ];
}

/** Adds the rules to a network ACL, each by its direction and number: another rule changes none that is there. */
export function addRules(acl: ec2.NetworkAcl, rules: AclRule[]): void {
  for (const rule of rules) {
    acl.addEntry(`${nameOf(rule.direction)}${rule.ruleNumber}`, {
      ruleNumber: rule.ruleNumber,
      direction: rule.direction,
      cidr: ec2.AclCidr.ipv4(rule.cidr),
      traffic: trafficOf(rule),
      ruleAction: rule.action ?? ec2.Action.ALLOW,
    });
  }
}

function trafficOf({ protocol, fromPort = 0, toPort = 65535 }: AclRule): ec2.AclTraffic {
  switch (protocol) {
    case AclProtocol.TCP: return ec2.AclTraffic.tcpPortRange(fromPort, toPort);
    case AclProtocol.UDP: return ec2.AclTraffic.udpPortRange(fromPort, toPort);
    case AclProtocol.ICMP: return ec2.AclTraffic.icmp({ type: -1, code: -1 });
    case AclProtocol.ALL: return ec2.AclTraffic.allTraffic();
  }
}

function ruleProblems(subject: string, { ruleNumber, cidr, protocol, fromPort, toPort }: AclRule): string[] {
  const numbered = Number.isInteger(ruleNumber) && ruleNumber >= 1 && ruleNumber <= LAST_RULE;
  const malformed = Token.isUnresolved(cidr) ? undefined : formProblem(`the range of ${subject}`, cidr);
  return [
    ...(numbered || Token.isUnresolved(ruleNumber) ? [] : [`${subject} must have a whole number between 1 and ${LAST_RULE}, got ${ruleNumber}`]),
    ...(malformed ? [malformed] : []),
    ...portProblems(subject, protocol, fromPort, toPort),
  ];
}

function portProblems(subject: string, protocol: AclProtocol, fromPort?: number, toPort?: number): string[] {
  const ports = [fromPort, toPort].filter((port) => port !== undefined);
  if (ports.length === 0 || ports.some((port) => Token.isUnresolved(port))) return [];
  if (![AclProtocol.TCP, AclProtocol.UDP].includes(protocol)) return [`${subject} must not have ports, got ${ports.join('-')}; only TCP and UDP have`];
  if (ports.length === 1) return [`${subject} must have 'fromPort' and 'toPort' or neither, got only ${ports[0]}`];
  if (ports.some((port) => !Number.isInteger(port) || port < 0 || port > 65535)) return [`${subject} must have ports between 0 and 65535, got ${ports.join('-')}`];
  return fromPort! > toPort! ? [`${subject} must begin at the lower port, got ${ports.join('-')}; use ${toPort}-${fromPort}`] : [];
}

function listProblems(tier: string, direction: ec2.TrafficDirection, all: AclRule[]): string[] {
  const rules = all.filter((rule) => rule.direction === direction);
  const numbers = rules.map(({ ruleNumber }) => ruleNumber);
  const repeated = numbers.find((number, i) => numbers.indexOf(number) !== i);
  return [
    ...(repeated === undefined ? [] : [`the ${nameOf(direction)} rules of the network ACL of '${tier}' must have a number each, got ${repeated} twice`]),
    ...(rules.length > MOST_RULES ? [`the network ACL of '${tier}' must have at most ${MOST_RULES} ${nameOf(direction)} rules, got ${rules.length}`] : []),
  ];
}
