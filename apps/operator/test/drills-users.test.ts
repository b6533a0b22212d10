import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { Clients } from '../src/clients';
import { runChecks, Verdict } from '../src/verify/check';
import { usersNeedMfa } from '../src/verify/drills/mfa';
import { oneTimeCode } from '../src/verify/drills/one-time-code';
import { withUser } from '../src/verify/drills/user';
import { Answers, awsError, stubClients } from './_helpers/clients';
import { stackOf } from './_helpers/stacks';
import { NO_PAGES, targetWith } from './_helpers/targets';

const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** An account with a group that asks for MFA or not, and the users that drills make there. */
const account = ({ asksForMfa = true, keyWorksAt = 0, changes = {} as Answers } = {}) => {
  const users = new Set<string>();
  const members = new Set<string>();
  const devices = new Map<string, boolean>();
  const policies: Record<string, string> = {};
  const keys = new Set<string>();
  let asked = 0;
  const operator = stubClients({
    CreateUser: ({ UserName }: { UserName: string }) => { users.add(UserName); return { User: { Arn: `arn:user/${UserName}` } }; },
    DeleteUser: ({ UserName }: { UserName: string }) => { users.delete(UserName); },
    PutUserPolicy: ({ UserName, PolicyDocument }: Record<string, string>) => { policies[UserName] = PolicyDocument; },
    DeleteUserPolicy: ({ UserName }: { UserName: string }) => { delete policies[UserName]; },
    AddUserToGroup: ({ UserName }: { UserName: string }) => { members.add(UserName); },
    RemoveUserFromGroup: ({ UserName }: { UserName: string }) => { members.delete(UserName); },
    CreateAccessKey: ({ UserName }: { UserName: string }) => {
      keys.add(UserName);
      return { AccessKey: { AccessKeyId: UserName, SecretAccessKey: 'secret' } };
    },
    DeleteAccessKey: ({ UserName }: { UserName: string }) => { keys.delete(UserName); },
    ListMFADevices: () => ({ MFADevices: [...devices].filter(([, enabled]) => enabled).map(([SerialNumber]) => ({ SerialNumber })) }),
    ListVirtualMFADevices: () => ({ VirtualMFADevices: [...devices].filter(([, enabled]) => !enabled).map(([SerialNumber]) => ({ SerialNumber })) }),
    DeactivateMFADevice: ({ SerialNumber }: { SerialNumber: string }) => { devices.set(SerialNumber, false); },
    DeleteVirtualMFADevice: ({ SerialNumber }: { SerialNumber: string }) => { devices.delete(SerialNumber); },
    ...changes,
  });
  /** What a user sees: without MFA a member is denied everything but enrolment. */
  const as = ({ accessKeyId: name, sessionToken }: { accessKeyId: string; sessionToken?: string }) => {
    const denied = () => asksForMfa && members.has(name) && !sessionToken;
    const guarded = () => denied() ? awsError('AccessDenied') : {};
    return stubClients({
      GetCallerIdentity: () => asked++ < keyWorksAt ? awsError('InvalidClientTokenId') : {},
      CreateVirtualMFADevice: () => {
        devices.set(`arn:mfa/${name}`, false);
        return { VirtualMFADevice: { SerialNumber: `arn:mfa/${name}`, Base32StringSeed: Buffer.from(SEED) } };
      },
      EnableMFADevice: ({ SerialNumber }: { SerialNumber: string }) => { devices.set(SerialNumber, true); },
      DeactivateMFADevice: guarded,
      ListBuckets: guarded,
      GetSessionToken: { Credentials: { AccessKeyId: name, SecretAccessKey: 'secret', SessionToken: 'token' } },
      ...changes,
    }).clients;
  };
  const left = () => [users.size, members.size, devices.size, keys.size, Object.keys(policies).length];
  return { target: targetWith(operator.clients, { as, ask: NO_PAGES }), operator, left, policies };
};

const NOTHING = [0, 0, 0, 0, 0];

// waiting takes no time
let mockNow = 0;
jest.mock('node:timers/promises', () => ({ setTimeout: async (milliseconds: number) => { mockNow += milliseconds; } }));
beforeEach(() => {
  mockNow = 1_700_000_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => mockNow);
});
afterEach(() => jest.restoreAllMocks());

test('the codes are those of RFC 6238', () => {
  expect([59, 1111111109, 20000000000].map((moment) => oneTimeCode(SEED, moment))).toEqual(['287082', '081804', '353130']);
});

