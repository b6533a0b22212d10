import { Cidr } from './cidr';

/** A tier to be laid out. */
export interface TierSize {
  readonly name: string;
  readonly prefixLength: number;
}

/** Where a tier stands; nothing if it does not fit in. */
export interface TierBlock {
  readonly name: string;
  readonly block: Cidr | undefined;
}

/** How long the prefix of a block is that has room for the subnets of so many zones. */
export function blockPrefix(prefixLength: number, roomForZones: number): number {
  return prefixLength - Math.ceil(Math.log2(roomForZones));
}

/**
 * The first free block for each tier, with room for more zones than it has.
 *
 * Where a tier stands depends on the tiers before it and on the areas up to its own, and on nothing else: more zones, tiers and areas,
 * and exact ranges of other tiers, move none. What collides is for the rules to say.
 */
export function plannedLayout(areas: Cidr[], tiers: TierSize[], roomForZones: number): TierBlock[] {
  const taken: Cidr[] = [];
  return tiers.map(({ name, prefixLength }) => {
    const block = firstFree(areas, blockPrefix(prefixLength, roomForZones), taken);
    if (block) taken.push(block);
    return { name, block };
  });
}

function firstFree(areas: Cidr[], prefix: number, taken: Cidr[]): Cidr | undefined {
  for (const area of areas.filter((one) => prefix >= one.prefix)) {
    const blocks = 2 ** (prefix - area.prefix);
    for (let i = 0; i < blocks; i++) {
      const block = area.block(prefix, i);
      if (!taken.some((other) => other.overlaps(block))) return block;
    }
  }
  return undefined;
}
