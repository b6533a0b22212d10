import { TierAcl } from './tier-acl';

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
   * @default - laid out by `prefixLength`
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
   */
  readonly cidrs?: string[];

  /**
   * The size of each subnet, instead of `cidrs`: 16 to 28, which leaves 65,531 to 11 addresses. Each tier gets the first free block that
   * has room for the subnets of `roomForZones` zones, in the order of the tiers.
   *
   * Changing it moves this tier and those planned after it.
   *
   * @default - the subnets have the ranges in `cidrs`
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
   */
  readonly prefixLength?: number;

  /**
   * The network ACL of the subnets: a second line in front of the security groups. A public tier that lets nothing out of the VPC is refused.
   *
   * @default - the VPC's own, which lets everything through to the security groups
   */
  readonly acl?: TierAcl;
}