describe('a user of a drill', () => {
  test('may what was said and is a member of what was said, for as long as the drill lasts', async () => {
    const { target, policies, operator, left } = account();
    await withUser(target, { groups: ['people'], mayDo: ['s3:ListAllMyBuckets'] }, async ({ name, arn }) => {
      expect(arn).toBe(`arn:user/${name}`);
      expect(JSON.parse(policies[name])).toMatchObject({ Statement: [{ Effect: 'Allow', Action: ['s3:ListAllMyBuckets'] }] });
    });
    expect(operator.calls.find(([call]) => call === 'AddUserToGroup')![1]).toMatchObject({ GroupName: 'people' });
    expect(left()).toEqual(NOTHING);
  });

  test('is waited for until its key works, which takes IAM a moment', async () => {
    const { target } = account({ keyWorksAt: 3 });
    await expect(withUser(target, {}, async () => 'done')).resolves.toBe('done');
  });

  test('goes when its key never works', async () => {
    const { target, left } = account({ keyWorksAt: 1000 });
    await expect(withUser(target, {}, async () => 'done')).rejects.toThrow('InvalidClientTokenId');
    expect(left()).toEqual(NOTHING);
  });

  test('goes when the drill fails', async () => {
    const { target, left } = account();
    await expect(withUser(target, { groups: ['people'] }, async () => { throw new Error('broken'); })).rejects.toThrow('broken');
    expect(left()).toEqual(NOTHING);
  });

  test.each(['PutUserPolicy', 'AddUserToGroup', 'CreateAccessKey'])('goes when %s fails', async (call) => {
    const { target, left } = account({ changes: { [call]: awsError('Throttling') } });
    await expect(withUser(target, { groups: ['people'], mayDo: ['s3:Get'] }, async () => {})).rejects.toThrow('Throttling');
    expect(left()).toEqual(NOTHING);
  });

  test('what cannot be taken back is told, and the rest goes all the same', async () => {
    const { target, left } = account({ changes: { DeleteAccessKey: awsError('Throttling') } });
    await expect(withUser(target, { groups: ['people'] }, async () => {})).rejects.toThrow(/something of the user 'tapstack-drill-.*' is left behind: Throttling/);
    expect(left()).toEqual([0, 0, 0, 1, 0]);
  });
});

describe('users who need MFA', () => {
  const call = (as: Clients) => as.s3.send(new ListBucketsCommand({}));
  const tries = () => [{ title: 'list the buckets', action: 's3:ListAllMyBuckets', resource: '*', call }];
  const run = async (options: Parameters<typeof account>[0] = {}) => {
    const { target, left } = account(options);
    const checks = usersNeedMfa({ group: () => 'people', tries })({ stack: stackOf({}), target });
    return { results: await runChecks(checks, () => {}), left };
  };

  test('a member enrols and does nothing else, then works with MFA; somebody else is not held back', async () => {
    const { results, left } = await run();
    expect(results).toEqual([
      { title: 'people: a member without MFA may enrol a device, and does nothing else it is permitted', verdict: Verdict.PASSED },
      { title: 'people: with MFA a member does what it is permitted', verdict: Verdict.PASSED },
      { title: 'people: it is the group that asks for MFA (canary)', verdict: Verdict.PASSED },
    ]);
    expect(left()).toEqual(NOTHING);
  });

  test('are called after the group as the template has it, where the stack made it', () => {
    const { target } = account();
    const checks = usersNeedMfa({ group: () => 'People-1', tries })({ stack: stackOf({ People: 'AWS::IAM::Group' }), target });
    expect(checks.map(({ title }) => title.split(': ')[0])).toEqual(['People', 'People', 'People']);
  });

  test('fails if the group asks for nothing', async () => {
    const { results } = await run({ asksForMfa: false });
    expect(results[0]).toMatchObject({ verdict: Verdict.FAILED, reason: "'list the buckets' was allowed; taking the own device away was allowed" });
  });

  test('fails if a member cannot enrol', async () => {
    const { results, left } = await run({ changes: { EnableMFADevice: awsError('AccessDenied') } });
    expect(results.map(({ verdict }) => verdict)).toEqual([Verdict.FAILED, Verdict.FAILED, Verdict.PASSED]);
    expect(left()).toEqual(NOTHING);
  });

  test('the canary fails if something else denies', async () => {
    const { results } = await run({ changes: { ListBuckets: awsError('AccessDenied') } });
    expect(results.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      [Verdict.PASSED, undefined], [Verdict.FAILED, "'list the buckets' was denied"], [Verdict.FAILED, "'list the buckets' was denied"],
    ]);
  });

  test('in an AWS account a code is used once: the next one begins the session', async () => {
    const { target } = account();
    const began = mockNow;
    const checks = usersNeedMfa({ group: () => 'people', tries })({ stack: stackOf({}), target: { ...target, local: undefined } });
    expect((await runChecks(checks, () => {})).map(({ verdict }) => verdict)).toEqual([Verdict.PASSED, Verdict.PASSED, Verdict.PASSED]);
    expect(mockNow - began).toBe(30_000);
  });

  test('an error of another kind is no denial', async () => {
    const { results } = await run({ changes: { ListBuckets: awsError('Throttling') } });
    expect(results[0].reason).toBe("'list the buckets' was Throttling: Throttling");
  });
});
