import { eventPatternMutants } from '../src/patterns/event-pattern-mutants';
import { judgePatterns } from '../src/patterns/judge-patterns';
import { metricFilterMutants } from '../src/patterns/metric-filter-mutants';
import { distinct, paired } from '../src/patterns/paired';
import { Answer, Corpus, Matcher, Mutant, Pattern } from '../src/patterns/pattern';

const PATTERN: Pattern = { name: 'Words', within: 'Demo', where: 'demo · Words', text: 'good' };
const words = (verdict: string, count = 5): Record<string, object> => Object.fromEntries(Array.from({ length: count }, (_, at) => [`${verdict} ${at}`, { says: verdict }]));
const CORPUS: Corpus = { id: 'Words', matches: words('good'), ignores: words('bad') };

/** Patterns are words, separated by |, that match an event which says one of them. */
const contains: Matcher = (questions) => Promise.resolve(questions.map(({ pattern, event }): Answer =>
  pattern === '' ? { invalid: 'no pattern' } : pattern.split('|').includes((event as { says: string }).says)));
const wider = (text: string): Mutant[] => [{ change: 'when it is wider', text: `${text}|bad` }];

async function problems(corpus: Corpus, { pattern = PATTERN, mutants = wider, matcher = contains } = {}): Promise<string[]> {
  const { checks } = await judgePatterns([{ pattern, corpus }], mutants, matcher);
  return checks.flatMap((check) => check.problems);
}

describe('a pattern', () => {
  test('passes when every event gets its verdict and every mutant is noticed', async () => {
    expect(await problems(CORPUS)).toEqual([]);
  });

  test('fails on an event that must match and does not, and says which', async () => {
    expect(await problems({ ...CORPUS, matches: { ...CORPUS.matches, other: { says: 'other' } } })).toEqual(["demo · Words · must match 'other'"]);
  });

  test('fails on an event that must not match and does', async () => {
    expect(await problems({ ...CORPUS, ignores: { ...CORPUS.ignores, other: { says: 'good' } } })).toEqual(["demo · Words · must not match 'other'"]);
  });

  test('fails on every event when it is no pattern, and says why', async () => {
    const said = await problems(CORPUS, { pattern: { ...PATTERN, text: '' }, mutants: () => [] });
    expect(said).toHaveLength(10);
    expect(said[0]).toBe("demo · Words · must match 'good 0': no pattern");
  });

  test.each([[{ matches: words('good', 4) }], [{ ignores: words('bad', 4) }]])('fails when it is tried on too few events', async (few) => {
    expect(await problems({ ...CORPUS, ...few })).toEqual([expect.stringContaining('must be tried on at least 5 events that match and 5 that do not')]);
  });

  test('fails when no event would notice a mutant', async () => {
    const same = (text: string): Mutant[] => [{ change: 'when nothing changes', text }];
    expect(await problems(CORPUS, { mutants: same })).toEqual(['demo · Words · no event of the corpus would notice it when nothing changes; add one']);
  });

  test('fails when a mutant is no pattern: that proves nothing', async () => {
    expect(await problems(CORPUS, { mutants: () => [{ change: 'when it is void', text: '' }] })).toHaveLength(1);
  });

  test.each([[true], [false]])('fails when the matcher says %s to everything', async (always) => {
    expect((await problems(CORPUS, { matcher: (questions) => Promise.resolve(questions.map(() => always)) })).length).toBeGreaterThanOrEqual(5);
  });

  test('fails on a verdict that AWS does not document, and notices a mutant by one', async () => {
    const undecided: Answer = { undecided: 'nobody knows' };
    const matcher: Matcher = async (questions) => (await contains(questions)).map((answer, at) => (questions[at].pattern === 'unclear' ? undecided : answer));
    expect(await problems(CORPUS, { matcher, pattern: { ...PATTERN, text: 'unclear' }, mutants: () => [] })).toContain("demo · Words · must match 'good 0': nobody knows");
    expect(await problems(CORPUS, { matcher, mutants: () => [{ change: 'when it is unclear', text: 'unclear' }] })).toEqual([]);
  });

  test('fails when the matcher does not answer everything', async () => {
    await expect(problems(CORPUS, { matcher: () => Promise.resolve([]) })).rejects.toThrow('must answer 20 questions, got 0 answers');
  });
});

describe('patterns and their events', () => {
  test('find each other by the id of the construct', () => {
    const { known, checks } = paired([PATTERN], [CORPUS]);
    expect(known).toEqual([{ pattern: PATTERN, corpus: CORPUS }]);
    expect(checks.flatMap((check) => check.problems)).toEqual([]);
  });

  test('find each other below the id of a construct first', () => {
    const special = { ...CORPUS, id: 'Demo/Words' };
    const { known, checks } = paired([PATTERN, { ...PATTERN, within: 'Other' }], [CORPUS, special]);
    expect(known.map(({ corpus }) => corpus.id)).toEqual(['Demo/Words', 'Words']);
    expect(checks.flatMap((check) => check.problems)).toEqual([]);
  });

  test('fails on a pattern without events, and on events without a pattern', () => {
    expect(paired([{ ...PATTERN, name: 'Others' }], [CORPUS]).checks.flatMap((check) => check.problems)).toEqual([
      "demo · Words · must have events to be tried on, got none for 'Others'; add a corpus",
      "no pattern is called 'Words'; remove its events, or rename them",
    ]);
  });

  test('are tried once, however many stages they stand in', () => {
    expect(distinct([PATTERN, { ...PATTERN, where: 'other · Words' }, { ...PATTERN, text: 'better' }, { ...PATTERN, within: 'Other' }])).toHaveLength(3);
  });
});

describe('the mutants', () => {
  test('of an event pattern lack one field or one value', () => {
    const pattern = { source: ['aws.ec2'], detail: { eventName: ['One', 'Two'], errorCode: [{ exists: false }] } };
    expect(eventPatternMutants(JSON.stringify(pattern)).map(({ change, text }) => [change, JSON.parse(text)])).toEqual([
      ["without 'source'", { detail: pattern.detail }],
      ["without 'detail.eventName'", { source: ['aws.ec2'], detail: { errorCode: [{ exists: false }] } }],
      ["without \"One\" in 'detail.eventName'", { ...pattern, detail: { ...pattern.detail, eventName: ['Two'] } }],
      ["without \"Two\" in 'detail.eventName'", { ...pattern, detail: { ...pattern.detail, eventName: ['One'] } }],
      ["without 'detail.errorCode'", { source: ['aws.ec2'], detail: { eventName: ['One', 'Two'] } }],
    ]);
  });

  test('of an event pattern have no field without fields', () => {
    expect(JSON.parse(eventPatternMutants('{"source":["a"],"detail":{"deep":{"name":["b"]}}}')[1].text)).toEqual({ source: ['a'] });
  });

  test('of a metric filter have one condition that always or never holds', () => {
    expect(metricFilterMutants('{ ($.a.b = "x y") && $.c NOT EXISTS }').map(({ text }) => text)).toEqual([
      '{ ($.eventID = *) && $.c NOT EXISTS }',
      '{ ($.eventID NOT EXISTS) && $.c NOT EXISTS }',
      '{ ($.a.b = "x y") && $.eventID = * }',
      '{ ($.a.b = "x y") && $.eventID NOT EXISTS }',
    ]);
  });
});
