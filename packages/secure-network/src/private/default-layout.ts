import { NetworkTier, TierKind } from '../network-tier';
import { Cidr } from './cidr';

const TIERS = [
  { name: 'Public', kind: TierKind.PUBLIC },
  { name: 'Private', kind: TierKind.PRIVATE },
  { name: 'Isolated', kind: TierKind.ISOLATED },
];

/** How many zones the default layout has room for. */
export const DEFAULT_LAYOUT_ZONES = 4;

/** The smallest VPC the default layout fits into: a sixteenth of it is a /28, the smallest subnet. */
export const DEFAULT_LAYOUT_PREFIX = 24;

/**
 * Three tiers, each in a quarter of the VPC, each zone in a quarter of its tier.
 *
 * The last quarter of the VPC and the unused zones of each tier stay free, so that a tier or a zone can be added
 * without moving a subnet.
 */
export function defaultLayout(vpc: Cidr, zones: number): NetworkTier[] {
  return TIERS.map((tier, quarter) => ({
    ...tier,
    cidrs: Array.from({ length: zones }, (_, zone) => String(vpc.block(vpc.prefix + 2, quarter).block(vpc.prefix + 4, zone))),
  }));
}
