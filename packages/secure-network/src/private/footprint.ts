import { NetworkFootprint } from '../network-footprint';
import { TierKind } from '../network-tier';
import { SubnetPlan } from '../subnet-plan';

/** What a network on this plan takes. */
export function footprintOf(plan: SubnetPlan, natGateways: number, gatewayEndpoints: number): NetworkFootprint {
  const usableAddresses: { [tier: string]: number } = {};
  for (const subnet of plan.subnets) {
    usableAddresses[subnet.tier] = (usableAddresses[subnet.tier] ?? 0) + (subnet.usableAddresses ?? 0);
  }
  return {
    availabilityZones: plan.zoneCount,
    subnets: plan.subnets.length,
    internetGateways: plan.subnets.some((subnet) => subnet.kind === TierKind.PUBLIC) ? 1 : 0,
    natGateways,
    elasticIps: natGateways,
    gatewayEndpoints,
    usableAddresses,
  };
}
