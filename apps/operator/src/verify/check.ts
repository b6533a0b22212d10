/** How a check ended. */
export enum Verdict {
  PASSED = 'passed',
  FAILED = 'failed',
  /** It cannot be decided where the stack runs; the reason says why. */
  NOT_VERIFIABLE = 'not verifiable here',
}

/** What a check found. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Why it failed, or why nobody can tell here. */
  readonly reason?: string;
}

/** One statement about the running environment, and how to find out whether it is true. */
export interface Check {
  /** What is being looked at, then what must be true of it: `SecureBucket: refuses plain HTTP`. */
  readonly title: string;
  /** The requirements of the app that it confirms, by id. */
  readonly confirms?: readonly string[];
  run(): Promise<Outcome>;
}

/** A check that ran. */
export interface Result extends Outcome {
  readonly title: string;
  readonly confirms?: readonly string[];
}

export const passed: Outcome = { verdict: Verdict.PASSED };

/** It is not so, and why. */
export function failed(reason: string): Outcome {
  return { verdict: Verdict.FAILED, reason };
}

/** Nobody can tell where the stack runs, and why. */
export function notVerifiable(reason: string): Outcome {
  return { verdict: Verdict.NOT_VERIFIABLE, reason };
}

/** Passed if nothing is wrong, else failed with everything that is. */
export function unless(problems: readonly (string | false | undefined)[]): Outcome {
  const found = problems.filter((problem): problem is string => Boolean(problem));
  return found.length === 0 ? passed : failed(found.join('; '));
}

/** Runs checks one after the other: drills change what other checks read. A check that throws has failed. */
export async function runChecks(checks: readonly Check[], report: (result: Result) => void): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of checks) {
    const outcome = await check.run().catch((error: Error) => failed(`${error.name}: ${error.message}`));
    const result = { title: check.title, confirms: check.confirms, ...outcome };
    report(result);
    results.push(result);
  }
  return results;
}

/** How many ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly notVerifiable: number;
}

/** Counts how checks ended. */
export function tally(results: readonly Result[]): Tally {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  return { passed: count(Verdict.PASSED), failed: count(Verdict.FAILED), notVerifiable: count(Verdict.NOT_VERIFIABLE) };
}
