import { DBInstanceNotFoundFault } from '@aws-sdk/client-rds';
import { stopIfProtected } from '../src/protections';
import { awsError, stubClients } from './_helpers/clients';
import { stackOf } from './_helpers/stacks';

const GONE = new DBInstanceNotFoundFault({ message: 'gone', $metadata: {} });
const LIFT_STACK = 'aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name TapStackdev';
const LIFT_DATABASE = 'aws rds modify-db-instance --no-deletion-protection --apply-immediately --db-instance-identifier Database-1';

/** A stack with a database, each protected or not. */
function stop(EnableTerminationProtection: boolean, database: unknown, DeletionPolicy = 'Snapshot') {
  const { clients, calls } = stubClients({
    DescribeStacks: { Stacks: [{ EnableTerminationProtection }] },
    DescribeDBInstances: typeof database === 'boolean' ? { DBInstances: [{ DeletionProtection: database }] } : database,
  });
  const template = { Resources: { Database: { Type: 'AWS::RDS::DBInstance', DeletionPolicy } } };
  return { stopped: stopIfProtected(clients, stackOf({ Database: 'AWS::RDS::DBInstance', Key: 'AWS::KMS::Key' }, template)), calls };
}

describe('before a stack is deleted', () => {
  test.each([
    ['the stack', true, false, LIFT_STACK],
    ['its database', false, true, LIFT_DATABASE],
    ['both', true, true, `${LIFT_STACK} && ${LIFT_DATABASE}`],
  ])('stops if %s is protected, says how to lift it, and lifts nothing', async (_, stack, database, commands) => {
    const { stopped, calls } = stop(stack, database);
    await expect(stopped).rejects.toMatchObject({
      message: `'TapStackdev' is protected from deletion, and nothing was deleted; if it has to go: ${commands}`, exitCode: 4,
    });
    expect(calls.map(([name]) => name)).toEqual(['DescribeStacks', 'DescribeDBInstances']);
  });

  test.each([['nothing is', false, 'Snapshot'], ['a database is that stays anyway', true, 'Retain'], ['one is that stays anyway', true, 'RetainExceptOnCreate']])(
    'goes on if %s protected', async (_, database, policy) => {
      await expect(stop(false, database, policy).stopped).resolves.toBeUndefined();
    });

  test('goes on if somebody has deleted the database', async () => {
    await expect(stop(false, GONE).stopped).resolves.toBeUndefined();
  });

  test('fails if RDS does not say', async () => {
    const denied = awsError('AccessDenied');
    await expect(stop(false, denied).stopped).rejects.toBe(denied);
  });
});
