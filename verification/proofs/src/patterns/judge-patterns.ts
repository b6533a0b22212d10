import { Check, check } from '../check';
import { Answer, Corpus, FEWEST_EVENTS, Matcher, Mutant, Pattern, Tried } from './pattern';

interface Expectation {
  readonly title: string;
  readonly event: object;
  readonly expected: boolean;
}

/** What came of trying patterns. */
export interface Judged {
  readonly checks: Check[];
  /** How many verdicts of the patterns themselves were heard, and how many mutants had to be noticed. */
  readonly events: number;
  readonly mutants: number;
}

/** One pattern with all that it has to be asked. */
interface Trial {
  readonly pattern: Pattern;
  readonly mutants: Mutant[];
  readonly expectations: Expectation[];
}

/**
 * Whether patterns do with every event of their corpus what they must, and whether the corpus would notice if they did not:
 * each mutant of a pattern has to fail on some event.
 */
export async function judgePatterns(tried: Tried[], mutantsOf: (text: string) => Mutant[], matcher: Matcher): Promise<Judged> {
  const trials = tried.map(({ pattern, corpus }): Trial => (
    { pattern, mutants: mutantsOf(pattern.text), expectations: expectationsOf(corpus) }));
  const questions = trials.flatMap(({ pattern, mutants, expectations }) =>
    [pattern.text, ...mutants.map(({ text }) => text)].flatMap((text) => expectations.map(({ event }) => ({ pattern: text, event }))));
  const answers = await matcher(questions);
  if (answers.length !== questions.length) throw new Error(`the matcher must answer ${questions.length} questions, got ${answers.length} answers`);
  const next = (count: number): Answer[] => answers.splice(0, count);
  return {
    events: trials.reduce((sum, { expectations }) => sum + expectations.length, 0),
    mutants: trials.reduce((sum, { mutants }) => sum + mutants.length, 0),
    checks: [
      ...tried.map(({ pattern, corpus }) => floor(pattern, corpus)),
      ...trials.flatMap(({ pattern, mutants, expectations }) => [
        ...verdicts(pattern, expectations, next(expectations.length)),
        ...mutants.map((mutant) => killed(pattern, mutant, expectations, next(expectations.length))),
      ]),
    ],
  };
}

function expectationsOf({ matches, ignores }: Corpus): Expectation[] {
  const all = (events: Record<string, object>, expected: boolean): Expectation[] =>
    Object.entries(events).map(([title, event]) => ({ title, event, expected }));
  return [...all(matches, true), ...all(ignores, false)];
}

function floor({ where }: Pattern, { matches, ignores }: Corpus): Check {
  const [matching, ignored] = [matches, ignores].map((events) => Object.keys(events).length);
  return check(`${where} is tried on at least ${FEWEST_EVENTS} events of each kind`, matching >= FEWEST_EVENTS && ignored >= FEWEST_EVENTS,
    `${where} · must be tried on at least ${FEWEST_EVENTS} events that match and ${FEWEST_EVENTS} that do not, got ${matching} and ${ignored}`);
}

function verdicts({ where }: Pattern, expectations: Expectation[], answers: Answer[]): Check[] {
  return expectations.map(({ title, expected }, index) => {
    const answer = answers[index];
    const wanted = expected ? 'match' : 'not match';
    return check(`${where} must ${wanted}: ${title}`, answer === expected,
      `${where} · must ${wanted} '${title}'${typeof answer === 'object' ? `: ${Object.values(answer).join()}` : ''}`);
  });
}

function killed({ where }: Pattern, { change }: Mutant, expectations: Expectation[], answers: Answer[]): Check {
  const noticed = expectations.some(({ expected }, index) => answers[index] === !expected || isUndecided(answers[index]));
  return check(`${where} is told from itself ${change}`, noticed,
    `${where} · no event of the corpus would notice it ${change}; add one`);
}

function isUndecided(answer: Answer): boolean {
  return typeof answer === 'object' && 'undecided' in answer;
}
