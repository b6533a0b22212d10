import { Token } from 'aws-cdk-lib';
import { NetworkTier, TierKind } from './network-tier';
import { Cidr } from './private/cidr';
import { DEFAULT_LAYOUT_PREFIX, DEFAULT_LAYOUT_ZONES, defaultLayout } from './private/default-layout';
import { subnetProblems, tierProblems, vpcProblems, zoneProblems } from './private/plan-rules';

/** AWS keeps the first four addresses and the last one of every subnet. */
const RESERVED_ADDRESSES = 5;

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
   * The tiers of the network, each with one exact address range per availability zone.
   *
   * Append new tiers: what is there stays as it is.
   *
   * @default - tiers `Public`, `Private` and `Isolated`, each in a quarter of the VPC, each zone in a quarter of its tier;
   * the rest stays free for more zones (up to 4) and one more tier. Needs a VPC of /24 or larger
   */
  readonly tiers?: NetworkTier[];

  /**
   * The availability zones by name, for example to sit where a peer network sits.
   *
   * @default - the first zones the account has in the region, picked at deployment; as many as each tier has ranges, 2 with the default tiers
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
 * The addresses of a network: exact ranges for every subnet, and all that is wrong with them. Makes no resource and needs no stack.
 *
 * Checked: written form, AWS size limits, private ranges, containment in the VPC, overlap, one range per tier and zone, at
 * least two zones. Ranges that are tokens are left to the deployment.
 *
 * Controls: NET-01 exact addresses, NET-02 zones.
 */
export class SubnetPlan {
  /** The address range of the VPC. */
  public readonly cidr: string;

  /** The number of availability zones. */
  public readonly zoneCount: number;

  /** Every subnet, by tier in the order given, then by zone. */
  public readonly subnets: PlannedSubnet[];

  /** What keeps this plan from being deployed, one sentence each. Empty for a good plan. */
  public readonly problems: string[];

  constructor(props: SubnetPlanProps = {}) {
    this.cidr = props.cidr ?? '10.0.0.0/16';
    const singleZone = props.singleZone ?? false;
    this.zoneCount = props.availabilityZones?.length ?? props.tiers?.[0]?.cidrs.length ?? (singleZone ? 1 : 2);

    const vpcIsWrong = vpcProblems(this.cidr);
    const impossible = props.tiers ? [] : this.defaultLayoutProblems();
    const range = Cidr.parse(this.cidr);
    const tiers = props.tiers ?? (range && impossible.length === 0 ? defaultLayout(range, this.zoneCount) : []);

    this.subnets = tiers.flatMap((tier) => tier.cidrs.map((cidr, i) => this.subnet(tier, cidr, i + 1)));
    this.problems = [
      ...vpcIsWrong,
      ...zoneProblems(this.zoneCount, props.availabilityZones, singleZone),
      ...impossible,
      ...(props.tiers ? [...tierProblems(tiers, this.zoneCount), ...subnetProblems(vpcIsWrong.length > 0 ? undefined : range, tiers)] : []),
    ];
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
