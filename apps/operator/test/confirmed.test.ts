import { failed, notVerifiable, Outcome, passed, runChecks } from '../src/verify/check';
import { confirmedBy, ReadBack } from '../src/verify/confirmed';
import { confirming, DrillContext } from '../src/verify/drills/drill';

const READ_BACK: ReadBack = { 'every bucket': { 'keeps versions': ['B-12', 'A-01'] }, 'every key': { rotates: ['B-08'] } };
const result = (title: string, outcome: Outcome, ...confirms: string[]) => ({ title, confirms, ...outcome });

test('what is read back of several resources of a kind is said once, with its requirements in order', () => {
  const results = [result('LogsBucket12AB34CD: keeps versions', passed), result('DataBucket56AB78CD: keeps versions', passed)];
  expect(confirmedBy(results, READ_BACK)).toEqual({ confirmed: { 'every bucket: keeps versions': ['A-01', 'B-12'] }, notVerifiable: {} });
});

test('it is not confirmed once it fails for one of them', () => {
  const results = [result('LogsBucket12AB34CD: keeps versions', passed), result('DataBucket56AB78CD: keeps versions', failed('no'))];
  expect(confirmedBy(results, READ_BACK)).toEqual({ confirmed: {}, notVerifiable: {} });
});

test('what a drill confirms is said without what changes from stack to stack, in an order of its own', () => {
  const results = [result('ServerRole12AB34CD: may write', passed, 'X-08', 'B-06', 'X-08'), result('GET /data: is answered', passed, 'D-08')];
  expect(Object.entries(confirmedBy(results).confirmed)).toEqual([['GET /data: is answered', ['D-08']], ['ServerRole: may write', ['B-06', 'X-08']]]);
});

test('what nobody can tell says why', () => {
  expect(confirmedBy([result('Database: asks for TLS', notVerifiable('there is none'), 'B-04')]).notVerifiable).toEqual({
    'Database: asks for TLS': { confirms: ['B-04'], because: 'there is none' },
  });
});

test('what confirms no requirement is left out', () => {
  expect(confirmedBy([result('Key12AB34CD: is enabled', passed)], READ_BACK)).toEqual({ confirmed: {}, notVerifiable: {} });
});

test('the checks of drills carry the ids that they are given, and those that they have', async () => {
  const check = { title: 'Role: may', run: async () => passed };
  const drill = confirming(['X-08'], () => [{ ...check, confirms: ['B-06'] }], () => [check]);
  const results = await runChecks(drill({} as DrillContext), () => {});
  expect(results.map(({ confirms, verdict }) => [confirms, verdict])).toEqual([[['B-06', 'X-08'], passed.verdict], [['X-08'], passed.verdict]]);
});
