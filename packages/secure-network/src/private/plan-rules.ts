import { Token } from 'aws-cdk-lib';
import { NetworkTier } from '../network-tier';
import { Cidr } from './cidr';
import { blockPrefix, TierBlock } from './planned-layout';
import { blockProblem, formProblem, LARGEST_PREFIX, listProblem, malformedIn, outside, pairs, readable, SMALLEST_PREFIX } from './range-rules';
import { tierNameProblem } from './tier-name';

/** No region has more zones; `Fn::Select` beyond the last one fails the deployment. */
const MOST_ZONES = 6;

/** What is wrong with the number of zones. */
export function zoneProblems(zones: number, names: string[] | undefined, count: number | undefined, singleZone: boolean): string[] {
  if (Token.isUnresolved(names)) return [listProblem("'availabilityZones'")];
  if (count !== undefined && names) return [`'availabilityZoneCount' must not go with 'availabilityZones', got ${count} and ${names.length} names; leave one out`];
  if (Token.isUnresolved(count)) return ["'availabilityZoneCount' must be known at synthesis, got a token"];
  if (!Number.isInteger(zones)) return [`'availabilityZoneCount' must be a whole number, got ${zones}`];
  const repeated = names?.find((name, i) => names.indexOf(name) !== i);
  return [
    ...(repeated ? [`'availabilityZones' must not repeat a zone, got '${repeated}' twice`] : []),
    ...(zones < 2 && !singleZone ? [`a network must span at least 2 zones so that one can fail, got ${zones}; add zones, or choose 'singleZone: true'`] : []),
    ...(zones !== 1 && singleZone ? [`'singleZone' must go with exactly 1 zone, got ${zones}; remove 'singleZone', or the other zones`] : []),
    ...(zones > MOST_ZONES ? [`a network must span at most ${MOST_ZONES} zones, got ${zones}; no region has more`] : []),
  ];
}

/** What is wrong with the tiers as such: their names, and one way to their ranges. */
export function tierProblems(tiers: NetworkTier[], zones: number): string[] {
  const names = tiers.map((tier) => tier.name.toLowerCase());
  return [
    ...(tiers.length === 0 ? ["'tiers' must not be empty; leave it out for the default layout"] : []),
    ...tiers.map((tier) => tierNameProblem(tier.name)).filter((problem) => problem !== undefined),
    ...tiers.filter((tier, i) => names.indexOf(tier.name.toLowerCase()) !== i)
      .map((tier) => `the name of a tier must be unique, case aside, got '${tier.name}' twice`),
    ...tiers.flatMap((tier) => rangesProblem(tier, zones)),
  ];
}

/** What is wrong with the room that planned tiers are given. */
export function roomProblems(zones: number, roomForZones: number): string[] {
  if (Token.isUnresolved(roomForZones)) return ["'roomForZones' must be known at synthesis, got a token"];
  if (!Number.isInteger(roomForZones) || roomForZones < 1 || roomForZones > MOST_ZONES) return [`'roomForZones' must be between 1 and ${MOST_ZONES}, got ${roomForZones}`];
  return zones > roomForZones && zones <= MOST_ZONES
    ? [`'roomForZones' must be at least the number of zones, got ${roomForZones} for ${zones} zones; to add a zone beyond the room, write the ranges there are as 'cidrs' (SubnetPlan lists them) and append`]
    : [];
}

/** What is wrong with the areas that tiers are planned in. */
export function areaProblems(vpcRanges: Cidr[] | undefined, areas: string[]): string[] {
  if (Token.isUnresolved(areas)) return [listProblem("'plannedWithin'")];
  return [...malformedIn("'plannedWithin'", areas), ...outside(vpcRanges, "'plannedWithin'", areas)];
}

