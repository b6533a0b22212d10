import { AuthorizeSecurityGroupIngressCommand, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { runChecks, Verdict } from '../src/verify/check';
import { apiCallIsTold, ToldCall } from '../src/verify/drills/told';
import { withoutInvocation, withoutKeyStatements } from '../src/verify/drills/without';
import { Answers, awsError, stubClients } from './_helpers/clients';
import { stackOf } from './_helpers/stacks';
import { NO_PAGES, targetWith } from './_helpers/targets';

const EVENTS = 'events.amazonaws.com';
const RULE_ARN = 'arn:aws:events:us-east-1:1:rule/changes';
const KEY_POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'Owner', Effect: 'Allow' }, { Sid: 'Use', Effect: 'Allow' }] });
const permission = {
  Sid: 'ofRule', Effect: 'Allow', Principal: { Service: EVENTS }, Action: 'lambda:InvokeFunction', Condition: { ArnLike: { 'AWS:SourceArn': RULE_ARN } },
};

/** A group, a rule, a function, a topic with a key: a call that opens the group is told while key and permission are there. */
const watched = (changes: Answers = {}) => {
  let keyPolicy = KEY_POLICY;
  let permitted = true;
  let open = false;
  const waiting: Record<string, object[]> = {};
  const queues = new Set<string>();
  const kept = [{ Body: 'of somebody else', ReceiptHandle: 'other' }] as { Body: string; ReceiptHandle: string }[];
  const hidden: string[] = [];
  const operator = stubClients({
    CreateUser: ({ UserName }: { UserName: string }) => ({ User: { Arn: `arn:user/${UserName}` } }),
    PutUserPolicy: {}, DeleteUserPolicy: {}, DeleteUser: {}, DeleteAccessKey: {}, ListMFADevices: {}, ListVirtualMFADevices: {},
    CreateAccessKey: ({ UserName }: { UserName: string }) => ({ AccessKey: { AccessKeyId: UserName, SecretAccessKey: 'secret' } }),
    CreateQueue: ({ QueueName }: { QueueName: string }) => {
      queues.add(QueueName);
      waiting[QueueName] = [];
      return { QueueUrl: QueueName };
    },
    DeleteQueue: ({ QueueUrl }: { QueueUrl: string }) => { queues.delete(QueueUrl); },
    GetQueueAttributes: { Attributes: { QueueArn: 'arn' } }, Subscribe: { SubscriptionArn: 'subscription' }, Unsubscribe: {},
    ReceiveMessage: ({ QueueUrl }: { QueueUrl: string }) => ({ Messages: QueueUrl === 'kept' ? kept.slice() : waiting[QueueUrl].splice(0) }),
    DeleteMessage: ({ ReceiptHandle }: { ReceiptHandle: string }) => {
      kept.splice(kept.findIndex((one) => one.ReceiptHandle === ReceiptHandle), 1);
    },
    ChangeMessageVisibility: ({ ReceiptHandle }: { ReceiptHandle: string }) => { hidden.push(ReceiptHandle); },
    GetKeyPolicy: () => ({ Policy: keyPolicy }),
    PutKeyPolicy: ({ Policy }: { Policy: string }) => { keyPolicy = Policy; },
    GetPolicy: { Policy: JSON.stringify({ Statement: [permission, { ...permission, Sid: 'ofAnother', Principal: { Service: 's3.amazonaws.com' } }] }) },
    RemovePermission: () => { permitted = false; },
    AddPermission: () => { permitted = true; },
    RevokeSecurityGroupIngress: () => { open = false; },
    ...changes,
  });
  const as = ({ accessKeyId: who }: { accessKeyId: string }) => stubClients({
    GetCallerIdentity: {},
    AuthorizeSecurityGroupIngress: () => {
      open = true;
      if (!permitted) kept.push({ Body: `event of ${who}`, ReceiptHandle: who });
      else if (keyPolicy.includes('Use')) for (const queue of queues) waiting[queue].push({ Body: `opened by ${who}` });
    },
    ...changes,
  }).clients;
  const state = () => ({ keyPolicy, permitted, open, queues: queues.size, kept: kept.map(({ Body }) => Body) });
  return { operator, as, state, hidden };
};

const UNTOUCHED = { keyPolicy: KEY_POLICY, permitted: true, open: false, queues: 0, kept: ['of somebody else'] };

