import { AccessAnalyzerClient } from '@aws-sdk/client-accessanalyzer';
import { GuardDutyClient } from '@aws-sdk/client-guardduty';
import { Inspector2Client } from '@aws-sdk/client-inspector2';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { Request } from '../handlers/custom-resource';
import { handler as accessAnalyzer } from '../handlers/threat-detection/access-analyzer';
import { decide, State } from '../handlers/threat-detection/decide';
import { handler as guardDuty } from '../handlers/threat-detection/guard-duty';
import { handler as inspector } from '../handlers/threat-detection/inspector';
import { handler as securityHub } from '../handlers/threat-detection/security-hub';

describe('AUD-13 nothing of the account\'s is undone', () => {
  test.each([
    ['Create', State.ABSENT, true, 'ENABLED'],
    ['Create', State.ON, false, 'WAS_ON'],
    ['Update', State.ABSENT, true, 'ENABLED'],
    ['Update', State.ON, false, 'WAS_ON'],
    ['Delete', State.ABSENT, false, 'LEFT'],
    ['Delete', State.ON, false, 'LEFT'],
    ['Delete', State.PAUSED, false, 'LEFT'],
  ] as const)('%s where it is %s: enables it %s, and says %s', (requestType, state, enable, outcome) => {
    expect(decide('GUARD_DUTY', requestType, state)).toEqual({ enable, outcome });
  });

  test.each(['Create', 'Update'] as const)('%s fails where somebody paused it', (requestType) => {
    expect(() => decide('GUARD_DUTY', requestType, State.PAUSED)).toThrow(/GUARD_DUTY must work, but somebody paused it .*; resume it there, or leave it out of the stack/);
  });
});

