import { Measurement } from './synthesize';

/** One round: both sides, one right after the other. */
export interface Round {
  readonly ours: Measurement;
  readonly handWritten: Measurement;
}

/** Ours divided by what is written by hand. */
export interface Ratios {
  /** Of processor time: the median over the rounds, the smallest and the largest. */
  readonly cpu: { readonly median: number; readonly least: number; readonly most: number };
  readonly templateBytes: number;
  readonly resources: number;
}

/**
 * Compares what can be compared.
 *
 * @throws Error if the two sides make different resources, or differ from round to round: then no ratio means anything
 */
export function compare(rounds: readonly Round[]): Ratios {
  const [{ ours, handWritten }] = rounds;
  const differences = differentCounts(ours.resources, handWritten.resources);
  if (differences.length > 0) throw new Error(`the two sides do not make the same resources: ${differences.join(', ')}`);
  for (const side of ['ours', 'handWritten'] as const) {
    if (new Set(rounds.map((round) => round[side].templateBytes)).size > 1) throw new Error(`the template of '${side}' differs from round to round`);
  }
  const cpu = rounds.map((round) => round.ours.cpuMilliseconds / round.handWritten.cpuMilliseconds).sort((a, b) => a - b);
  return {
    cpu: { median: median(cpu), least: cpu[0], most: cpu[cpu.length - 1] },
    templateBytes: ours.templateBytes / handWritten.templateBytes,
    resources: total(ours.resources),
  };
}

/** One thing under two names: by hand, the default group is closed with what the CDK has. Each side makes one for it, and a function with role and log. */
const SAME: Record<string, string> = { 'Custom::VpcRestrictDefaultSG': 'Custom::ClosedDefaultGroup' };

function differentCounts(ours: Record<string, number>, byHand: Record<string, number>): string[] {
  const handWritten = Object.fromEntries(Object.entries(byHand).map(([type, count]) => [SAME[type] ?? type, count]));
  const types = [...new Set([...Object.keys(ours), ...Object.keys(handWritten)])].sort();
  return types.filter((type) => ours[type] !== handWritten[type]).map((type) => `${type} ${ours[type] ?? 0} against ${handWritten[type] ?? 0}`);
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
