import { keptByDesign } from '../src/inventory/kept';
import { Template } from '../src/verify/deployed-stack';
import { stubClients } from './_helpers/clients';
import { stackOf } from './_helpers/stacks';

const database = (DeletionPolicy: string, DeleteAutomatedBackups?: boolean): Template => (
  { Resources: { Database: { Type: 'AWS::RDS::DBInstance', DeletionPolicy, Properties: { DeleteAutomatedBackups } } } });

/** What stays of a stack that was deleted in two attempts, of which the first skipped the bucket. */
async function kept(items: string[], template?: Template) {
  const event = (PhysicalResourceId: string | undefined, ResourceStatus: string) => ({ PhysicalResourceId, ResourceStatus });
  const { clients, calls } = stubClients({
    DescribeStackEvents: ({ NextToken }: { NextToken?: string }) => NextToken
      ? { StackEvents: [event('tap-data', 'DELETE_SKIPPED'), event('tap-network', 'DELETE_FAILED')] }
      : { StackEvents: [event('/logs/of/tap', 'DELETE_SKIPPED'), event('tap-topic', 'DELETE_COMPLETE'), event(undefined, 'DELETE_SKIPPED')], NextToken: 'more' },
  });
  const stack = stackOf({}, template);
  const { has } = await keptByDesign(clients, stack);
  // a stack that is gone has no name any more
  expect(calls[0]).toEqual(['DescribeStackEvents', expect.objectContaining({ StackName: stack.id })]);
  return items.filter((item) => has(item));
}

describe('of a deleted stack stays on purpose', () => {
  test('what CloudFormation skipped, in whichever attempt', async () => {
    expect(await kept(['bucket tap-data', 'log group /logs/of/tap', 'network tap-network', 'topic tap-topic', 'bucket other-tap-data', 'bucket tap-data-2']))
      .toEqual(['bucket tap-data', 'log group /logs/of/tap']);
  });

  const OF_A_DATABASE = ['database snapshot last', 'database backup arn:aws:rds:1', 'database tap'];

  test.each([
    ['a snapshot', database('Snapshot', true), ['database snapshot last']],
    ['a snapshot and backups', database('Snapshot', false), ['database snapshot last', 'database backup arn:aws:rds:1']],
    ['backups', database('Delete', false), ['database backup arn:aws:rds:1']],
    ['nothing', database('Delete'), []],
    ['nothing, without a database', { Resources: { Store: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Snapshot' } } }, []],
  ])('of a database: %s, if the template says so', async (_, template, stays) => {
    expect(await kept(OF_A_DATABASE, template)).toEqual(stays);
  });
});
