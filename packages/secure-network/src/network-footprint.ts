/**
 * What a network takes of the account's quotas and of its own addresses, as data for checks of quota and cost.
 */
export interface NetworkFootprint {
  /** Availability zones. */
  readonly availabilityZones: number;

  /** Subnets; each has a route table of its own. */
  readonly subnets: number;

  /** Internet gateways. */
  readonly internetGateways: number;

  /** NAT gateways. */
  readonly natGateways: number;

  /** Elastic IPs; those of the NAT gateways. */
  readonly elasticIps: number;

  /** Gateway endpoints. They cost nothing. */
  readonly gatewayEndpoints: number;

  /** Addresses left to you, by tier, over all zones. A tier whose ranges are tokens counts as none. */
  readonly usableAddresses: { [tier: string]: number };
}
