/**
 * What the subnets of a tier may reach, and who may reach them.
 */
export enum TierKind {
  /** Routed to the internet gateway. Addresses are never assigned automatically. */
  PUBLIC = 'PUBLIC',

  /** Reaches the internet through NAT gateways, if the network has any; nothing on the internet reaches it. */
  PRIVATE = 'PRIVATE',

  /** Has no route to the internet, in no direction. For databases. */
  ISOLATED = 'ISOLATED',
}

/**
 * Subnets that serve one purpose, one in each availability zone.
 */
export interface NetworkTier {
  /**
   * The name of the tier. A letter, then letters, digits and `-`; at most 32 characters.
   *
   * It stands in the logical ids of the subnets: another name is another set of subnets.
   */
  readonly name: string;

  /**
   * What the subnets may reach, and who may reach them.
   */
  readonly kind: TierKind;

  /**
   * The address range of each subnet, one per availability zone, in the order of the zones: /16 to /28, inside the VPC.
   *
   * To add a zone, append to the lists of all tiers: what is there stays as it is.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
   */
  readonly cidrs: string[];
}
