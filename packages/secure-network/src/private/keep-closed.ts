import { Lazy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** The rule CDK itself writes for a group without egress: an ICMP type that does not exist, to nobody. */
const NO_TRAFFIC: ec2.CfnSecurityGroup.EgressProperty = {
  cidrIp: '255.255.255.255/32',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  description: 'Disallow all traffic',
};

/**
 * Keeps at least one egress rule inside the group itself.
 *
 * EC2 opens a group that is created without one to everything. CDK takes its placeholder out when the first rule comes, even if that
 * rule is a resource of its own, as rules towards other groups and prefix lists are.
 */
export function keepClosed(group: ec2.SecurityGroup): void {
  const resource = group.node.defaultChild as ec2.CfnSecurityGroup;
  const inline = resource.securityGroupEgress;
  const hasRules = () => ((Stack.of(group).resolve(inline) ?? []) as unknown[]).length > 0;
  // the rules go on as the token they are: resolved here, references to other stacks would be lost
  resource.securityGroupEgress = Lazy.any({ produce: () => hasRules() ? inline : [NO_TRAFFIC] });
}
