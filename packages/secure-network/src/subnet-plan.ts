import { Token } from 'aws-cdk-lib';
import { NetworkTier, TierKind } from './network-tier';
import { Cidr } from './private/cidr';
import { DEFAULT_LAYOUT_PREFIX, DEFAULT_LAYOUT_ZONES, defaultLayout } from './private/default-layout';
import { areaProblems, placementProblems, prefixProblem, reservedProblems, roomProblems, subnetProblems, tierProblems, zoneProblems } from './private/plan-rules';
import { plannedLayout, TierBlock, TierSize } from './private/planned-layout';
import { secondaryProblems, vpcProblems } from './private/vpc-rules';

/** AWS keeps the first four addresses and the last one of every subnet. */
const RESERVED_ADDRESSES = 5;

const UNKNOWN_AREA = "tiers with a 'prefixLength' must be laid out in ranges known at synthesis, got a token; pass 'plannedWithin', or 'cidrs'";

/** What most regions have room for: three zones, and the next power of two. */
const DEFAULT_ROOM = 4;

/**
 * Properties of `SubnetPlan`: the addresses of a network.
 */
export interface SubnetPlanProps {
  /**
   * The address range of the VPC: /16 to /28, private (RFC 1918 or 100.64.0.0/10), written from its first address.
   *
   * Changing it replaces the VPC and everything in it.
   *
   * @default '10.0.0.0/16'
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
   */
  readonly cidr?: string;

  /**
   * More address ranges of the VPC: /16 to /28, in the private range of `cidr` or in 100.64.0.0/10. A VPC has 5 ranges by default,
   * the first one included.
   *
   * Append, and nothing that is there moves. A range is taken away only after the subnets in it.
   *
   * @default - the VPC has one range
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
   */
  readonly secondaryCidrs?: string[];

  /**
   * The tiers of the network, each with one exact address range per availability zone, or with the size of its subnets.
   *
   * Append new tiers: what is there stays as it is.
   *
   * @default - tiers `Public`, `Private` and `Isolated`, each in a quarter of the VPC, each zone in a quarter of its tier;
   * the rest stays free for more zones (up to 4) and one more tier. Needs a VPC of /24 or larger
   */
  readonly tiers?: NetworkTier[];

  /**
   * Where tiers that have a `prefixLength` are laid out: ranges inside the VPC, /16 to /28, used from the first to the last.
   *
   * Beside tiers of exact ranges, name an area that they leave free. Append, and nothing that is there moves.
   *
   * @default - all ranges of the VPC
   */
  readonly plannedWithin?: string[];

  /**
   * For how many zones each tier that has a `prefixLength` keeps room, from 1 to 6, so that a zone can be added and nothing moves.
   * Room is made in powers of two: 3 keeps as much as 4.
   *
   * Changing it moves those tiers.
   *
   * @default 4
   */
  readonly roomForZones?: number;

  /**
   * Ranges inside the VPC that no subnet may stand in: kept for later, or taken by something that is not in this stack.
   *
   * Tiers that have a `prefixLength` do not step aside, which would replace their subnets: lay them out elsewhere by `plannedWithin`.
   *
   * @default - no range is kept free
   */
  readonly reservedCidrs?: string[];

  /**
   * How many availability zones the network spans, from 2 to 6. They are the first ones the account has in the region, picked at deployment.
   *
   * @default - as many as `availabilityZones` names, or as the first tier that has exact ranges has; else 2
   */
  readonly availabilityZoneCount?: number;

  /**
   * The availability zones by name, for example to sit where a peer network sits.
   *
   * @default - the first zones the account has in the region, picked at deployment; as many as `availabilityZoneCount`
   */
  readonly availabilityZones?: string[];

  /**
   * Puts the whole network in one availability zone. Losing that zone then loses the network, and nothing
   * that needs two zones (load balancers, database subnet groups) can be placed in it (NET-02).
   *
   * @default false
   */
  readonly singleZone?: boolean;
}

/**
 * One subnet of a plan.
 */
export interface PlannedSubnet {
  /** The name of its tier. */
  readonly tier: string;

  /** What it may reach, and who may reach it. */
  readonly kind: TierKind;

  /** The number of its availability zone, from 1. */
  readonly zone: number;

  /** Its address range. */
  readonly cidr: string;

  /**
   * The addresses that are left to you: AWS keeps five of each subnet.
   *
   * @default - unknown until the deployment, because the range is a token
   */
  readonly usableAddresses?: number;
}

/**
 * The addresses of a network: a range for every subnet, and all that is wrong with them. Makes no resource and needs no stack.
 *
 * Checked: written form, AWS size limits, private ranges, containment in the VPC, overlap, room for what is planned, ranges that
 * are kept free, one range per tier and zone, at least two zones. Ranges that are tokens are left to the deployment.
 *
 * Controls: NET-01 exact addresses, NET-02 zones, NET-12 stable layout.
 */
export class SubnetPlan {
  /** The address range of the VPC. */
  public readonly cidr: string;

  /** The further address ranges of the VPC. */
  public readonly secondaryCidrs: string[];

  /** The number of availability zones. */
  public readonly zoneCount: number;

  /** Every subnet, by tier in the order given, then by zone. */
  public readonly subnets: PlannedSubnet[];

