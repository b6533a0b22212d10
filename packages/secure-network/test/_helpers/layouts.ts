import { NetworkTier, TierKind } from '../../src';

/** Public and private subnets over two zones (B-01). */
export const TWO_ZONES: NetworkTier[] = [
  { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.1.0/24', '10.0.2.0/24'] },
  { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.3.0/24', '10.0.4.0/24'] },
];

/** The same, and a tier for databases (D-01). */
export const WITH_DATABASE: NetworkTier[] = [
  ...TWO_ZONES,
  { name: 'Database', kind: TierKind.ISOLATED, cidrs: ['10.0.5.0/24', '10.0.6.0/24'] },
];

/** One public and one private subnet (P-03). */
export const ONE_ZONE: NetworkTier[] = [
  { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.1.0/24'] },
  { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.2.0/24'] },
];
