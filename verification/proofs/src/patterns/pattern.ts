/** A pattern of the product, wherever it stands. */
export interface Pattern {
  /** Its name, alone and below the id of the construct it is in: by the second, or else the first, it finds its corpus. */
  readonly name: string;
  readonly within: string;
  /** Where it stands: `baseline.standard · Watch/SecurityGroupChanges`. */
  readonly where: string;
  readonly text: string;
}

/** The name of a construct and the id of the one it is in. */
export function placeOf(path: string): Pick<Pattern, 'name' | 'within'> {
  const [name, within = ''] = path.split('/').reverse();
  return { name, within };
}

/** What happens in an account, and what a pattern must make of it. */
export interface Corpus {
  /** The name of the pattern it is for, `RootUsage`, below the id of a construct if only for that one, `Quieted/RootUsage`. */
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

/** What the matcher says of a pattern and an event, or why it does not: the pattern is none, or AWS does not say how it must be read. */
export type Answer = boolean | { readonly invalid: string } | { readonly undecided: string };

/** Somebody else's evaluation of patterns. */
export type Matcher = (questions: Question[]) => Promise<Answer[]>;

/** A pattern with one part made void: if no event tells it from the original, nothing shows that the part is right. */
export interface Mutant {
  readonly change: string;
  readonly text: string;
}
