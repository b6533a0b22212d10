/**
 * How private tiers reach the internet. More ways may follow: do not compare, pass one on.
 */
export class Egress {
  /** Not at all. Private tiers reach AWS through endpoints only. */
  public static readonly NONE = new Egress('none', () => 0);

  /**
   * Through one NAT gateway, in the first zone. The cheapest that works; losing that zone cuts every private tier off, and
   * traffic from other zones is charged for crossing (NET-05).
   */
  public static readonly SINGLE = new Egress('single', () => 1);

  /** Through a NAT gateway in each zone: a zone that fails takes nothing else with it. */
  public static readonly PER_ZONE = new Egress('per-zone', (zones) => zones);

  private constructor(
    /** What this is called in messages. */
    public readonly name: string,
    private readonly count: (zones: number) => number,
  ) {}

  /**
   * How many NAT gateways, each with its Elastic IP, this takes in a network of `zones` zones.
   *
   * @param zones the number of availability zones
   */
  public natGateways(zones: number): number {
    return this.count(zones);
  }
}
