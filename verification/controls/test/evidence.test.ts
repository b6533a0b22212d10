import { assertionsOf } from '../src/collect/assertions';
import { namesOfPythonTests, namesOfTests } from '../src/collect/names-of-tests';
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

test('assertions are said by the comments above them, each for what it is about', () => {
  const text = '// B-01, X-06: the network; B-02: the ways out\nassert();\n  // not this\n';
  expect(assertionsOf('integ.a.ts', text).map(({ says }) => says)).toEqual(['B-01, X-06: the network', 'B-02: the ways out']);
});

test('a trap is noticed by every test that it names, and names one', () => {
  const trap = { mistake: 'two zones', fails: '', noticedBy: ['X-06 zones'] };
  expect(unnoticed([trap], [{ file: 'a', says: 'the X-06 zones differ' }])).toEqual([]);
  expect(unnoticed([trap], [])).toEqual(["the trap 'two zones' is noticed by no test: none is called '… X-06 zones …'"]);
  expect(unnoticed([{ ...trap, noticedBy: [] }], [])).toEqual(["no test notices the trap 'two zones'"]);
});
