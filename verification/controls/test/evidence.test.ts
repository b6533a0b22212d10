import { namesOfPythonTests, namesOfTests } from '../src/collect/names-of-tests';
import { assertionsOf, drillsOf } from '../src/collect/said-of-deployments';
import { carrying } from '../src/evidence';
import { unnoticed } from '../src/traps';

test('names of tests stand below the blocks they are in', () => {
  const text = `
    describe('Vpc', () => {
      describe.each(FLAGS)('NET-01 %s', () => {
        test('has addresses', () => {});
        test.each([1, 2])(\`fails with \${n} of %d\`, () => {});
      });
      it.each\`a\`('takes tables', () => {});
    });
    other('is none', () => {});`;
  expect(namesOfTests('a.test.ts', text).map(({ says }) => says)).toEqual([
    'Vpc › NET-01 %s › has addresses', 'Vpc › NET-01 %s › fails with ${n} of %d', 'Vpc › takes tables',
  ]);
});

const BLOCKS = ['describe', 'test', 'it'];
test.each(BLOCKS.flatMap((block) => [`${block}.skip`, `${block}.todo`, `${block}.skip.each([1])`, `x${block}`]))('%s is no evidence, nor is what stands in it', (skipped) => {
  const text = `describe('NET', () => { ${skipped}('X-01 names', () => { test('X-01 are unique', () => {}); }); });`;
  expect(namesOfTests('a.test.ts', text)).toEqual([]);
});

test('names of Python tests carry ids in small letters', () => {
  const found = namesOfPythonTests('test_a.py', 'def test_x08_a_role_is_bounded(local):\n    pass\n\ndef helper():\n    pass\n\ndef test_r12d2(): pass\n');
  expect(carrying(found, 'X-08')).toHaveLength(1);
  expect(found).toHaveLength(2);
});

test('assertions are said by the comments above them', () => {
  expect(assertionsOf('integ.a.ts', '// B-01: the network\nassert();\n  // not this\n')).toEqual([{ file: 'integ.a.ts', says: 'B-01: the network' }]);
});

test('drills are said by their titles, those of other files included, once', () => {
  const files: Record<string, string> = {
    'drills/a.ts': "import { b } from './b';\nimport { x } from '@tapstack/operator';\n/** Who is told (B-10). */\nexport const a = [b, { title: 'opened (B-11)' }];",
    'drills/b.ts': "import { a } from './a';\nexport const b = { title: `${x}: fails (R-01)` };",
  };
  expect(drillsOf('drills/a.ts', (file) => files[file]).map(({ says }) => says)).toEqual(['${x}: fails (R-01)', 'opened (B-11)', 'Who is told (B-10).']);
});

test('a trap is noticed by every test it names, or there is a reason why not', () => {
  const trap = { mistake: 'two zones', fails: '', noticedBy: ['X-06 zones'] };
  expect(unnoticed([trap], [{ file: 'a', says: 'the X-06 zones differ' }])).toEqual([]);
  expect(unnoticed([trap], [])).toEqual(["the trap 'two zones' is noticed by no test: none is called '… X-06 zones …'"]);
  expect(unnoticed([{ ...trap, noticedBy: [] }], [])).toEqual(["no test notices the trap 'two zones'"]);
  expect(unnoticed([{ ...trap, noticedBy: [], open: 'later' }], [])).toEqual([]);
});
