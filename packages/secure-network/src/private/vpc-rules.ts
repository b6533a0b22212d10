import { Token } from 'aws-cdk-lib';
import { Cidr } from './cidr';
import { blockProblem, listProblem, malformedIn, pairs, readable } from './range-rules';

/** RFC 1918, and RFC 6598 (shared address space), which AWS supports inside a VPC. */
const SHARED_RANGE = '100.64.0.0/10';
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', SHARED_RANGE];

/** What the quota of address ranges of a VPC, 5 by default, can be raised to; the first is the primary one. */
const MOST_SECONDARY_RANGES = 49;

/** What keeps the range of the VPC from being deployed. */
export function vpcProblems(cidr: string): string[] {
  if (Token.isUnresolved(cidr)) return [];
  const malformed = blockProblem("'cidr'", cidr);
  if (malformed) return [malformed];
  return privateRangeOf(Cidr.parse(cidr)!) ? [] : [`'cidr' must be in a private address range, got ${cidr}; use one in ${PRIVATE_RANGES.join(', ')}`];
}

/**
 * What keeps further ranges from being added to the VPC.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions
 */
export function secondaryProblems(vpc: Cidr | undefined, cidrs: string[]): string[] {
  if (Token.isUnresolved(cidrs)) return [listProblem("'secondaryCidrs'")];
  const ranges = readable(cidrs).map(({ range }) => range);
  const primary = vpc ? [vpc] : [];
  return [
    ...(cidrs.length > MOST_SECONDARY_RANGES ? [`'secondaryCidrs' must have at most ${MOST_SECONDARY_RANGES} items, got ${cidrs.length}`] : []),
    ...malformedIn("'secondaryCidrs'", cidrs),
    ...ranges.map((range) => associationProblem(vpc, ranges, range)).filter((problem) => problem !== undefined),
    ...pairs([...primary, ...ranges]).filter(([one, other]) => one.overlaps(other))
      .map(([one, other]) => `the ranges of the VPC must not overlap, got ${one} and ${other}`),
  ];
}

/** AWS keeps the private ranges apart, so that routes of one VPC never reach into another's usual addresses. */
function associationProblem(vpc: Cidr | undefined, all: Cidr[], range: Cidr): string | undefined {
  const allowed = [...new Set([...(vpc ? [privateRangeOf(vpc)] : PRIVATE_RANGES), SHARED_RANGE])];
  if (!allowed.some((one) => Cidr.parse(one!)!.contains(range))) {
    return `'secondaryCidrs' must be in the private range of 'cidr', or in ${SHARED_RANGE}, got ${range}; use one in ${allowed.join(', ')}`;
  }
  const inside = (area: string) => Cidr.parse(area)!.contains(range);
  if (inside('172.31.0.0/16')) return `'secondaryCidrs' must not be in 172.31.0.0/16, got ${range}; AWS refuses it`;
  const first = [vpc, ...all].find((other) => other !== undefined && other !== range && Cidr.parse('10.0.0.0/15')!.contains(other));
  return first && inside('10.0.0.0/16') ? `'secondaryCidrs' must not be in 10.0.0.0/16 beside ${first}, got ${range}; AWS refuses it` : undefined;
}

function privateRangeOf(range: Cidr): string | undefined {
  return PRIVATE_RANGES.find((allowed) => Cidr.parse(allowed)!.contains(range));
}
