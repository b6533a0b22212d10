/** Something that has to hold; it does when it has no problems. */
export interface Check {
  readonly title: string;
  readonly problems: string[];
}

/** One part of the proofs: what it tried, in a few words, and whether it holds. */
export interface Proof {
  readonly figures: string;
  readonly checks: Check[];
}

/** `1 rule`, `2 rules`; another plural is given. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** A check with at most one problem. */
export function check(title: string, holds: boolean, problem: string): Check {
  return { title, problems: holds ? [] : [problem] };
}
