import * as ec2 from 'aws-cdk-lib/aws-ec2';

/**
 * What a rule of a network ACL is about.
 */
export enum AclProtocol {
  /** Every protocol, on every port. */
  ALL = '-1',

  /** TCP. */
  TCP = '6',

  /** UDP. */
  UDP = '17',

  /** ICMP of every type. */
  ICMP = '1',
}

/**
 * One rule of a network ACL. It sees single packets: what is let in must be let out again by a rule of its own.
 */
export interface AclRule {
  /** Where the rule stands: from 1 to 32,766, once in each direction. The first that matches decides. */
  readonly ruleNumber: number;

  /** Into the subnets, or out of them. */
  readonly direction: ec2.TrafficDirection;

  /** Where from or where to: an IPv4 range, written from its first address. `0.0.0.0/0` is anywhere. */
  readonly cidr: string;

  /** Which protocol. Only TCP and UDP have ports. */
  readonly protocol: AclProtocol;

  /**
   * The first port, from 0 to 65,535. Only with `toPort`.
   *
   * @default - every port
   */
  readonly fromPort?: number;

  /**
   * The last port, from 0 to 65,535. Only with `fromPort`.
   *
   * @default - every port
   */
  readonly toPort?: number;

  /**
   * Whether what matches passes.
   *
   * @default ec2.Action.ALLOW
   */
  readonly action?: ec2.Action;
}

const ANYWHERE = '0.0.0.0/0';

/** In a function: nothing of aws-cdk-lib is loaded before it is needed. */
const directions = () => ec2.TrafficDirection;

/** The ports from one to another around those of administrators, so that no rule has them in it. */
const AROUND_ADMINISTRATION: Array<[AclProtocol, number, number]> = [
  [AclProtocol.TCP, 0, 21], [AclProtocol.TCP, 23, 3388], [AclProtocol.TCP, 3390, 65535],
  [AclProtocol.UDP, 0, 3388], [AclProtocol.UDP, 3390, 65535],
];

/**
 * The network ACL of a tier, as data. It stands in front of the security groups, sees single packets, and is the same for all that is
 * in the tier: a second line for what no security group should ever open.
 *
 * Never affected: the resolver, the clock and the metadata service of AWS.
 *
 * Controls: NET-14 network ACLs.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 */
export class TierAcl {
  /**
   * Nothing passes but what comes from the VPC and goes to it, whatever routes and security groups say. Not for tiers that leave through NAT
   * gateways, nor for those that use the S3 and DynamoDB endpoints, whose addresses are public.
   */
  public static readonly WITHIN_VPC = new TierAcl((ranges) => [directions().INGRESS, directions().EGRESS].flatMap((direction) => (
    ranges.map((cidr, i) => ({ ruleNumber: 100 + i, direction, cidr, protocol: AclProtocol.ALL }))
  )));

  /**
   * SSH (TCP 22) and remote desktop (TCP and UDP 3389) do not pass from outside the VPC, the rest does. An answer from outside to a
   * connection that happened to leave from port 3389, one in some 60,000, is lost and tried again.
   */
  public static readonly NO_ADMINISTRATION_FROM_OUTSIDE = new TierAcl((ranges) => [
    ...ranges.map((cidr, i) => ({ ruleNumber: 100 + i, direction: directions().INGRESS, cidr, protocol: AclProtocol.ALL })),
    ...AROUND_ADMINISTRATION.map(([protocol, fromPort, toPort], i) => (
      { ruleNumber: 200 + 10 * i, direction: directions().INGRESS, cidr: ANYWHERE, protocol, fromPort, toPort }
    )),
    { ruleNumber: 300, direction: directions().INGRESS, cidr: ANYWHERE, protocol: AclProtocol.ICMP },
    { ruleNumber: 100, direction: directions().EGRESS, cidr: ANYWHERE, protocol: AclProtocol.ALL },
  ]);

  /**
   * Rules of your own. What none of them lets through is stopped.
   *
   * @param rules at most 40 in each direction; AWS allows 20 until the quota is raised
   */
  public static of(rules: AclRule[]): TierAcl {
    return new TierAcl(() => rules);
  }

  private constructor(private readonly rules: (vpcRanges: string[]) => AclRule[]) {}

  /**
   * The rules in a VPC.
   *
   * @param vpcCidrs the address ranges of the VPC
   */
  public rulesIn(vpcCidrs: string[]): AclRule[] {
    return this.rules(vpcCidrs);
  }
}
