import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/** Where one instance goes, and whether it has an address that the internet knows. */
export interface Place {
  readonly vpc: ec2.IVpc;
  readonly publicTier: boolean;
}

/** Where instances go if nobody says where. */
export function subnetsOfTier(publicTier: boolean): ec2.SubnetSelection {
  return { subnetType: publicTier ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS };
}

/** One instance is in the public tier, and has an address there, if that was chosen; and never by accident (CMP-01). */
export function checkPlace(scope: Construct, subnet: ec2.ISubnet, { vpc, publicTier }: Place): void {
  const isPublic = vpc.publicSubnets.includes(subnet);
  if (isPublic && !publicTier) {
    throw new Error(`'subnets' must not select public subnets unless 'publicTier' is true; select private ones, or choose to let the internet reach the instance [${scope.node.path}]`);
  }
  if (publicTier && !isPublic) {
    throw new Error(`'subnets' must select public subnets of the VPC with 'publicTier', as nothing reaches an address in others; leave one of the two out [${scope.node.path}]`);
  }
  if (publicTier) {
    Annotations.of(scope).addWarningV2('monitored-compute:CMP-01', 'the internet can reach this instance; put a load balancer into the public tier, and the instance behind it');
  }
}

/** The subnets that were selected: one at least. */
export function selectSubnets(scope: Construct, vpc: ec2.IVpc, selection: ec2.SubnetSelection): ec2.SelectedSubnets {
  const placement = vpc.selectSubnets(selection);
  if (placement.subnets.length === 0) {
    throw new Error(`'subnets' must select at least one subnet of the VPC, got none [${scope.node.path}]`);
  }
  return placement;
}

/** The groups that were given, or a new one that lets nothing in, and only HTTPS out (CMP-07). */
export function securityGroupsOf(scope: Construct, vpc: ec2.IVpc, given?: ec2.ISecurityGroup[]): ec2.ISecurityGroup[] {
  if (given?.length === 0) {
    throw new Error(`'securityGroups' must name at least one group, got none; leave it out for a closed one [${scope.node.path}]`);
  }
  return given ?? [closedSecurityGroup(scope, vpc)];
}

function closedSecurityGroup(scope: Construct, vpc: ec2.IVpc): ec2.ISecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc, description: `Instance ${scope.node.path}`, allowAllOutbound: false, allowAllIpv6Outbound: false });
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'AWS services and package repositories');
  return group;
}