describe('the handlers of ThreatDetection', () => {
  const HANDLERS: Record<string, typeof guardDuty> = {
    GUARD_DUTY: guardDuty, SECURITY_HUB: securityHub, ACCESS_ANALYZER: accessAnalyzer, INSPECTOR: inspector,
  };
  const handler = (asked: Request) => HANDLERS[String(asked.ResourceProperties.Service)](asked);

  /** What the account answers, by call; what is not here must not be called. */
  let account: Record<string, unknown>;
  let called: [string, object][];
  let answered: Record<string, unknown>[];
  let status: number;
  let lines: Record<string, unknown>[];

  beforeEach(() => {
    [account, called, answered, status, lines] = [{}, [], [], 200, []];
    const send = async (command: { constructor: { name: string }; input: object }) => {
      const call = command.constructor.name.replace(/Command$/, '');
      called.push([call, command.input]);
      if (!(call in account)) throw new Error(`unexpected ${call}`);
      if (account[call] instanceof Error) throw account[call];
      return account[call];
    };
    for (const client of [AccessAnalyzerClient, GuardDutyClient, Inspector2Client, SecurityHubClient]) {
      jest.spyOn(client.prototype as { send: unknown }, 'send' as never).mockImplementation(send as never);
    }
    jest.spyOn(global, 'fetch').mockImplementation(async (_, options) => {
      answered.push({ ...options, body: JSON.parse(String(options!.body)) });
      return new Response(undefined, { status });
    });
    jest.spyOn(console, 'log').mockImplementation((line: string) => { lines.push(JSON.parse(line)); });
  });
  afterEach(() => { jest.restoreAllMocks(); });

  const request = (service: string, requestType: Request['RequestType'] = 'Create'): Request => ({
    RequestType: requestType,
    ResponseURL: 'https://cloudformation.example/answer',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Setting',
    ResourceProperties: { Service: service },
  });
  const notSubscribed = Object.assign(new Error('not subscribed'), { name: 'InvalidAccessException' });
  const resources = (ec2: string, ecr: string, lambda: string) => ({
    BatchGetAccountStatus: { accounts: [{ resourceState: { ec2: { status: ec2 }, ecr: { status: ecr }, lambda: { status: lambda } } }] },
  });

  test.each<[string, string, Record<string, unknown>, string, object]>([
    ['GUARD_DUTY', 'CreateDetector', { ListDetectors: { DetectorIds: [] }, CreateDetector: {} }, 'no detector', { Enable: true, FindingPublishingFrequency: 'FIFTEEN_MINUTES' }],
    ['SECURITY_HUB', 'EnableSecurityHub', { DescribeHub: notSubscribed, EnableSecurityHub: {} }, 'no hub', { EnableDefaultStandards: true, ControlFindingGenerator: 'SECURITY_CONTROL' }],
    ['ACCESS_ANALYZER', 'CreateAnalyzer', { ListAnalyzers: { analyzers: [] }, CreateAnalyzer: {} }, 'no analyzer', { analyzerName: 'external-access', type: 'ACCOUNT' }],
    [
      'ACCESS_ANALYZER', 'CreateAnalyzer', { ListAnalyzers: { analyzers: [{ type: 'ACCOUNT_UNUSED_ACCESS', status: 'ACTIVE' }] }, CreateAnalyzer: {} },
      'only one of unused access', { analyzerName: 'external-access', type: 'ACCOUNT' },
    ],
    ['INSPECTOR', 'Enable', { ...resources('DISABLED', 'DISABLED', 'DISABLED'), Enable: { failedAccounts: [] } }, 'nothing scanned', { resourceTypes: ['EC2', 'ECR', 'LAMBDA'] }],
  ])('turns %s on with %s, where there is %4$s', async (service, call, before, _, input) => {
    account = before;
    await handler(request(service));
    expect(called.at(-1)).toEqual([call, input]);
    expect(answered).toMatchObject([{ method: 'PUT', body: { Status: 'SUCCESS', PhysicalResourceId: service, Data: { Outcome: 'ENABLED' }, RequestId: 'request' } }]);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['GUARD_DUTY', 'a detector', { ListDetectors: { DetectorIds: ['1'] }, GetDetector: { Status: 'ENABLED' } }],
    ['SECURITY_HUB', 'a hub', { DescribeHub: { HubArn: 'arn' } }],
    ['ACCESS_ANALYZER', 'an analyzer of the account', { ListAnalyzers: { analyzers: [{ type: 'ACCOUNT', status: 'ACTIVE' }] } }],
    ['ACCESS_ANALYZER', 'an analyzer of the organization', { ListAnalyzers: { analyzers: [{ type: 'ORGANIZATION', status: 'CREATING' }] } }],
    ['INSPECTOR', 'a scan of everything', resources('ENABLED', 'ENABLED', 'ENABLED')],
    ['INSPECTOR', 'a scan of instances only, which somebody chose', resources('ENABLED', 'DISABLED', 'DISABLED')],
    ['INSPECTOR', 'a scan that begins', resources('ENABLING', 'DISABLED', 'DISABLED')],
  ])('leaves %s alone where there is %s', async (service, _, before) => {
    account = before;
    await handler(request(service));
    expect(answered).toMatchObject([{ body: { Status: 'SUCCESS', Data: { Outcome: 'WAS_ON' } } }]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['GUARD_DUTY', { ListDetectors: { DetectorIds: ['1'] }, GetDetector: { Status: 'DISABLED' } }],
    ['ACCESS_ANALYZER', { ListAnalyzers: { analyzers: [{ type: 'ACCOUNT', status: 'DISABLED' }] } }],
    ['INSPECTOR', resources('SUSPENDED', 'DISABLED', 'DISABLED')],
  ])('fails and changes nothing where %s was paused', async (service, before) => {
    account = before;
    await handler(request(service));
    expect(answered).toMatchObject([{ body: { Status: 'FAILED', Reason: expect.stringContaining('somebody paused it') } }]);
  });

  test.each(['GUARD_DUTY', 'SECURITY_HUB', 'ACCESS_ANALYZER', 'INSPECTOR'])('calls nothing when %s leaves the stack', async (service) => {
    await handler(request(service, 'Delete'));
    expect(called).toEqual([]);
    expect(answered).toMatchObject([{ body: { Status: 'SUCCESS', PhysicalResourceId: service } }]);
  });

  test.each<[string, string, Record<string, unknown>, RegExp]>([
    ['a call is refused', 'GUARD_DUTY', { ListDetectors: new Error('AccessDenied') }, /AccessDenied/],
    ['Security Hub refuses for another reason', 'SECURITY_HUB', { DescribeHub: new Error('AccessDenied') }, /AccessDenied/],
    ['Inspector fails for the account', 'INSPECTOR', { ...resources('DISABLED', 'DISABLED', 'DISABLED'), Enable: { failedAccounts: [{ errorCode: 'BLOCKED', errorMessage: 'by policy' }] } }, /BLOCKED by policy/],
  ])('fails the resource when %s, and logs why', async (_, service, before, reason) => {
    account = before;
    await handler(request(service));
    expect(answered).toMatchObject([{ body: { Status: 'FAILED', Reason: expect.stringMatching(reason) } }]);
    expect(lines).toMatchObject([{ level: 'ERROR', message: 'failed', error: expect.stringMatching(reason) }]);
  });

  test('throws when CloudFormation does not take the answer, so that the request is tried again and kept (AUD-04)', async () => {
    status = 503;
    await expect(handler(request('GUARD_DUTY', 'Delete'))).rejects.toThrow('CloudFormation answered 503');
    expect(answered).toHaveLength(1);
  });

  test('throws when CloudFormation cannot be reached, saying why (AUD-04)', async () => {
    jest.mocked(fetch).mockRejectedValue(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }));
    await expect(handler(request('GUARD_DUTY', 'Delete'))).rejects.toThrow('getaddrinfo ENOTFOUND');
  });

  test('answers with the empty content type that the address is signed for', async () => {
    await handler(request('GUARD_DUTY', 'Delete'));
    expect(answered[0].headers).toMatchObject({ 'content-type': '' });
  });
});
