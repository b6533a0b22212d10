type Interval = readonly [low: bigint, high: bigint];

/** A set of numbers, kept as intervals that neither overlap nor touch. Addresses and kinds of traffic are both numbered on a line. */
export class Intervals {
  public static readonly NONE = new Intervals([]);

  /** All numbers from `low` to `high`, both included. */
  public static of(low: bigint, high: bigint): Intervals {
    return low > high ? Intervals.NONE : new Intervals([[low, high]]);
  }

  /** Whatever is in one of `sets`. */
  public static union(sets: readonly Intervals[]): Intervals {
    const sorted = sets.flatMap((set) => set.parts).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const merged: [bigint, bigint][] = [];
    for (const [low, high] of sorted) {
      const last = merged.at(-1);
      if (last && low <= last[1] + 1n) {
        if (high > last[1]) last[1] = high;
      } else {
        merged.push([low, high]);
      }
    }
    return new Intervals(merged);
  }

  private constructor(private readonly parts: readonly Interval[]) {}

  public get isEmpty(): boolean {
    return this.parts.length === 0;
  }

  /** The smallest number of a set that is not empty. */
  public get first(): bigint {
    return this.parts[0][0];
  }

  public union(other: Intervals): Intervals {
    if (this.isEmpty || other.isEmpty) return this.isEmpty ? other : this;
    return Intervals.union([this, other]);
  }

  public intersect(other: Intervals): Intervals {
    const common: Interval[] = [];
    let [i, j] = [0, 0];
    while (i < this.parts.length && j < other.parts.length) {
      const [[low, high], [otherLow, otherHigh]] = [this.parts[i], other.parts[j]];
      const [from, to] = [low > otherLow ? low : otherLow, high < otherHigh ? high : otherHigh];
      if (from <= to) common.push([from, to]);
      if (high < otherHigh) i++; else j++;
    }
    return new Intervals(common);
  }

  public minus(other: Intervals): Intervals {
    const left: Interval[] = [];
    let j = 0;
    for (const [low, high] of this.parts) {
      let from = low;
      while (j < other.parts.length && other.parts[j][1] < from) j++;
      for (let k = j; k < other.parts.length && other.parts[k][0] <= high; k++) {
        if (other.parts[k][0] > from) left.push([from, other.parts[k][0] - 1n]);
        from = other.parts[k][1] + 1n;
      }
      if (from <= high) left.push([from, high]);
    }
    return new Intervals(left);
  }

  public overlaps(other: Intervals): boolean {
    return !this.intersect(other).isEmpty;
  }

  public contains(other: Intervals): boolean {
    return other.minus(this).isEmpty;
  }

  public has(number: bigint): boolean {
    return this.parts.some(([low, high]) => low <= number && number <= high);
  }

  /** How many numbers are in the set. */
  public get size(): bigint {
    return this.parts.reduce((sum, [low, high]) => sum + high - low + 1n, 0n);
  }
}

/** Cuts `blocks` until each set of `by` contains a block or has nothing in common with it. */
export function refine(blocks: readonly Intervals[], by: readonly Intervals[]): Intervals[] {
  return by.reduce<Intervals[]>((pieces, set) => pieces.flatMap((piece) => {
    const inside = piece.intersect(set);
    return inside.isEmpty || inside.size === piece.size ? [piece] : [inside, piece.minus(set)];
  }), [...blocks]);
}
