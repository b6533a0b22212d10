import { Token } from 'aws-cdk-lib';
import { NetworkTier } from '../network-tier';
import { Cidr } from './cidr';
import { tierNameProblem } from './tier-name';

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const LARGEST_PREFIX = 16;
const SMALLEST_PREFIX = 28;

/** RFC 1918, and RFC 6598 (shared address space), which AWS supports inside a VPC. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** No region has more zones; `Fn::Select` beyond the last one fails the deployment. */
const MOST_ZONES = 6;

/** What keeps the range of the VPC from being deployed. */
export function vpcProblems(cidr: string): string[] {
  if (Token.isUnresolved(cidr)) return [];
  const malformed = blockProblem("'cidr'", cidr);
  if (malformed) return [malformed];
  const range = Cidr.parse(cidr)!;
  return PRIVATE_RANGES.some((allowed) => Cidr.parse(allowed)!.contains(range))
    ? []
    : [`'cidr' must be in a private address range, got ${cidr}; use one in ${PRIVATE_RANGES.join(', ')}`];
}

/** What is wrong with the number of zones. */
export function zoneProblems(zones: number, names: string[] | undefined, singleZone: boolean): string[] {
  if (Token.isUnresolved(names)) return ["'availabilityZones' must be a list of known length, got a token; select its items with Fn.select"];
  const repeated = names?.find((name, i) => names.indexOf(name) !== i);
  return [
    ...(repeated ? [`'availabilityZones' must not repeat a zone, got '${repeated}' twice`] : []),
    ...(zones < 2 && !singleZone ? [`a network must span at least 2 zones so that one can fail, got ${zones}; add zones, or choose 'singleZone: true'`] : []),
    ...(zones !== 1 && singleZone ? [`'singleZone' must go with exactly 1 zone, got ${zones}; remove 'singleZone', or the other zones`] : []),
    ...(zones > MOST_ZONES ? [`a network must span at most ${MOST_ZONES} zones, got ${zones}; no region has more`] : []),
  ];
}

/** What is wrong with the tiers as such: their names, and one range for each zone. */
export function tierProblems(tiers: NetworkTier[], zones: number): string[] {
  const names = tiers.map((tier) => tier.name.toLowerCase());
  return [
    ...(tiers.length === 0 ? ["'tiers' must not be empty; leave it out for the default layout"] : []),
    ...tiers.map((tier) => tierNameProblem(tier.name)).filter((problem) => problem !== undefined),
    ...tiers.filter((tier, i) => names.indexOf(tier.name.toLowerCase()) !== i)
      .map((tier) => `the name of a tier must be unique, case aside, got '${tier.name}' twice`),
    ...tiers.flatMap((tier) => countProblem(tier, zones)),
  ];
}

/** What is wrong with the ranges of the subnets: each by itself, against the others, and against the VPC if its range is known and good. */
export function subnetProblems(vpc: Cidr | undefined, tiers: NetworkTier[]): string[] {
  const subnets = tiers.filter((tier) => !Token.isUnresolved(tier.cidrs)).flatMap((tier) => tier.cidrs
    .map((cidr, zone) => ({ cidr, label: `'${tier.name}' in zone ${zone + 1}` }))
    .filter(({ cidr }) => !Token.isUnresolved(cidr)));
  const malformed = subnets.map(({ cidr, label }) => blockProblem(`the CIDR of ${label}`, cidr));
  const ranges = subnets.filter((_, i) => !malformed[i]).map((subnet) => ({ ...subnet, range: Cidr.parse(subnet.cidr)! }));
  return [
    ...malformed.filter((problem) => problem !== undefined),
    ...ranges.filter(({ range }) => vpc && !vpc.contains(range))
      .map(({ label, cidr }) => `the CIDR of ${label} must be inside the VPC ${vpc}, got ${cidr}`),
    ...ranges.flatMap((one, i) => ranges.slice(i + 1).filter((other) => one.range.overlaps(other.range))
      .map((other) => `subnets must not overlap, got ${one.cidr} for ${one.label} and ${other.cidr} for ${other.label}`)),
  ];
}

function countProblem(tier: NetworkTier, zones: number): string[] {
  if (Token.isUnresolved(tier.cidrs)) {
    return [`the 'cidrs' of '${tier.name}' must be a list of known length, got a token; select its items with Fn.select`];
  }
  return tier.cidrs.length === zones ? [] : [`the 'cidrs' of '${tier.name}' must have one item for each of the ${zones} zones, got ${tier.cidrs.length}`];
}

function blockProblem(subject: string, cidr: string): string | undefined {
  const range = Cidr.parse(cidr);
  if (!range) return `${subject} must be an IPv4 CIDR like 10.0.1.0/24, got '${cidr}'`;
  if (!range.isCanonical) return `${subject} must begin at the first address of its range, got ${cidr}; use ${range.canonical}`;
  if (range.prefix < LARGEST_PREFIX || range.prefix > SMALLEST_PREFIX) {
    return `${subject} must be between /${LARGEST_PREFIX} and /${SMALLEST_PREFIX}, got ${cidr}`;
  }
  return undefined;
}