  /** What keeps this plan from being deployed, one sentence each. Empty for a good plan. */
  public readonly problems: string[];

  constructor(props: SubnetPlanProps = {}) {
    this.cidr = props.cidr ?? '10.0.0.0/16';
    this.secondaryCidrs = props.secondaryCidrs ?? [];
    const singleZone = props.singleZone ?? false;
    const exact = props.tiers?.find((tier) => tier.cidrs !== undefined);
    this.zoneCount = props.availabilityZones?.length ?? props.availabilityZoneCount ?? exact?.cidrs?.length ?? (singleZone ? 1 : 2);

    const range = Cidr.parse(this.cidr);
    const vpcIsWrong = vpcProblems(this.cidr);
    const secondariesAreWrong = secondaryProblems(vpcIsWrong.length > 0 ? undefined : range, this.secondaryCidrs);
    const zonesAreWrong = zoneProblems(this.zoneCount, props.availabilityZones, props.availabilityZoneCount, singleZone);
    this.problems = [...vpcIsWrong, ...secondariesAreWrong, ...zonesAreWrong];
    // inside what: known only if every range of the VPC is, and good
    const vpcRanges = vpcIsWrong.length + secondariesAreWrong.length > 0 ? undefined : parsed([this.cidr, ...this.secondaryCidrs]);

    if (props.tiers) {
      const tiers = this.placed(props.tiers, props, vpcRanges);
      this.problems.push(...tierProblems(props.tiers, this.zoneCount));
      this.subnets = this.subnetsOf(tiers);
      this.problems.push(...subnetProblems(vpcRanges, this.subnets));
    } else {
      const impossible = this.defaultLayoutProblems();
      this.problems.push(...impossible);
      this.subnets = this.subnetsOf(range && impossible.length === 0 && zonesAreWrong.length === 0 ? defaultLayout(range, this.zoneCount) : []);
    }
    this.problems.push(...reservedProblems(vpcRanges, props.reservedCidrs ?? [], this.subnets));
  }

  /** The tiers with their ranges: those written down as they are, the others laid out. */
  private placed(tiers: NetworkTier[], props: SubnetPlanProps, vpcRanges: Cidr[] | undefined): NetworkTier[] {
    const sizes: TierSize[] = tiers.flatMap(({ name, cidrs, prefixLength }) => (
      cidrs !== undefined || prefixLength === undefined || prefixProblem(name, prefixLength).length > 0 ? [] : [{ name, prefixLength }]
    ));
    if (sizes.length === 0) return tiers;

    const [areas, room] = [props.plannedWithin ?? [this.cidr, ...this.secondaryCidrs], props.roomForZones ?? DEFAULT_ROOM];
    const impossible = [
      ...roomProblems(this.zoneCount, room),
      ...(props.plannedWithin ? areaProblems(vpcRanges, props.plannedWithin) : []),
    ];
    const where = parsed(areas);
    if (areas.some((area) => Token.isUnresolved(area))) impossible.push(UNKNOWN_AREA);
    this.problems.push(...impossible);
    if (!where || impossible.length > 0) return tiers;

    const blocks = plannedLayout(where, sizes, room);
    this.problems.push(...placementProblems(areas, blocks, tiers, room));
    return tiers.map((tier) => this.laidOut(tier, blocks));
  }

  private laidOut(tier: NetworkTier, blocks: TierBlock[]): NetworkTier {
    const block = blocks.find(({ name }) => name === tier.name)?.block;
    if (tier.cidrs !== undefined || !block) return tier;
    return { ...tier, cidrs: Array.from({ length: this.zoneCount }, (_, zone) => String(block.block(tier.prefixLength!, zone))) };
  }

  private subnetsOf(tiers: NetworkTier[]): PlannedSubnet[] {
    return tiers.flatMap((tier) => Token.isUnresolved(tier.cidrs) ? [] : (tier.cidrs ?? []).map((cidr, i) => this.subnet(tier, cidr, i + 1)));
  }

  private subnet(tier: NetworkTier, cidr: string, zone: number): PlannedSubnet {
    const range = Cidr.parse(cidr);
    return { tier: tier.name, kind: tier.kind, zone, cidr, usableAddresses: range && range.size - RESERVED_ADDRESSES };
  }

  private defaultLayoutProblems(): string[] {
    if (Token.isUnresolved(this.cidr)) {
      return ["'cidr' must be known at synthesis to lay out the default tiers, got a token; pass 'tiers'"];
    }
    const range = Cidr.parse(this.cidr);
    return [
      ...(range && range.prefix > DEFAULT_LAYOUT_PREFIX ? [`'cidr' must be /${DEFAULT_LAYOUT_PREFIX} or larger for the default tiers, got ${this.cidr}; pass 'tiers'`] : []),
      ...(this.zoneCount > DEFAULT_LAYOUT_ZONES ? [`the default tiers must span at most ${DEFAULT_LAYOUT_ZONES} zones, got ${this.zoneCount}; pass 'tiers'`] : []),
    ];
  }
}

/** The ranges, if all can be read. */
function parsed(cidrs: string[]): Cidr[] | undefined {
  if (Token.isUnresolved(cidrs)) return undefined;
  const ranges = cidrs.map((cidr) => Cidr.parse(cidr)).filter((range) => range !== undefined);
  return ranges.length === cidrs.length ? ranges : undefined;
}
