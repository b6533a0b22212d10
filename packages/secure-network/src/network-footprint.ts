/**
 * What a network takes of the account's quotas and of its own addresses, as data for checks of quota and cost.
 */
export interface NetworkFootprint {
  /** How many zones the network spans. */
  readonly availabilityZones: number;

  /** How many subnets it has, over all tiers and zones; each has a route table of its own. */
  readonly subnets: number;

  /** How many internet gateways it has: one if a tier is public, or if there is a NAT gateway. A region has as many as VPCs, 5 by default. */
  readonly internetGateways: number;

  /** How many NAT gateways it has. A zone has 5 by default; a regional one counts once. */
  readonly natGateways: number;

  /** In how many zones it pays for a NAT gateway by the hour; with a regional one, if there are workloads in all. */
  readonly natGatewayZones: number;

  /**
   * How many public addresses it takes, all for NAT gateways. A region has 5 by default. Your own are not counted: they are there already.
   * A regional gateway is counted with one for each zone, which AWS allocates.
   */
  readonly elasticIps: number;

  /** How many endpoints its route tables lead to. They cost nothing. */
  readonly gatewayEndpoints: number;

  /** How many endpoints it pays for, in each zone. A VPC has 50 by default. */
  readonly interfaceEndpoints: number;

  /**
   * How many network interfaces its NAT gateways and endpoints take, each with an address of the tier it stands in. A region has
   * 5,000 by default. Those of a regional NAT gateway are in no tier and not counted.
   */
  readonly networkInterfaces: number;

  /** How many addresses are left to you in each tier, over all zones. A tier whose ranges are tokens counts as none. */
  readonly usableAddresses: { [tier: string]: number };
}
