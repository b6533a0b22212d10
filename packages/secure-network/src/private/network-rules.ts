import { Egress } from '../egress';
import { TierKind } from '../network-tier';
import type { SecureVpcProps } from '../secure-vpc';
import { PlannedSubnet, SubnetPlan } from '../subnet-plan';
import { TierAcl } from '../tier-acl';
import { aclProblems } from './acl-rules';

/** What is chosen, or else a NAT gateway in each zone where one can stand and is used. */
export function egressOf(plan: SubnetPlan, chosen: Egress | undefined): Egress {
  return chosen ?? (has(plan, TierKind.PUBLIC) && has(plan, TierKind.PRIVATE) ? Egress.PER_ZONE : Egress.NONE);
}

/** What keeps private tiers from leaving the way they are told to. */
export function egressProblems(plan: SubnetPlan, egress: Egress): string[] {
  const [stands, used] = [egress._isRegional || has(plan, TierKind.PUBLIC), has(plan, TierKind.PRIVATE)];
  const needs = egress._isRegional ? 'a private tier that uses it' : 'a public tier for the NAT gateways and a private tier that uses them';
  return [
    ...(egress.natGateways(plan.zoneCount) > 0 && !(stands && used)
      ? [`'egress' must go with ${needs}, got '${egress.name}' without; add the tier, or pass Egress.NONE`]
      : []),
    ...egress._addressProblems(plan.zoneCount),
  ];
}

/** What does not go together in a network. */
export function networkProblems(plan: SubnetPlan, props: SecureVpcProps): string[] {
  const ofLogGroup = Object.entries({ encryptionKey: props.encryptionKey, flowLogRetention: props.flowLogRetention })
    .filter(([, value]) => props.flowLogBucket && value !== undefined);
  return [
    ...ofLogGroup.map(([name]) => `'flowLogBucket' must go without '${name}', which belongs to a log group; the bucket has its own`),
    ...endpointProblems(plan, props),
    ...(props.tiers ?? []).flatMap(({ name, kind, acl }) => [
      ...(acl ? aclProblems(name, acl.rulesIn([plan.cidr, ...plan.secondaryCidrs])) : []),
      ...(acl === TierAcl.WITHIN_VPC && kind === TierKind.PUBLIC
        ? [`the network ACL of '${name}' must let packets out of the VPC, got WITHIN_VPC on a public tier; use another, or another kind`]
        : []),
    ]),
  ];
}

/** The tier that interface endpoints stand in: the one that is named, or else the first private one, or else the first isolated one. */
export function endpointTier(plan: SubnetPlan, name: string | undefined): PlannedSubnet | undefined {
  const tiers = plan.subnets.filter((subnet) => subnet.zone === 1 && subnet.kind !== TierKind.PUBLIC);
  return name === undefined ? tiers.find(({ kind }) => kind === TierKind.PRIVATE) ?? tiers[0] : tiers.find(({ tier }) => tier === name);
}

function endpointProblems(plan: SubnetPlan, props: SecureVpcProps): string[] {
  const name = props.endpointTier;
  if (!props.interfaceEndpoints) return name === undefined ? [] : [`'endpointTier' must go with 'interfaceEndpoints', got only '${name}'`];
  const got = name === undefined ? 'none' : `'${name}'`;
  return endpointTier(plan, name)
    ? []
    : [`'interfaceEndpoints' must stand in a private or isolated tier, got ${got}; add one to 'tiers', or name one in 'endpointTier'`];
}

function has(plan: SubnetPlan, kind: TierKind): boolean {
  return plan.subnets.some((subnet) => subnet.kind === kind);
}
