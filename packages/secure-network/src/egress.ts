import { Token } from 'aws-cdk-lib';

/** Where NAT gateways stand: nowhere, in zones, or in the region as a whole. */
type NatMode = 'none' | 'zonal' | 'regional';

const ALLOCATION_ID = /^eipalloc-[0-9a-f]{8,17}$/;

/**
 * How private tiers reach the internet. More ways may follow: do not compare, pass one on.
 */
export class Egress {
  /** Not at all. Private tiers reach AWS through endpoints only. */
  public static readonly NONE = new Egress('none', 'none', () => 0);

  /**
   * Through one NAT gateway, in the first zone. The cheapest that works; losing that zone cuts every private tier off, and
   * traffic from other zones is charged for crossing (NET-05).
   */
  public static readonly SINGLE = new Egress('single', 'zonal', () => 1);

  /** Through a NAT gateway in each zone: a zone that fails takes nothing else with it. */
  public static readonly PER_ZONE = new Egress('per-zone', 'zonal', (zones) => zones);

  /**
   * Through one regional NAT gateway, which AWS extends to every zone that has workloads. It needs no public tier, and costs in each
   * zone what a NAT gateway there does. The first machines of a zone may leave through another one for up to an hour.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
   */
  public static readonly REGIONAL = new Egress('regional', 'regional', () => 1);

  /**
   * `SINGLE`, from an Elastic IP of your own, which peers may already know.
   *
   * @param allocationId the allocation of the address, `eipalloc-…`
   */
  public static singleFrom(allocationId: string): Egress {
    return new Egress('single', 'zonal', () => 1, [allocationId]);
  }

  /**
   * `PER_ZONE`, from Elastic IPs of your own.
   *
   * @param allocationIds the allocations of the addresses, one for each zone, in the order of the zones. Append one for a zone that is added.
   */
  public static perZoneFrom(allocationIds: string[]): Egress {
    return new Egress('per-zone', 'zonal', (zones) => zones, allocationIds);
  }

  /**
   * `REGIONAL`, from Elastic IPs of your own. The gateway then serves the zones of this network only, whatever has workloads.
   *
   * @param allocationIds the allocations of the addresses, one for each zone, in the order of the zones. Append one for a zone that is added.
   */
  public static regionalFrom(allocationIds: string[]): Egress {
    return new Egress('regional', 'regional', () => 1, allocationIds);
  }

  private constructor(
    /** What this is called in messages. */
    public readonly name: string,
    private readonly mode: NatMode,
    private readonly count: (zones: number) => number,
    private readonly allocationIds?: string[],
  ) {}

  /**
   * How many NAT gateways this takes in a network of `zones` zones. A regional one is one, in however many zones.
   *
   * @param zones the number of availability zones
   */
  public natGateways(zones: number): number {
    return this.count(zones);
  }

  /**
   * The zones that a NAT gateway stands in, and is paid for in.
   *
   * @internal
   */
  public _natZones(zones: number): number {
    return this.mode === 'regional' ? zones : this.count(zones);
  }

  /**
   * Whether one gateway serves the region, and needs no subnet.
   *
   * @internal
   */
  public get _isRegional(): boolean {
    return this.mode === 'regional';
  }

  /**
   * The Elastic IPs that were given, by zone.
   *
   * @internal
   */
  public get _allocationIds(): string[] | undefined {
    return this.allocationIds;
  }

  /**
   * What is wrong with the Elastic IPs that were given.
   *
   * @internal
   */
  public _addressProblems(zones: number): string[] {
    const ids = this.allocationIds;
    if (!ids) return [];
    if (Token.isUnresolved(ids)) return ["the addresses of 'egress' must be a list of known length, got a token; select its items with Fn.select"];
    const wanted = this._natZones(zones);
    const repeated = ids.find((id, i) => ids.indexOf(id) !== i);
    return [
      ...(ids.length === wanted ? [] : [`'egress' must have one address for each of the ${wanted} zones it stands in, got ${ids.length}`]),
      ...ids.filter((id) => !Token.isUnresolved(id) && !ALLOCATION_ID.test(id))
        .map((id) => `the addresses of 'egress' must be allocations like eipalloc-0123456789abcdef0, got '${id}'`),
      ...(repeated ? [`the addresses of 'egress' must not repeat, got '${repeated}' twice; each NAT gateway needs its own`] : []),
    ];
  }
}
