import { ACCOUNT } from '../src/deployment';
import { Claim, judgePolicies } from '../src/policies/judge-policies';
import { policyMutants } from '../src/policies/policy-mutants';
import { serviceClaims, servicesIn } from '../src/policies/service-claims';
import { ADMINISTRATOR, ANYBODY, isAllowed, PolicyDocument, Statement } from '../src/policies/simulator';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/Role`;
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/key`;
const BUCKET = 'arn:aws:s3:::bucket';

const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const TLS_ONLY: Statement = {
  Sid: 'TlsOnly', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [BUCKET, `${BUCKET}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const get = (context: Record<string, string>) => (resourcePolicy: PolicyDocument) =>
  [{ principal: ROLE, action: 's3:GetObject', resource: `${BUCKET}/object`, context, identity: [ADMINISTRATOR], resourcePolicy }];
const CLAIMS: Claim[] = [
  { title: 'over TLS', allowed: true, requests: get({ 'aws:SecureTransport': 'true' }) },
  { title: 'over plain HTTP', allowed: false, requests: get({ 'aws:SecureTransport': 'false' }) },
];

async function problems(document: PolicyDocument, claims = CLAIMS): Promise<string[]> {
  const { checks } = await judgePolicies([{ where: 'demo', document, claims }]);
  return checks.flatMap((check) => check.problems);
}

describe('a policy', () => {
  test('passes when every claim holds and every part is needed', async () => {
    expect(await problems(policy(TLS_ONLY))).toEqual([]);
  });

  test('fails when it denies too little: the canary', async () => {
    expect(await problems(policy())).toEqual(["demo · must deny 'over plain HTTP', and does not"]);
  });

  test('fails when it denies too much', async () => {
    const { Condition: _, ...always } = TLS_ONLY;
    expect(await problems(policy(always))).toContain("demo · must allow 'over TLS', and does not");
  });

  test('fails on a part that no claim needs', async () => {
    const superfluous = { ...TLS_ONLY, Sid: 'Superfluous', Action: 's3:DeleteBucket' };
    expect(await problems(policy(TLS_ONLY, superfluous))).toContain('demo · no claim would fail without Superfluous; claim what it is for, or take it out');
  });

  test('may have a part that no claim needs, if others write it', async () => {
    const theirs = { ...TLS_ONLY, Sid: 'Theirs', Action: 's3:DeleteBucket' };
    const { checks } = await judgePolicies([{ where: 'demo', document: policy(TLS_ONLY, theirs), claims: CLAIMS, superfluous: /^Theirs$/ }]);
    expect(checks.flatMap((check) => check.problems)).toEqual([]);
  });

  test('closes a way of several steps with one of them', async () => {
    const way: Claim = { title: 'hand a role to an instance', allowed: false, requests: (document) => ['iam:PassRole', 'ec2:RunInstances'].map((action) => (
      { principal: ROLE, action, resource: '*', identity: [ADMINISTRATOR, document] })) };
    expect(await problems(policy({ Effect: 'Deny', Action: 'iam:PassRole', Resource: '*' }), [way])).toEqual([]);
    expect(await problems(policy({ Effect: 'Deny', Action: 'iam:CreateUser', Resource: '*' }), [way])).toContain("demo · must deny 'hand a role to an instance', and does not");
  });
});

describe('the mutants of a policy', () => {
  test('lack a statement, a condition, or an IfExists', () => {
    const document = policy({ Sid: 'Mfa', Effect: 'Deny', Action: '*', Resource: '*', Condition: { BoolIfExists: { mfa: 'false' }, StringEquals: { a: '1', b: '2' } } }, TLS_ONLY);
    expect(policyMutants(document).map(({ change, document: { Statement } }) => [change, Statement[0].Condition])).toEqual([
      ['without Mfa', TLS_ONLY.Condition],
      ['when Mfa does not ask for mfa', { StringEquals: { a: '1', b: '2' } }],
      ['when Mfa asks for mfa only if it is there', { StringEquals: { a: '1', b: '2' }, Bool: { mfa: 'false' } }],
      ['when Mfa does not ask for a', { BoolIfExists: { mfa: 'false' }, StringEquals: { b: '2' } }],
      ['when Mfa does not ask for b', { BoolIfExists: { mfa: 'false' }, StringEquals: { a: '1' } }],
      ['without TlsOnly', document.Statement[0].Condition],
      ['when TlsOnly does not ask for aws:SecureTransport', document.Statement[0].Condition],
    ]);
  });
});

describe('the simulator', () => {
  const logs = policy({
    Effect: 'Allow', Principal: { Service: 'logs.eu-central-1.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*', Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:*:1:*' } },
  });
  const decrypt = { principal: 'logs.eu-central-1.amazonaws.com', action: 'kms:Decrypt', resource: KEY, resourcePolicy: logs };

  test.each([['arn:aws:logs:eu-central-1:1:log-group:a', true], ['arn:aws:logs:eu-central-1:2:log-group:a', false]])('knows encryption contexts: %s', async (arn, allowed) => {
    expect(await isAllowed({ ...decrypt, context: { 'kms:EncryptionContext:aws:logs:arn': arn } })).toBe(allowed);
    expect(await isAllowed(decrypt)).toBe(false);
  });

  test('knows nobody', async () => {
    expect(await isAllowed({ principal: ANYBODY, action: 's3:GetObject', resource: `${BUCKET}/object`, resourcePolicy: policy() })).toBe(false);
  });

  test('fails on a key that the action does not have, instead of leaving it out', async () => {
    await expect(isAllowed({ ...decrypt, context: { 's3:TlsVersion': '1.2' } })).rejects.toThrow(/every context key of kms:Decrypt on .* must count, got s3:TlsVersion/i);
  });

  test('fails on an action that there is none of', async () => {
    await expect(isAllowed({ ...decrypt, action: 'kms:Decypher' })).rejects.toThrow('the simulator must understand kms:Decypher');
  });
});

describe('the services of a policy', () => {
  const USE = { service: 'sns.amazonaws.com', actions: ['kms:Decrypt'], context: { 'aws:SourceAccount': { own: ACCOUNT, foreign: '2' } } };
  const forAccount = (account: object): PolicyDocument => policy({
    Sid: 'Sns', Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*', Condition: { StringEquals: account as Record<string, unknown> },
  });

  test('are those that it lets in', () => {
    expect(servicesIn(policy({ Effect: 'Allow', Principal: { Service: ['a', 'b'] } }, { Effect: 'Deny', Principal: { Service: 'c' } }, { Effect: 'Allow', Principal: '*' }))).toEqual(['a', 'b']);
  });

  test('pass when they are let in for this account only', async () => {
    const document = forAccount({ 'aws:SourceAccount': ACCOUNT });
    expect(await problems(document, serviceClaims(document, [USE], KEY))).toEqual([]);
  });

  test('fails when they are let in for anybody', async () => {
    const document = forAccount({});
    expect(await problems(document, serviceClaims(document, [USE], KEY))).toEqual([
      "demo · must deny 'sns.amazonaws.com with aws:SourceAccount 2: kms:Decrypt', and does not",
      "demo · must deny 'sns.amazonaws.com without aws:SourceAccount: kms:Decrypt', and does not",
    ]);
  });

  test('fails on one of which nothing is known', () => {
    expect(() => serviceClaims(forAccount({}), [], KEY)).toThrow(/'services.ts' must say what sns.amazonaws.com does with .*, got nothing; add it/);
  });
});
