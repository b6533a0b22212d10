import { Check, check } from '../check';
import { Corpus, Pattern, Tried } from './pattern';

/** The same pattern in several stages is one. */
export function distinct(patterns: Pattern[]): Pattern[] {
  return [...new Map(patterns.map((pattern) => [[pattern.within, pattern.name, pattern.text].join(' '), pattern])).values()];
}

/** Patterns with their corpora. A pattern that nothing is known of fails, and so does a corpus that no pattern needs. */
export function paired(patterns: Pattern[], corpora: Corpus[]): { known: Tried[]; checks: Check[] } {
  const corpusOf = ({ within, name }: Pattern): Corpus | undefined =>
    corpora.find(({ id }) => id === `${within}/${name}`) ?? corpora.find(({ id }) => id === name);
  return {
    known: patterns.flatMap((pattern) => {
      const corpus = corpusOf(pattern);
      return corpus ? [{ pattern, corpus }] : [];
    }),
    checks: [
      ...patterns.map((pattern) => check(`${pattern.where} has recorded events`, corpusOf(pattern) !== undefined,
        `${pattern.where} · must have events to be tried on, got none for '${pattern.name}'; add a corpus`)),
      ...corpora.map(({ id }) => check(`the events of ${id} are used`, patterns.some((pattern) => corpusOf(pattern)?.id === id),
        `no pattern is called '${id}'; remove its events, or rename them`)),
    ],
  };
}