/** Which planned tiers found no place. */
export function placementProblems(areas: string[], blocks: TierBlock[], tiers: NetworkTier[], roomForZones: number): string[] {
  return blocks.filter(({ block }) => !block).map(({ name }) => {
    const prefixLength = tiers.find((tier) => tier.name === name)!.prefixLength!;
    return `the /${prefixLength} subnets of '${name}' must fit in, got no free /${blockPrefix(prefixLength, roomForZones)} for ${roomForZones} zones in ${areas.join(', ')}; `
      + "use smaller subnets, or append a range to 'secondaryCidrs'";
  });
}

/** A subnet as the rules see it. */
export interface SubnetRange {
  readonly tier: string;
  readonly zone: number;
  readonly cidr: string;
}

/** What is wrong with the ranges of the subnets: each by itself, against the others, and against the ranges of the VPC if all are known and good. */
export function subnetProblems(vpcRanges: Cidr[] | undefined, subnets: SubnetRange[]): string[] {
  const known = subnets.filter(({ cidr }) => !Token.isUnresolved(cidr)).map(({ tier, zone, cidr }) => ({ cidr, label: `'${tier}' in zone ${zone}` }));
  const malformed = known.map(({ cidr, label }) => blockProblem(`the CIDR of ${label}`, cidr));
  const ranges = known.filter((_, i) => !malformed[i]).map((subnet) => ({ ...subnet, range: Cidr.parse(subnet.cidr)! }));
  return [
    ...malformed.filter((problem) => problem !== undefined),
    ...ranges.flatMap(({ label, cidr }) => outside(vpcRanges, `the CIDR of ${label}`, [cidr])),
    ...pairs(ranges).filter(([one, other]) => one.range.overlaps(other.range))
      .map(([one, other]) => `subnets must not overlap, got ${one.cidr} for ${one.label} and ${other.cidr} for ${other.label}`),
  ];
}

/** What is wrong with the ranges that are kept free, and which subnets stand in them all the same. */
export function reservedProblems(vpcRanges: Cidr[] | undefined, reserved: string[], subnets: SubnetRange[]): string[] {
  if (Token.isUnresolved(reserved)) return [listProblem("'reservedCidrs'")];
  const ranges = readable(reserved);
  return [
    ...reserved.filter((cidr) => !Token.isUnresolved(cidr)).map((cidr) => formProblem("'reservedCidrs'", cidr)).filter((problem) => problem !== undefined),
    ...outside(vpcRanges, "'reservedCidrs'", ranges.map(({ cidr }) => cidr)),
    ...subnets.flatMap(({ tier, zone, cidr }) => ranges.filter(({ range }) => Cidr.parse(cidr)?.overlaps(range))
      .map((kept) => `the reserved range ${kept.cidr} must stay free of subnets, got ${cidr} for '${tier}' in zone ${zone}; move the tier, or lay it out elsewhere with 'plannedWithin'`)),
  ];
}

function rangesProblem({ name, cidrs, prefixLength }: NetworkTier, zones: number): string[] {
  if (cidrs === undefined && prefixLength === undefined) return [`'${name}' must have 'cidrs' or 'prefixLength', got neither`];
  if (cidrs !== undefined && prefixLength !== undefined) return [`'${name}' must have 'cidrs' or 'prefixLength', got both; leave one out`];
  if (cidrs === undefined) return prefixProblem(name, prefixLength!);
  if (Token.isUnresolved(cidrs)) return [listProblem(`the 'cidrs' of '${name}'`)];
  return cidrs.length === zones ? [] : [`the 'cidrs' of '${name}' must have one item for each of the ${zones} zones, got ${cidrs.length}`];
}

/** What is wrong with the size of the subnets of a tier. */
export function prefixProblem(name: string, prefixLength: number): string[] {
  if (Token.isUnresolved(prefixLength)) return [`the 'prefixLength' of '${name}' must be known at synthesis, got a token; pass 'cidrs'`];
  return Number.isInteger(prefixLength) && prefixLength >= LARGEST_PREFIX && prefixLength <= SMALLEST_PREFIX
    ? []
    : [`the 'prefixLength' of '${name}' must be between ${LARGEST_PREFIX} and ${SMALLEST_PREFIX}, got ${prefixLength}`];
}
