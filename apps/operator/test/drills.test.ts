import { runChecks, Verdict } from '../src/verify/check';
import { alarmArrives } from '../src/verify/drills/alarm';
import { Drill } from '../src/verify/drills/drill';
import { plainHttp } from '../src/verify/drills/plain-http';
import { RoleJob, roleDoesItsJob, rolesWithoutDrill } from '../src/verify/drills/role';
import { Answers, awsError, stubClients } from './_helpers/clients';
import { stackOf } from './_helpers/stacks';
import { NO_PAGES, targetWith, TargetParts } from './_helpers/targets';

const run = async (drill: Drill, types: Record<string, string>, answers: Answers, parts: TargetParts = {}) => {
  const stubbed = stubClients(answers);
  const checks = drill({ stack: stackOf(types), target: targetWith(stubbed.clients, parts) });
  return { results: await runChecks(checks, () => {}), calls: stubbed.calls };
};
const verdicts = ({ results }: Awaited<ReturnType<typeof run>>) => results.map(({ verdict }) => verdict);

describe('plain HTTP to a bucket', () => {
  const TLS = { Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  const DELIVERY = { Sid: 'AllowTrailDelivery', Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject' };
  const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [TLS, DELIVERY] });
  const bucket = { Store: 'AWS::S3::Bucket' };
  /** A bucket whose policy refuses plain HTTP, as long as it has the statement. */
  const guarded = (whole = POLICY) => {
    let policy: string | undefined = whole;
    const seen: (string | undefined)[] = [];
    const answers: Answers = {
      GetBucketPolicy: () => ({ Policy: policy }),
      DeleteBucketPolicy: () => { policy = undefined; },
      PutBucketPolicy: ({ Policy }: { Policy: string }) => { policy = Policy; },
    };
    const plain = async () => {
      seen.push(policy);
      if (policy?.includes(TLS.Sid)) throw awsError('AccessDenied');
    };
    return { answers, plain, policy: () => policy, seen };
  };

  test('is refused, and is answered without the statement: so it was the policy', async () => {
    const { answers, plain, policy } = guarded();
    expect(verdicts(await run(plainHttp, bucket, answers, { plain, ask: NO_PAGES }))).toEqual([Verdict.PASSED, Verdict.PASSED]);
    expect(policy()).toBe(POLICY);
  });

  test('whoever else the policy lets in is let in meanwhile', async () => {
    const { answers, plain, seen } = guarded();
    await run(plainHttp, bucket, answers, { plain, ask: NO_PAGES });
    expect(seen.map((policy) => JSON.parse(policy!) as object)).toEqual([JSON.parse(POLICY), { Version: '2012-10-17', Statement: [DELIVERY] }]);
  });

  test('a policy of the one statement is gone meanwhile, and comes back', async () => {
    const whole = JSON.stringify({ Statement: TLS });
    const { answers, plain, policy, seen } = guarded(whole);
    expect(verdicts(await run(plainHttp, bucket, answers, { plain, ask: NO_PAGES }))).toEqual([Verdict.PASSED, Verdict.PASSED]);
    expect([...seen, policy()]).toEqual([whole, undefined, whole]);
  });

  test('fails if the bucket answers', async () => {
    const { results } = await run(plainHttp, bucket, guarded().answers, { plain: async () => ({}), ask: NO_PAGES });
    expect(results[0]).toMatchObject({ title: 'Store: plain HTTP is refused', verdict: Verdict.FAILED, reason: 'the request was answered' });
  });

  test('the canary fails if something else refuses: then the first check proves nothing', async () => {
    const { answers, policy } = guarded();
    const { results } = await run(plainHttp, bucket, answers, { plain: async () => { throw awsError('AccessDenied'); }, ask: NO_PAGES });
    expect(results[1]).toMatchObject({ verdict: Verdict.FAILED, reason: 'without the statement the request was AccessDenied' });
    expect(policy()).toBe(POLICY);
  });

  test('a request that does not get through is no refusal, and the policy comes back', async () => {
    const { answers, policy } = guarded();
    expect(verdicts(await run(plainHttp, bucket, answers, { plain: async () => { throw awsError('TimeoutError'); }, ask: NO_PAGES }))).toEqual([Verdict.FAILED, Verdict.FAILED]);
    expect(policy()).toBe(POLICY);
  });

  test('in an AWS account no statement is taken away', async () => {
    const { answers, plain } = guarded();
    const { results, calls } = await run(plainHttp, bucket, answers, { plain });
    expect(results.map(({ verdict }) => verdict)).toEqual([Verdict.PASSED, Verdict.NOT_VERIFIABLE]);
    expect(calls).toEqual([]);
  });
});

