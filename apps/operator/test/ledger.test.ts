import { runChecks, Verdict } from '../src/verify/check';
import { ledgerChecks } from '../src/verify/ledger';
import { stubClients } from './_helpers/clients';
import { targetWith } from './_helpers/targets';

const LEDGER = {
  summary: { applied: 7, stub: 0, dropped: 0, unread: 0 },
  reliedOnButNotApplied: [] as object[],
  resources: [{ logicalId: 'Vpc', type: 'AWS::EC2::VPC', properties: { CidrBlock: { status: 'applied' } } }] as object[],
};
const results = async (changes: object) => {
  const pages: string[] = [];
  const ask = async (page: string) => {
    pages.push(page);
    return { ...LEDGER, ...changes };
  };
  const checks = await ledgerChecks(targetWith(stubClients({}).clients, { ask }), 'TapStack dev');
  return { pages, found: await runChecks(checks, () => {}) };
};

test('passes if every property was applied that a check relies on', async () => {
  const { pages, found } = await results({});
  expect(pages).toEqual(['/_local/ledger?stack=TapStack%20dev']);
  expect(found).toEqual([{ title: 'the local AWS applied 7 properties, and each that a check relies on', verdict: Verdict.PASSED }]);
});

test('fails if one was not, with its name; it is not counted a second time', async () => {
  const { found } = await results({
    reliedOnButNotApplied: [{ logicalId: 'Vpc', property: 'CidrBlock', status: 'dropped' }],
    resources: [{ logicalId: 'Vpc', type: 'AWS::EC2::VPC', properties: { CidrBlock: { status: 'dropped' } } }],
  });
  expect(found).toEqual([expect.objectContaining({ verdict: Verdict.FAILED, reason: 'Vpc CidrBlock is dropped' })]);
});

test('says what cannot be seen here, one row for a property of a type, with the reason and the resources', async () => {
  const table = (logicalId: string, status: string) => ({ logicalId, type: 'AWS::X::Table', properties: { Size: { status }, Name: { status: 'applied' } } });
  const { found } = await results({ resources: [table('One', 'dropped'), table('Two', 'dropped'), table('Three', 'unread'), table('Four', 'stub')] });
  expect(found.slice(1)).toEqual([
    ['the local AWS does not keep all of it', 'One, Two'], ['no API of the local AWS tells what became of it', 'Three'], ['the local AWS only records resources of this type', 'Four'],
  ].map(([reason, resources]) => ({ title: 'AWS::X::Table Size', verdict: Verdict.NOT_VERIFIABLE, reason: `${reason} (${resources})` })));
});

test('asks nothing of an AWS account', async () => {
  expect(await ledgerChecks(targetWith(stubClients({}).clients), 'TapStackdev')).toEqual([]);
});
