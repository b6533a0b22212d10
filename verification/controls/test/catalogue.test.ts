import { catalogue } from '../src/catalogue';
import { claimsOfConstructs, claimsOfReadme } from '../src/collect/claims';
import { Control } from '../src/data/controls';
import { Evidence } from '../src/evidence';

const CONTROL: Control = { id: 'NET-01', title: 'exact addresses', package: 'network' };
const CONSTRUCTS = claimsOfConstructs('src/vpc.ts', '/**\n * A network.\n *\n * Controls: NET-01 exact\n * addresses.\n */\nexport class Vpc extends Construct {}');
const ROWS = claimsOfReadme('README.md', '| Control | Setting | Answers to |\n|---|---|---|\n| NET-01 exact addresses | as written | FSBP EC2.2 |');
const TESTS: Evidence[] = [{ file: 'vpc.test.ts', says: 'Vpc › NET-01 exact addresses › has them' }];
const FRAMEWORKS = [{ framework: 'AWS FSBP', id: 'EC2.2', title: 'closed', applies: 'yes' }];

test('a control that stands in all four places is complete', () => {
  const { entries, problems } = catalogue([CONTROL], CONSTRUCTS, ROWS, TESTS, FRAMEWORKS);
  expect(problems).toEqual([]);
  expect(entries[0]).toMatchObject({ constructs: [{ construct: 'Vpc' }], answersTo: ['FSBP EC2.2'] });
});

test.each<[string, Parameters<typeof catalogue>]>([
  ['no test carries NET-01', [[CONTROL], CONSTRUCTS, ROWS, [], FRAMEWORKS]],
  ['no test carries NET-01', [[CONTROL], CONSTRUCTS, ROWS, [{ file: 'a', says: 'NET-011' }], FRAMEWORKS]],
  ['no comment of a construct claims NET-01', [[CONTROL], [], ROWS, TESTS, FRAMEWORKS]],
  ['the README of network must have one row of NET-01, got 0', [[CONTROL], CONSTRUCTS, [], TESTS, FRAMEWORKS]],
  ['the README of network must have one row of NET-01, got 2', [[CONTROL], CONSTRUCTS, [...ROWS, ...ROWS], TESTS, FRAMEWORKS]],
  ['NET-01 is given twice in the catalogue', [[CONTROL, CONTROL], CONSTRUCTS, ROWS, TESTS, FRAMEWORKS]],
  ["src/vpc.ts calls NET-01 'exact addresses', and the catalogue 'addresses'", [[{ ...CONTROL, title: 'addresses' }], CONSTRUCTS, ROWS, TESTS, FRAMEWORKS]],
  ["NET-01 answers to 'FSBP EC2.2', which no framework of the catalogue has", [[CONTROL], CONSTRUCTS, ROWS, TESTS, []]],
])('fails: %s', (problem, input) => {
  expect(catalogue(...input).problems).toContain(problem);
});

test('fails on claims that the catalogue does not have', () => {
  expect(catalogue([], CONSTRUCTS, ROWS, TESTS, FRAMEWORKS).problems).toEqual([
    'src/vpc.ts claims NET-01, which the catalogue does not have', 'README.md claims NET-01, which the catalogue does not have',
  ]);
});

describe('claims', () => {
  test('of a construct end with their sentence', () => {
    const comment = "/**\n * Controls: AUD-13 nothing of the account's is undone, AUD-05 least privilege. See AUD-99 too.\n */\nexport class Policy {}";
    expect(claimsOfConstructs('a.ts', comment).map(({ id, title }) => [id, title])).toEqual([
      ['AUD-13', "nothing of the account's is undone"], ['AUD-05', 'least privilege'],
    ]);
  });

  test('of a README stand before a break, or in their column', () => {
    const found = claimsOfReadme('README.md', '| STO-01 customer key<br>CIS 3.2.1 | a \\| b | `key` |\n| text STO-02 |');
    expect(found).toEqual([{ id: 'STO-01', title: 'customer key', file: 'README.md', answersTo: 'CIS 3.2.1' }]);
  });
});
