import { ExitCode } from '../src/problem';
import { makeDeployable, resourceTypes, stackStatus } from '../src/stacks';
import { awsError, stubClients } from './_helpers/clients';

/** Time passes only while somebody waits. */
let mockNow = 0;
jest.mock('node:timers/promises', () => ({ setTimeout: async (milliseconds: number) => { mockNow += milliseconds; } }));
beforeEach(() => { jest.spyOn(Date, 'now').mockImplementation(() => mockNow); });
afterEach(() => jest.restoreAllMocks());

const ABSENT = awsError('ValidationError', 'Stack with id TapStackdev does not exist');

/** A stack that has one status after the other; the last one stays. */
function having(...statuses: (string | undefined)[]) {
  return stubClients({
    DescribeStacks: () => {
      const status = statuses.length > 1 ? statuses.shift() : statuses[0];
      return status === undefined ? ABSENT : { Stacks: [{ StackStatus: status }] };
    },
    DeleteStack: {},
  });
}

const reports: string[] = [];
beforeEach(() => reports.splice(0));
const make = (stack: ReturnType<typeof having>) => makeDeployable(stack.clients, 'TapStackdev', (line) => reports.push(line));
const deletions = ({ calls }: ReturnType<typeof having>) => calls.filter(([name]) => name === 'DeleteStack');

describe('the status of a stack', () => {
  test('is what CloudFormation says', async () => {
    expect(await stackStatus(having('UPDATE_COMPLETE').clients, 'TapStackdev')).toBe('UPDATE_COMPLETE');
  });

  test('is none if there is no such stack', async () => {
    expect(await stackStatus(having(undefined).clients, 'TapStackdev')).toBeUndefined();
  });

  test.each([awsError('ExpiredToken'), awsError('ValidationError', 'the name is wrong')])('fails if CloudFormation says something else: %s', async (error) => {
    await expect(stackStatus(stubClients({ DescribeStacks: error }).clients, 'TapStackdev')).rejects.toBe(error);
  });
});

describe('makes a stack deployable', () => {
  test.each([undefined, 'CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'])('that is %s: nothing to do', async (status) => {
    const stack = having(status);
    await make(stack);
    expect([reports, deletions(stack)]).toEqual([[], []]);
  });

  test('that somebody is still at: waits', async () => {
    await make(having('CREATE_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE'));
    expect(reports).toEqual(Array(2).fill('the stack is CREATE_IN_PROGRESS from an earlier run: waiting'));
  });

  test('whose first creation failed: deletes it, and waits until it is gone', async () => {
    const stack = having('ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', undefined);
    await make(stack);
    expect(deletions(stack)).toEqual([['DeleteStack', { StackName: 'TapStackdev' }]]);
    expect(reports).toEqual([
      'the stack is ROLLBACK_COMPLETE from an earlier run that did not finish: deleting it first',
      'the stack is DELETE_IN_PROGRESS from an earlier run: waiting',
    ]);
  });

  test('of a run that was killed while it was created, and then rolled back', async () => {
    const stack = having('CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_FAILED', 'DELETE_IN_PROGRESS', undefined);
    await make(stack);
    expect(deletions(stack)).toHaveLength(1);
  });

  test.each(['UPDATE_ROLLBACK_FAILED', 'DELETE_FAILED', 'UPDATE_FAILED', 'SOMETHING_NEW'])('R-02 that may hold data and is %s: fails, and deletes nothing', async (status) => {
    const stack = having(status);
    await expect(make(stack)).rejects.toMatchObject({
      message: `the stack 'TapStackdev' is ${status}, which no deployment can mend; see its events, then 'tapstack down' or repair it by hand`, exitCode: ExitCode.STACK,
    });
    expect(deletions(stack)).toEqual([]);
  });

  test('fails if it is still the same after an hour', async () => {
    await expect(make(having('UPDATE_IN_PROGRESS'))).rejects.toMatchObject({ message: "the stack 'TapStackdev' is still UPDATE_IN_PROGRESS after 60 minutes", exitCode: ExitCode.STACK });
  });
});

test('the types of a stack are told once each, whatever page they are on', async () => {
  const { clients } = stubClients({
    ListStackResources: ({ NextToken }: { NextToken?: string }) => NextToken
      ? { StackResourceSummaries: [{ ResourceType: 'AWS::EC2::VPC' }] }
      : { StackResourceSummaries: [{ ResourceType: 'AWS::S3::Bucket' }, { ResourceType: 'AWS::S3::Bucket' }], NextToken: 'more' },
  });
  await expect(resourceTypes(clients, 'TapStackdev')).resolves.toEqual(['AWS::EC2::VPC', 'AWS::S3::Bucket']);
});
