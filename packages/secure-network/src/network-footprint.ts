/**
 * What a network takes of the account's quotas and of its own addresses, as data for checks of quota and cost.
 */
export interface NetworkFootprint {
  /** How many zones the network spans. */
  readonly availabilityZones: number;

  /** How many subnets it has, over all tiers and zones; each has a route table of its own. */
  readonly subnets: number;

  /** How many internet gateways it has: one if a tier is public. A region has as many as VPCs, 5 by default. */
  readonly internetGateways: number;

  /** How many NAT gateways it pays for. A zone has 5 by default. */
  readonly natGateways: number;

  /** How many public addresses it takes, all for NAT gateways. A region has 5 by default. */
  readonly elasticIps: number;

  /** How many endpoints its route tables lead to. They cost nothing. */
  readonly gatewayEndpoints: number;

  /** How many addresses are left to you in each tier, over all zones. A tier whose ranges are tokens counts as none. */
  readonly usableAddresses: { [tier: string]: number };
}