const TOLD: ToldCall = {
  title: 'a group opened', topic: () => 'topic', action: 'ec2:AuthorizeSecurityGroupIngress',
  call: (as) => as.ec2.send(new AuthorizeSecurityGroupIngressCommand({})),
  undo: (clients) => clients.ec2.send(new RevokeSecurityGroupIngressCommand({})),
  says: (message, who) => message === `opened by ${who.name}`,
  needs: [
    { title: 'the key', without: ({ target }, action) => withoutKeyStatements(target.clients, 'key', ({ Sid }) => Sid === 'Use', action) },
    { title: 'the permission', without: ({ target }, action) => withoutInvocation(target.clients, 'function', EVENTS, action), keptIn: () => 'kept' },
  ],
};

const run = async (changes: Answers = {}, { local = true, told = TOLD } = {}) => {
  const { operator, as, state, hidden } = watched(changes);
  const checks = apiCallIsTold(told)({ stack: stackOf({}), target: targetWith(operator.clients, { as, ask: local ? NO_PAGES : undefined }) });
  return { results: await runChecks(checks, () => {}), state, hidden, calls: operator.calls };
};

describe('an API call that is told', () => {
  // waiting takes no time
  beforeEach(() => {
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 1000));
  });
  afterEach(() => jest.restoreAllMocks());

  test('reaches a subscriber, with who made it; without what it needs it does not, and the event is kept', async () => {
    const { results, state, hidden, calls } = await run();
    expect(results).toEqual([
      { title: 'a group opened: a subscriber is told, and by whom it was done', verdict: Verdict.PASSED },
      { title: 'a group opened: without the key nothing arrives (canary)', verdict: Verdict.PASSED },
      { title: 'a group opened: without the permission nothing arrives, and the event is kept (canary)', verdict: Verdict.PASSED },
    ]);
    expect(state()).toEqual(UNTOUCHED);
    expect(hidden).toContain('other');
    expect(calls.find(([name]) => name === 'AddPermission')![1]).toEqual({
      FunctionName: 'function', StatementId: 'ofRule', Action: 'lambda:InvokeFunction', Principal: EVENTS, SourceArn: RULE_ARN, SourceAccount: undefined,
    });
    expect(calls.filter(([name]) => name === 'RemovePermission').map(([, { StatementId }]) => StatementId)).toEqual(['ofRule']);
  });

  test('fails if nothing arrives', async () => {
    const { results, state } = await run({ AuthorizeSecurityGroupIngress: {} });
    expect(results[0]).toMatchObject({ verdict: Verdict.FAILED, reason: 'nothing arrived within 20 seconds' });
    expect(state()).toEqual(UNTOUCHED);
  });

  test('fails if what arrives names somebody else', async () => {
    const { results } = await run({ ReceiveMessage: { Messages: [{ Body: 'opened by nobody' }] } });
    expect(results[0].verdict).toBe(Verdict.FAILED);
  });

  test('the canary fails if the message arrives all the same', async () => {
    const { results } = await run({}, { told: { ...TOLD, needs: [{ title: 'nothing', without: (_, action) => action() }] } });
    expect(results[1]).toMatchObject({ verdict: Verdict.FAILED, reason: 'the message arrived all the same' });
  });

  test('the canary fails if the event is lost', async () => {
    const { results } = await run({ AuthorizeSecurityGroupIngress: {} });
    expect(results[2]).toMatchObject({ verdict: Verdict.FAILED, reason: 'the event is not in the queue that keeps what fails' });
  });

  test('the canary fails if there is nothing to take away', async () => {
    const { results } = await run({ GetKeyPolicy: { Policy: '{"Statement":[]}' }, GetPolicy: { Policy: '{"Statement":[]}' } });
    expect(results.slice(1).map(({ reason }) => reason)).toEqual([
      "Error: the policy of the key 'key' has no such statement to take away", `Error: the policy of the function 'function' does not admit ${EVENTS}`,
    ]);
  });

  test.each(['AuthorizeSecurityGroupIngress', 'ReceiveMessage', 'Subscribe'])('everything is as it was when %s throws', async (call) => {
    const { results, state } = await run({ [call]: awsError('Throttling') });
    expect(results.map(({ verdict }) => verdict)).toEqual([Verdict.FAILED, Verdict.FAILED, Verdict.FAILED]);
    expect({ ...state(), kept: [] }).toEqual({ ...UNTOUCHED, kept: [] });
  });

  test('in an AWS account nothing is taken away', async () => {
    const { results, calls } = await run({}, { local: false });
    expect(results.map(({ verdict }) => verdict)).toEqual([Verdict.PASSED, Verdict.NOT_VERIFIABLE, Verdict.NOT_VERIFIABLE]);
    expect(calls.filter(([name]) => ['PutKeyPolicy', 'RemovePermission'].includes(name))).toEqual([]);
  });
});
