import { Token } from 'aws-cdk-lib';
import { Cidr } from './cidr';

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const LARGEST_PREFIX = 16;
export const SMALLEST_PREFIX = 28;

/** Which of the ranges are in no range of the VPC. */
export function outside(vpcRanges: Cidr[] | undefined, subject: string, cidrs: string[]): string[] {
  if (!vpcRanges) return [];
  return readable(cidrs).filter(({ range }) => !vpcRanges.some((vpc) => vpc.contains(range)))
    .map(({ cidr }) => `${subject} must be inside the VPC ${vpcRanges.join(', ')}, got ${cidr}`);
}

/** What can be read of a list: tokens and what is malformed are left to others. */
export function readable(cidrs: string[]): Array<{ cidr: string; range: Cidr }> {
  return cidrs.map((cidr) => ({ cidr, range: Cidr.parse(cidr) }))
    .filter((one): one is { cidr: string; range: Cidr } => one.range?.isCanonical ?? false);
}

/** Which of the ranges AWS would take for no VPC and no subnet. */
export function malformedIn(subject: string, cidrs: string[]): string[] {
  return cidrs.filter((cidr) => !Token.isUnresolved(cidr)).map((cidr) => blockProblem(subject, cidr)).filter((problem) => problem !== undefined);
}

/** Why a list cannot be read. */
export function listProblem(subject: string): string {
  return `${subject} must be a list of known length, got a token; select its items with Fn.select`;
}

/** What is wrong with how a range is written. */
export function formProblem(subject: string, cidr: string): string | undefined {
  const range = Cidr.parse(cidr);
  if (!range) return `${subject} must be an IPv4 CIDR like 10.0.1.0/24, got '${cidr}'`;
  return range.isCanonical ? undefined : `${subject} must begin at the first address of its range, got ${cidr}; use ${range.canonical}`;
}

/** What keeps a range from being that of a VPC or of a subnet. */
export function blockProblem(subject: string, cidr: string): string | undefined {
  const malformed = formProblem(subject, cidr);
  if (malformed) return malformed;
  const { prefix } = Cidr.parse(cidr)!;
  return prefix < LARGEST_PREFIX || prefix > SMALLEST_PREFIX ? `${subject} must be between /${LARGEST_PREFIX} and /${SMALLEST_PREFIX}, got ${cidr}` : undefined;
}

/** Every two of the items. */
export function pairs<T>(items: T[]): Array<[T, T]> {
  return items.flatMap((one, i) => items.slice(i + 1).map((other): [T, T] => [one, other]));
}
