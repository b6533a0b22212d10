import { closingLine, details } from '../src/report';
import { Check, failed, notVerifiable, passed, Result, runChecks, tally, unless, Verdict } from '../src/verify/check';

const check = (title: string, run: Check['run']): Check => ({ title, run });

describe('unless', () => {
  test('passes if nothing is wrong', () => {
    expect(unless([false, undefined, ''])).toEqual(passed);
  });

  test('fails with everything that is', () => {
    expect(unless(['it is open', false, 'it is old'])).toEqual(failed('it is open; it is old'));
  });
});

describe('runChecks', () => {
  test('a check that throws has failed, with the name of the error, and those after it run', async () => {
    const results = await runChecks([
      check('throws', async () => { throw new TypeError('no such thing'); }),
      check('passes', async () => passed),
    ], () => {});
    expect(results).toEqual([
      { title: 'throws', verdict: Verdict.FAILED, reason: 'TypeError: no such thing' },
      { title: 'passes', verdict: Verdict.PASSED },
    ]);
  });

  test('runs one after the other, since drills change what others read, and reports each when it is done', async () => {
    const order: string[] = [];
    const slow = check('slow', async () => {
      order.push('begin');
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('end');
      return passed;
    });
    await runChecks([slow, slow], ({ title }) => order.push(title));
    expect(order).toEqual(['begin', 'end', 'slow', 'begin', 'end', 'slow']);
  });
});

const RESULTS: Result[] = [
  { title: 'a', ...passed }, { title: 'b', ...passed }, { title: 'c', ...failed('it is open') }, { title: 'd', ...notVerifiable('no database here') },
];

describe('what was counted', () => {
  test('is counted by verdict', () => {
    expect(tally(RESULTS)).toEqual({ passed: 2, failed: 1, notVerifiable: 1 });
    expect(tally([])).toEqual({ passed: 0, failed: 0, notVerifiable: 0 });
  });

  test('stands in the closing line', () => {
    expect(closingLine('private-workload', 52, tally(RESULTS))).toBe(
      'up: private-workload deployed, 52 resources, 2 checks passed, 1 failed, 1 not verifiable here',
    );
  });

  test('is listed with its reasons: what failed, then what nobody can tell here', () => {
    expect(details(RESULTS)).toEqual(['  ✗ c: it is open', 'not verifiable here:', '  ? d: no database here']);
  });

  test('is silent about what passed', () => {
    expect(details(RESULTS.slice(0, 2))).toEqual([]);
  });
});
