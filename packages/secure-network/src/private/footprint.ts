import { Egress } from '../egress';
import { NetworkFootprint } from '../network-footprint';
import { TierKind } from '../network-tier';
import { SubnetPlan } from '../subnet-plan';

/** What a network has besides its subnets. */
export interface NetworkParts {
  readonly egress: Egress;
  readonly gatewayEndpoints: number;
  readonly interfaceEndpoints: number;
}

/** What a network on this plan takes. */
export function footprintOf(plan: SubnetPlan, { egress, gatewayEndpoints, interfaceEndpoints }: NetworkParts): NetworkFootprint {
  const usableAddresses: { [tier: string]: number } = {};
  for (const subnet of plan.subnets) {
    usableAddresses[subnet.tier] = (usableAddresses[subnet.tier] ?? 0) + (subnet.usableAddresses ?? 0);
  }
  const natZones = egress._natZones(plan.zoneCount);
  const hasPublicTier = plan.subnets.some((subnet) => subnet.kind === TierKind.PUBLIC);
  return {
    availabilityZones: plan.zoneCount,
    subnets: plan.subnets.length,
    internetGateways: hasPublicTier || natZones > 0 ? 1 : 0,
    natGateways: egress.natGateways(plan.zoneCount),
    natGatewayZones: natZones,
    elasticIps: egress._allocationIds ? 0 : natZones,
    gatewayEndpoints,
    interfaceEndpoints,
    networkInterfaces: (egress._isRegional ? 0 : natZones) + interfaceEndpoints * plan.zoneCount,
    usableAddresses,
  };
}