describe('an alarm', () => {
  const alarm = { Cpu: 'AWS::CloudWatch::Alarm' };
  const statement = (Sid: string, Service: string) => ({ Sid, Effect: 'Allow', Principal: { Service }, Action: 'kms:Decrypt' });
  const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [statement('Logs', 'logs.amazonaws.com'), statement('Alarms', 'cloudwatch.amazonaws.com')] });

  /** CloudWatch, a topic whose key admits CloudWatch or not, and the queues that listen. */
  const delivering = (changes: Answers = {}) => {
    let policy = POLICY;
    let waiting: object[] = [];
    const queues = new Set<string>();
    const states: string[] = [];
    const answers: Answers = {
      DescribeAlarms: { MetricAlarms: [{ AlarmActions: ['arn:aws:lambda:x', 'arn:aws:sns:us-east-1:1:alerts'] }] },
      CreateQueue: ({ QueueName }: { QueueName: string }) => { queues.add(QueueName); return { QueueUrl: QueueName }; },
      GetQueueAttributes: { Attributes: { QueueArn: 'queue' } },
      Subscribe: { SubscriptionArn: 'subscription' },
      Unsubscribe: {},
      DeleteQueue: ({ QueueUrl }: { QueueUrl: string }) => { queues.delete(QueueUrl); },
      SetAlarmState: ({ AlarmName, StateValue }: Record<string, string>) => {
        states.push(StateValue);
        if (policy.includes('cloudwatch.amazonaws.com')) waiting.push({ Body: `${AlarmName} is ${StateValue}` });
      },
      ReceiveMessage: () => ({ Messages: waiting.splice(0) }),
      GetTopicAttributes: { Attributes: { KmsMasterKeyId: 'key' } },
      GetKeyPolicy: () => ({ Policy: policy }),
      PutKeyPolicy: ({ Policy }: { Policy: string }) => { policy = Policy; waiting = []; },
      ...changes,
    };
    return { answers, queues, states, policy: () => policy };
  };
  // twenty seconds of waiting pass at once
  beforeEach(() => {
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 1000));
  });
  afterEach(() => jest.restoreAllMocks());

  test('reaches a subscriber, and does not once the key no longer admits CloudWatch', async () => {
    const { answers, queues, states, policy } = delivering();
    const { results } = await run(alarmArrives, alarm, answers, { ask: NO_PAGES });
    expect(results).toEqual([
      { title: 'Cpu: its alarm reaches a subscriber of the topic', verdict: Verdict.PASSED },
      { title: 'Cpu: without the key policy\'s statement for CloudWatch nothing arrives (canary)', verdict: Verdict.PASSED },
    ]);
    expect(states).toEqual(['OK', 'ALARM', 'OK', 'OK', 'ALARM', 'OK']);
    expect([policy(), queues.size]).toEqual([POLICY, 0]);
  });

  test('takes away that one statement and no other', async () => {
    const { answers } = delivering();
    const { calls } = await run(alarmArrives, alarm, answers, { ask: NO_PAGES });
    const policies = calls.filter(([name]) => name === 'PutKeyPolicy').map(([, { Policy }]) => JSON.parse(Policy as string) as { Statement: { Sid: string }[] });
    expect(policies.map(({ Statement }) => Statement.map(({ Sid }) => Sid))).toEqual([['Logs'], ['Logs', 'Alarms']]);
  });

  test('fails if nothing arrives', async () => {
    const { results } = await run(alarmArrives, alarm, delivering({ ReceiveMessage: {} }).answers, { ask: NO_PAGES });
    expect(results[0]).toMatchObject({ verdict: Verdict.FAILED, reason: 'nothing arrived within 20 seconds' });
  });

  test('fails if what arrives is not its message', async () => {
    const { results } = await run(alarmArrives, alarm, delivering({ ReceiveMessage: { Messages: [{ Body: 'another-alarm is ALARM' }] } }).answers, { ask: NO_PAGES });
    expect(results[0].verdict).toBe(Verdict.FAILED);
  });

  test('fails if no topic is among its actions', async () => {
    const { results } = await run(alarmArrives, alarm, delivering({ DescribeAlarms: { MetricAlarms: [{ AlarmActions: ['arn:aws:lambda:x'] }] } }).answers, { ask: NO_PAGES });
    expect(results[0]).toMatchObject({ verdict: Verdict.FAILED, reason: 'no topic among its actions' });
  });

  test('the canary fails if the message arrives all the same', async () => {
    const { results } = await run(alarmArrives, alarm, delivering({ ReceiveMessage: { Messages: [{ Body: 'Cpu-1 is ALARM' }] } }).answers, { ask: NO_PAGES });
    expect(results[1]).toMatchObject({ verdict: Verdict.FAILED, reason: 'the message arrived all the same' });
  });

  test('the canary fails if there is no statement to take away', async () => {
    const { results } = await run(alarmArrives, alarm, delivering({ GetKeyPolicy: { Policy: '{"Statement":[]}' } }).answers, { ask: NO_PAGES });
    expect(results[1]).toMatchObject({ verdict: Verdict.FAILED, reason: 'Error: the policy of the key \'key\' has no such statement to take away' });
  });

  test('the canary fails if the topic has no key of its own', async () => {
    const { results } = await run(alarmArrives, alarm, delivering({ GetTopicAttributes: { Attributes: {} } }).answers, { ask: NO_PAGES });
    expect(results[1]).toMatchObject({ verdict: Verdict.FAILED, reason: 'the topic is not encrypted with a key of its own' });
  });

  test('the policy, the state and the queue come back when listening throws', async () => {
    const { answers, queues, states, policy } = delivering({ ReceiveMessage: awsError('QueueDoesNotExist') });
    expect(verdicts(await run(alarmArrives, alarm, answers, { ask: NO_PAGES }))).toEqual([Verdict.FAILED, Verdict.FAILED]);
    expect([policy(), queues.size, states.at(-1)]).toEqual([POLICY, 0, 'OK']);
  });

  test.each(['Subscribe', 'GetQueueAttributes', 'SetAlarmState', 'Unsubscribe'])('no queue stays behind when %s throws', async (call) => {
    const { answers, queues, policy } = delivering({ [call]: awsError('Throttling') });
    expect(verdicts(await run(alarmArrives, alarm, answers, { ask: NO_PAGES }))).toEqual([Verdict.FAILED, Verdict.FAILED]);
    expect([policy(), queues.size]).toEqual([POLICY, 0]);
  });

  test('in an AWS account no statement is taken away', async () => {
    const { results, calls } = await run(alarmArrives, alarm, delivering().answers);
    expect(results.map(({ verdict }) => verdict)).toEqual([Verdict.PASSED, Verdict.NOT_VERIFIABLE]);
    expect(calls.filter(([name]) => name === 'PutKeyPolicy')).toEqual([]);
  });
});

