const OCTET = '(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])';
const CIDR = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}/(0|[1-9]|[12][0-9]|3[0-2])$`);

/** An IPv4 range. Plain numbers instead of bit operators: those are signed at 32 bits. */
export class Cidr {
  /** The range that `text` writes, or nothing if it is not a CIDR. Octets with leading zeros are not: some parsers read them as octal. */
  public static parse(text: string): Cidr | undefined {
    const match = CIDR.exec(text);
    if (!match) return undefined;
    const [a, b, c, d, prefix] = match.slice(1).map(Number);
    return new Cidr(((a * 256 + b) * 256 + c) * 256 + d, prefix);
  }

  private constructor(private readonly address: number, public readonly prefix: number) {}

  /** How many addresses the range has. */
  public get size(): number {
    return 2 ** (32 - this.prefix);
  }

  /** The same range, written from its first address. */
  public get canonical(): Cidr {
    return new Cidr(this.address - this.address % this.size, this.prefix);
  }

  /** Whether the range is written from its first address. */
  public get isCanonical(): boolean {
    return this.address % this.size === 0;
  }

  /** Whether every address of `other` is in this range. */
  public contains(other: Cidr): boolean {
    return other.prefix >= this.prefix && this.overlaps(other);
  }

  /** Whether any address is in both ranges. */
  public overlaps(other: Cidr): boolean {
    const [mine, theirs] = [this.canonical, other.canonical];
    return mine.address < theirs.address + theirs.size && theirs.address < mine.address + mine.size;
  }

  /** The block number `index`, from 0, when this range is cut into blocks of `prefix` bits. */
  public block(prefix: number, index: number): Cidr {
    return new Cidr(this.canonical.address + index * 2 ** (32 - prefix), prefix);
  }

  public toString(): string {
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(this.address / 2 ** shift) % 256);
    return `${octets.join('.')}/${this.prefix}`;
  }
}

/** Whether one range is in another, as far as can be known: ranges that are tokens may be anything. */
export function mayContain(outer: string, inner: string): boolean {
  const [range, other] = [Cidr.parse(outer), Cidr.parse(inner)];
  return !range || !other || range.contains(other);
}
