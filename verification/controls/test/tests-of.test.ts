import { namesBelow, testsOf } from '../src/tests-of';

const test1 = (file: string, says: string) => ({ file, says });
const OWN = test1('apps/tap-stack/test/web.network.test.ts', 'web › B-01 network (%s) › has addresses');
const INHERITED = test1('apps/tap-stack/test/base.test.ts', 'B-01 zones');
const OF_ANOTHER = test1('apps/tap-stack/test/webshop.test.ts', 'B-01 network');
const SHARED = test1('apps/tap-stack/test/limits.test.ts', 'B-01 stays small');
const CONSTRUCT = test1('packages/network/test/secure-vpc.plan.test.ts', 'plans');
const IN_PASSING = test1('apps/local-aws/python/tests/test_ec2.py', 'B-01 is emulated');
const EVERYTHING = [OWN, INHERITED, OF_ANOTHER, SHARED, CONSTRUCT, IN_PASSING];

test('the tests of the environment come first, then those of all, then those of the construct; others are not about it', () => {
  const wiring = [{ path: 'Network', construct: 'SecureVpc' }];
  expect(testsOf('B-01', ['web'], ['web', 'base', 'webshop'], wiring, EVERYTHING)).toEqual({ own: [OWN], shared: [SHARED], constructs: [CONSTRUCT.file] });
});

test('an environment that has all of another one is tested as that, too', () => {
  expect(testsOf('B-01', ['web', 'base'], ['web', 'base', 'webshop'], [], EVERYTHING)).toEqual({ own: [OWN, INHERITED], shared: [SHARED], constructs: [] });
});

test('names are those from the id on, the ones of a block together, without ids and what a table puts in', () => {
  expect(namesBelow('B-01', [
    test1('a', 'web › B-01, X-06 network (%s) › %s, %s: has addresses'), test1('a', 'web › B-01, X-06 network (%s) › $tier › is private (B-02)'),
    test1('a', 'base › has a gateway for each of %d zones (B-01)'), test1('a', 'B-01: exact addresses'),
  ])).toEqual(['network (has addresses; is private)', 'has a gateway for each of … zones', 'exact addresses']);
});
