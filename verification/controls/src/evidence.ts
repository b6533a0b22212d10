/** Something that says of an id that it holds: the name of a test, a comment above assertions, the title of a drill. */
export interface Evidence {
  /** The file, from the root of the repository. */
  readonly file: string;
  /** What it says. */
  readonly says: string;
}

/** Those that carry an id in what they say. */
export function carrying(evidence: Evidence[], id: string): Evidence[] {
  const whole = new RegExp(`\\b${id}\\b`);
  return evidence.filter(({ says }) => whole.test(says));
}

/** Their files, each once. */
export function filesOf(evidence: Evidence[]): string[] {
  return [...new Set(evidence.map(({ file }) => file))].sort();
}
