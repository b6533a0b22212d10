/** A pattern of the product, wherever it stands. */
export interface Pattern {
  /** The id of its construct, by which it finds its corpus. */
  readonly id: string;
  /** Where it stands: `baseline.standard · Watch/SecurityGroupChanges`. */
  readonly where: string;
  readonly text: string;
}

/** What happens in an account, and what a pattern must make of it. */
export interface Corpus {
  /** The id of the construct whose pattern it is for. */
  readonly id: string;
  /** Events that must match, by what they are. */
  readonly matches: Record<string, object>;
  /** Events that must not, by what they are. */
  readonly ignores: Record<string, object>;
}

/** A pattern and what it is tried on. */
export interface Tried {
  readonly pattern: Pattern;
  readonly corpus: Corpus;
}

/** Fewer events of a kind prove nothing. */
export const FEWEST_EVENTS = 5;

export interface Question {
  readonly pattern: string;
  readonly event: object;
}

/** What the matcher says of a pattern and an event; a text, if it takes the pattern for none or cannot decide. */
export type Answer = boolean | string;

/** Somebody else's evaluation of patterns. */
export type Matcher = (questions: Question[]) => Promise<Answer[]>;

/** A pattern with one part made void: if no event tells it from the original, nothing shows that the part is right. */
export interface Mutant {
  readonly change: string;
  readonly text: string;
}
