import { runChecks, Verdict } from '../src/verify/check';
import { apiAsksWhoCalls } from '../src/verify/drills/api';
import { signatureOf } from '../src/verify/drills/signature';
import { Answers, stubClients } from './_helpers/clients';
import { stackOf } from './_helpers/stacks';
import { targetWith } from './_helpers/targets';

/** An API as it is guarded or not, in an account in which drills make users. */
const account = (guard: (caller?: string, mayInvoke?: boolean) => boolean) => {
  const policies: Record<string, string> = {};
  const users: Answers = {
    CreateUser: { User: { Arn: 'arn:user' } }, DeleteUser: {}, DeleteUserPolicy: {}, DeleteAccessKey: {}, ListMFADevices: {}, ListVirtualMFADevices: {},
    PutUserPolicy: ({ UserName, PolicyDocument }: Record<string, string>) => { policies[UserName] = PolicyDocument; },
    CreateAccessKey: ({ UserName }: { UserName: string }) => ({ AccessKey: { AccessKeyId: UserName, SecretAccessKey: 'secret' } }),
  };
  const as = ({ accessKeyId }: { accessKeyId: string }) => {
    const { clients } = stubClients({ GetCallerIdentity: {} });
    clients.sts.config.credentials = async () => ({ accessKeyId, secretAccessKey: 'secret' });
    return clients;
  };
  const api = (url: URL) => ({
    url,
    get: async ({ authorization = '' }: Record<string, string>) => {
      const caller = /Credential=([^/]+)/.exec(authorization)?.[1];
      return guard(caller, policies[caller ?? '']?.includes('execute-api:Invoke')) ? 200 : 403;
    },
  });
  return { stack: stackOf({}), target: targetWith(stubClients(users).clients, { as, api }) };
};

describe('D-08 an API asks who calls', () => {
  const verdicts = async (guard: Parameters<typeof account>[0]) => {
    const checks = apiAsksWhoCalls({ title: 'GET /data', url: () => 'https://id.execute-api.eu-central-1.amazonaws.com/prod/data' })(account(guard));
    return Object.fromEntries((await runChecks(checks, () => {})).map(({ title, verdict }) => [title, verdict]));
  };
  const [ANSWERED, NOT_PERMITTED, UNSIGNED] = [
    'GET /data: who signs and may is answered', 'GET /data: who signs and may not is refused', 'GET /data: who does not sign is refused',
  ];

  test('passes where it answers those who sign and may, and nobody else', async () => {
    expect(await verdicts((caller, may) => Boolean(caller && may))).toEqual({
      [ANSWERED]: Verdict.PASSED, [NOT_PERMITTED]: Verdict.PASSED, [UNSIGNED]: Verdict.PASSED,
    });
  });

  test.each([
    ['it answers everybody', () => true, [NOT_PERMITTED, UNSIGNED]],
    ['it answers nobody', () => false, [ANSWERED]],
    ['any signature will do', (caller?: string) => caller !== undefined, [NOT_PERMITTED]],
  ])('fails where %s', async (_, guard, wrong) => {
    const found = Object.entries(await verdicts(guard)).filter(([, verdict]) => verdict === Verdict.FAILED).map(([title]) => title);
    expect(found).toEqual(wrong);
  });
});

test('a request is signed as in the example that AWS publishes with its test suite (get-vanilla)', () => {
  expect(signatureOf({
    url: new URL('https://example.amazonaws.com/'), service: 'service', region: 'us-east-1', at: new Date('2015-08-30T12:36:00Z'),
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  })).toEqual({
    'x-amz-date': '20150830T123600Z',
    'authorization': 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, '
      + 'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  });
});