describe('a role', () => {
  const types = { ServerRole: 'AWS::IAM::Role' };
  const role = { GetRole: { Role: { Arn: 'arn:aws:iam::1:role/ServerRole-1' } } };
  const attempt = (title: string, outcome: () => Promise<unknown>) => ({ title, action: 's3:PutObject', resource: 'arn:aws:s3:::a/b', call: outcome });
  const job = (may: () => Promise<unknown>, mayNot: () => Promise<unknown>): RoleJob => ({
    role: 'ServerRole', service: 'ec2.amazonaws.com', sourceArn: () => 'source', may: () => [attempt('do it', may)], mayNot: () => [attempt('do more', mayNot)],
  });
  const succeeds = async () => ({});
  const isDenied = (name = 'AccessDenied') => async () => { throw awsError(name); };
  const sessions: unknown[] = [];
  const asRole = async (session: unknown) => {
    sessions.push(session);
    return stubClients({}).clients;
  };

  test('does its job and is denied what lies next to it, with credentials made for its service', async () => {
    const { results } = await run(roleDoesItsJob(job(succeeds, isDenied())), types, role, { asRole });
    expect(results).toEqual([{ title: 'ServerRole: may do it', verdict: Verdict.PASSED }, { title: 'ServerRole: may not do more', verdict: Verdict.PASSED }]);
    expect(sessions[0]).toEqual({ roleArn: 'arn:aws:iam::1:role/ServerRole-1', service: 'ec2.amazonaws.com', sourceArn: 'source' });
  });

  test.each(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation', 'AuthorizationError', 'AuthorizationErrorException'])('%s is a denial', async (name) => {
    const drill = roleDoesItsJob(job(isDenied(name), isDenied(name)));
    expect(verdicts(await run(drill, types, role, { asRole }))).toEqual([Verdict.FAILED, Verdict.PASSED]);
  });

  test('fails if it is denied its job, or allowed more', async () => {
    const { results } = await run(roleDoesItsJob(job(isDenied(), succeeds)), types, role, { asRole });
    expect(results.map(({ verdict, reason }) => [verdict, reason])).toEqual([[Verdict.FAILED, 'denied'], [Verdict.FAILED, 'allowed']]);
  });

  test('an error of another kind is neither', async () => {
    const broken = async () => { throw awsError('NoSuchBucket', 'there is no such bucket'); };
    const { results } = await run(roleDoesItsJob(job(broken, broken)), types, role, { asRole });
    expect(results.map(({ verdict, reason }) => [verdict, reason])).toEqual(Array(2).fill([Verdict.FAILED, 'NoSuchBucket: there is no such bucket']));
  });

  describe('that cannot be had: IAM is asked', () => {
    const never = async () => { throw new Error('must not be called'); };
    const decides = (EvalDecision?: string) => ({ ...role, SimulatePrincipalPolicy: { EvaluationResults: EvalDecision ? [{ EvalDecision }] : [] } });

    test.each([
      ['allowed', Verdict.PASSED, Verdict.FAILED], ['implicitDeny', Verdict.FAILED, Verdict.PASSED], ['explicitDeny', Verdict.FAILED, Verdict.PASSED], [undefined, Verdict.FAILED, Verdict.FAILED],
    ])('%s', async (decision, may, mayNot) => {
      const done = await run(roleDoesItsJob(job(never, never)), types, decides(decision));
      expect(verdicts(done)).toEqual([may, mayNot]);
      expect(done.calls.find(([name]) => name === 'SimulatePrincipalPolicy')![1]).toEqual({
        PolicySourceArn: 'arn:aws:iam::1:role/ServerRole-1', ActionNames: ['s3:PutObject'], ResourceArns: ['arn:aws:s3:::a/b'],
      });
    });
  });

  test('fails if the stack has no such role, or two', () => {
    const drill = roleDoesItsJob(job(succeeds, succeeds));
    const of = (...ids: string[]) => () => drill({ stack: stackOf(Object.fromEntries(ids.map((id) => [id, 'AWS::IAM::Role']))), target: targetWith(stubClients({}).clients) });
    expect(of('OtherRole')).toThrow("the stack 'TapStackdev' must have one AWS::IAM::Role 'ServerRole…', it has 0: ");
    expect(of('ServerRole1', 'ServerRole2')).toThrow('it has 2: ServerRole1, ServerRole2');
  });

  test('that no drill speaks of cannot be verified, and says so; one that is only allowed things neither', async () => {
    const stack = stackOf({ ServerRole: 'AWS::IAM::Role', HalfRole: 'AWS::IAM::Role', OtherRole: 'AWS::IAM::Role' });
    const drilled = ['ServerRole: may a', 'ServerRole: may not b', 'HalfRole: may a'].map((title) => ({ title, run: async () => ({ verdict: Verdict.PASSED }) }));
    const results = await runChecks(rolesWithoutDrill(stack, drilled), () => {});
    expect(results.map(({ title, verdict }) => [title.split(':')[0], verdict])).toEqual([['HalfRole', Verdict.NOT_VERIFIABLE], ['OtherRole', Verdict.NOT_VERIFIABLE]]);
  });
});
