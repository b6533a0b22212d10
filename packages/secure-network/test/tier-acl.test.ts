import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { AclProtocol, AclRule, SecureVpc, SecureVpcProps, TierAcl } from '../src';
import { aclEntries } from './_helpers/acls';
import { WITH_DATABASE } from './_helpers/layouts';

describe('TierAcl', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack();
  });
  const network = (props?: SecureVpcProps) => new SecureVpc(stack, 'Network', props);
  const template = () => Template.fromStack(stack);

  describe('NET-14 network ACLs', () => {
    const withAcl = (acl: TierAcl, tier = 2) => WITH_DATABASE.map((one, i) => i === tier ? { ...one, acl } : one);

    test('a tier has the ACL of the VPC unless another is given', () => {
      network();
      template().resourceCountIs('AWS::EC2::NetworkAcl', 0);
    });

    test('is that of the subnets of its tier, and of no other', () => {
      const { vpc } = network({ tiers: withAcl(TierAcl.WITHIN_VPC) });
      const associated = Object.values(template().findResources('AWS::EC2::SubnetNetworkAclAssociation')).map((found) => found.Properties.SubnetId);
      expect(associated).toEqual(vpc.isolatedSubnets.map((subnet) => stack.resolve(subnet.subnetId)));
    });

    test('databases that speak to the VPC only', () => {
      network({ tiers: withAcl(TierAcl.WITHIN_VPC), secondaryCidrs: ['10.1.0.0/16'] });
      expect(aclEntries(template())).toEqual([
        'in 100 allow all 10.0.0.0/16', 'in 101 allow all 10.1.0.0/16', 'out 100 allow all 10.0.0.0/16', 'out 101 allow all 10.1.0.0/16',
      ]);
    });

    test('no rule lets SSH or remote desktop in from outside the VPC, and web traffic passes', () => {
      network({ tiers: withAcl(TierAcl.NO_ADMINISTRATION_FROM_OUTSIDE, 0) });
      const passes = (port: number) => Object.values(template().findResources('AWS::EC2::NetworkAclEntry')).map((found) => found.Properties)
        .filter(({ Egress, CidrBlock }) => !Egress && CidrBlock === '0.0.0.0/0')
        .some(({ Protocol, PortRange }) => [6, -1].includes(Protocol) && (!PortRange || (PortRange.From <= port && port <= PortRange.To)));
      expect([22, 3389].map(passes)).toEqual([false, false]);
      expect([21, 23, 80, 443, 1024, 3388, 3390, 65535].map(passes)).toEqual(Array(8).fill(true));
      expect(aclEntries(template())).toEqual(expect.arrayContaining(['in 100 allow all 10.0.0.0/16', 'in 300 allow icmp 0.0.0.0/0', 'out 100 allow all 0.0.0.0/0']));
    });

    test('rules of your own, denials before what they deny', () => {
      const { INGRESS, EGRESS } = ec2.TrafficDirection;
      network({ tiers: withAcl(TierAcl.of([
        { ruleNumber: 90, direction: INGRESS, cidr: '10.0.3.0/28', protocol: AclProtocol.ALL, action: ec2.Action.DENY },
        { ruleNumber: 100, direction: INGRESS, cidr: '10.0.3.0/24', protocol: AclProtocol.TCP, fromPort: 3306, toPort: 3306 },
        { ruleNumber: 100, direction: EGRESS, cidr: '10.0.3.0/24', protocol: AclProtocol.TCP, fromPort: 1024, toPort: 65535 },
        { ruleNumber: 110, direction: EGRESS, cidr: '10.0.3.0/24', protocol: AclProtocol.UDP },
      ])) });
      expect(aclEntries(template())).toEqual([
        'in 90 deny all 10.0.3.0/28', 'in 100 allow tcp 3306-3306 10.0.3.0/24', 'out 100 allow tcp 1024-65535 10.0.3.0/24', 'out 110 allow udp 0-65535 10.0.3.0/24',
      ]);
    });

    const rule: AclRule = { ruleNumber: 100, direction: ec2.TrafficDirection.INGRESS, cidr: '10.0.0.0/16', protocol: AclProtocol.TCP };
    const refused: Array<[string, AclRule[], string]> = [
      ['no rule', [], "the network ACL of 'Database' must have a rule, got none; without one nothing passes"],
      ['number 0', [{ ...rule, ruleNumber: 0 }], "rule 0 of the network ACL of 'Database' must have a whole number between 1 and 32766, got 0"],
      ['number 32767', [{ ...rule, ruleNumber: 32767 }], 'must have a whole number between 1 and 32766, got 32767'],
      ['half a number', [{ ...rule, ruleNumber: 1.5 }], 'must have a whole number between 1 and 32766, got 1.5'],
      ['a number twice', [rule, { ...rule, cidr: '10.1.0.0/16' }], "the inbound rules of the network ACL of 'Database' must have a number each, got 100 twice"],
      ['no range', [{ ...rule, cidr: 'anywhere' }], "the range of rule 100 of the network ACL of 'Database' must be an IPv4 CIDR like 10.0.1.0/24, got 'anywhere'"],
      ['host bits', [{ ...rule, cidr: '10.0.0.1/16' }], 'must begin at the first address of its range, got 10.0.0.1/16; use 10.0.0.0/16'],
      ['ports of ICMP', [{ ...rule, protocol: AclProtocol.ICMP, fromPort: 1, toPort: 2 }], 'must not have ports, got 1-2; only TCP and UDP have'],
      ['ports of everything', [{ ...rule, protocol: AclProtocol.ALL, fromPort: 443, toPort: 443 }], 'must not have ports, got 443-443; only TCP and UDP have'],
      ['half a port range', [{ ...rule, fromPort: 443 }], "must have 'fromPort' and 'toPort' or neither, got only 443"],
      ['port 65536', [{ ...rule, fromPort: 1, toPort: 65536 }], 'must have ports between 0 and 65535, got 1-65536'],
      ['ports from their end', [{ ...rule, fromPort: 90, toPort: 80 }], 'must begin at the lower port, got 90-80; use 80-90'],
      ['too many rules', Array.from({ length: 41 }, (_, i) => ({ ...rule, ruleNumber: i + 1 })), "the network ACL of 'Database' must have at most 40 inbound rules, got 41"],
    ];
    test.each(refused)('fails on %s', (_, rules, problem) => {
      expect(() => network({ tiers: withAcl(TierAcl.of(rules)) })).toThrow(problem);
    });

    test('fails on a public tier that lets nothing out', () => {
      expect(() => network({ tiers: withAcl(TierAcl.WITHIN_VPC, 0) }))
        .toThrow("the network ACL of 'Public' must let packets out of the VPC, got WITHIN_VPC on a public tier; use another, or another kind [Default/Network]");
    });
  });
});
