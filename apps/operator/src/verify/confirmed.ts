import { Result, Verdict } from './check';

/**
 * Which requirements are confirmed by what is read back of every stack: by resources, in words, and by what a check says of
 * each of them, the ids. `{ 'every bucket': { 'keeps versions': ['STO-07'] } }`
 */
export type ReadBack = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** What a run found out about the requirements of an app: the same on every machine and for every suffix. */
export interface Confirmed {
  /** What was seen to hold, and the requirements that it confirms. */
  readonly confirmed: Readonly<Record<string, readonly string[]>>;
  /** What nobody can tell where the stack runs, the requirements that are about it, and why nobody can. */
  readonly notVerifiable: Readonly<Record<string, { readonly confirms: readonly string[]; readonly because: string }>>;
}

interface Statement {
  readonly ids: readonly string[];
  readonly results: Result[];
}

/** What results say of requirements. What is said of several resources of a kind holds if it holds for all of them. */
export function confirmedBy(results: readonly Result[], readBack: ReadBack = {}): Confirmed {
  const statements = [...statementsOf(results, readBack)].sort(([one], [other]) => one < other ? -1 : 1);
  const ended = (verdict: Verdict) => statements.filter(([, statement]) => worst(statement) === verdict);
  return {
    confirmed: Object.fromEntries(ended(Verdict.PASSED).map(([says, { ids }]) => [says, ids])),
    notVerifiable: Object.fromEntries(ended(Verdict.NOT_VERIFIABLE).map(([says, { ids, results: of }]) => (
      [says, { confirms: ids, because: of.find(({ verdict }) => verdict === Verdict.NOT_VERIFIABLE)?.reason ?? '' }]))),
  };
}

/** The statements that confirm something, each with all results about it. */
function statementsOf(results: readonly Result[], readBack: ReadBack): Map<string, Statement> {
  const read = new Map(Object.entries(readBack).flatMap(([resources, statements]) => (
    Object.entries(statements).map(([what, ids]): [string, { says: string; ids: readonly string[] }] => [what, { says: `${resources}: ${what}`, ids }]))));
  const found = new Map<string, Statement>();
  for (const result of results) {
    const own = read.get(result.title.slice(result.title.indexOf(': ') + 2));
    const { says, ids } = own ?? { says: withoutHash(result.title), ids: result.confirms ?? [] };
    if (ids.length === 0) continue;
    const known = found.get(says) ?? { ids: [...new Set(ids)].sort(), results: [] };
    known.results.push(result);
    found.set(says, known);
  }
  return found;
}

function worst({ results }: Statement): Verdict {
  return [Verdict.FAILED, Verdict.NOT_VERIFIABLE].find((verdict) => results.some((result) => result.verdict === verdict)) ?? Verdict.PASSED;
}

/** The CDK ends a logical id with eight digits that say where it stands; they change when it moves. */
function withoutHash(title: string): string {
  return title.replace(/^(\w+?)[0-9A-F]{8}(?=: )/, '$1');
}
