import {
  admitsRule, admitsService, allowsEverything, keyAdmitsRules, list, parsePolicy, PolicyDocument, refusesPlainHttp, Statement, statements,
} from '../src/verify/posture/policy';

const document = (...all: Partial<Statement>[]): PolicyDocument => ({ Statement: all.map((one) => ({ Effect: 'Allow' as const, ...one })) });

describe('reading', () => {
  test('takes a document as it is, and as IAM encodes it', () => {
    const policy = document({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' });
    expect(parsePolicy(JSON.stringify(policy))).toEqual(policy);
    expect(parsePolicy(` ${JSON.stringify(policy)}`)).toEqual(policy);
    expect(parsePolicy(encodeURIComponent(JSON.stringify(policy)))).toEqual(policy);
  });

  test('one statement or several, one value or several, or none', () => {
    const one: Statement = { Effect: 'Allow' };
    expect(statements({ Statement: one })).toEqual([one]);
    expect(statements({ Statement: [one, one] })).toEqual([one, one]);
    expect([list('a'), list(['a', 'b']), list(undefined)]).toEqual([['a'], ['a', 'b'], []]);
  });
});

describe('admitsService', () => {
  const principal = { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] };

  test('says so of one service among others', () => {
    expect(admitsService({ Effect: 'Allow', Principal: principal }, 'events.amazonaws.com')).toBe(true);
    expect(admitsService({ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } }, 'events.amazonaws.com')).toBe(true);
  });

  test.each<[string, Statement]>([
    ['another service', { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' } }],
    ['a denial', { Effect: 'Deny', Principal: principal }],
    ['an account', { Effect: 'Allow', Principal: { AWS: 'events.amazonaws.com' } }],
    ['everybody', { Effect: 'Allow', Principal: '*' }],
    ['nobody', { Effect: 'Allow' }],
  ])('not of %s', (_, statement) => {
    expect(admitsService(statement, 'events.amazonaws.com')).toBe(false);
  });
});

describe('refusesPlainHttp', () => {
  const denial: Statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };

  test.each([{ Principal: '*' }, { Principal: { AWS: '*' } }, { Principal: { AWS: ['*'] } }, { Condition: { Bool: { 'aws:SecureTransport': ['false'] } } }])('of a denial for everybody: %j', (part) => {
    expect(refusesPlainHttp(document({ Action: 's3:GetObject' }, { ...denial, ...part }))).toBe(true);
  });

  test.each([
    { Effect: 'Allow' as const }, { Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, { Principal: undefined }, { Condition: undefined },
    { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
  ])('not of %j', (part) => {
    expect(refusesPlainHttp(document({ ...denial, ...part }))).toBe(false);
  });
});

describe('allowsEverything', () => {
  test.each([{ Action: '*' }, { Action: 's3:*' }, { Action: ['logs:PutLogEvents', 'ec2:*'] }])('of %j on everything', (part) => {
    expect(allowsEverything(document({ Resource: '*', ...part }))).toBe(true);
    expect(allowsEverything(document({ Resource: ['arn:aws:s3:::a', '*'], ...part }))).toBe(true);
  });

  test.each([
    { Action: 's3:*', Resource: 'arn:aws:s3:::a/*' }, { Action: 's3:List*', Resource: '*' }, { Action: '*', Resource: '*', Effect: 'Deny' as const }, { Action: 's3:*' },
  ])('not of %j', (part) => {
    expect(allowsEverything(document(part))).toBe(false);
  });
});

describe('what lets EventBridge in', () => {
  const Principal = { Service: 'events.amazonaws.com' };
  const RULE = 'arn:aws:events:us-east-1:1:rule/changes';
  const from = (key: string, value: string | string[]) => ({ ArnLike: { [key]: value } });

  test.each<[string, boolean, Partial<Statement>]>([
    ['no condition', true, { Principal }],
    ['the rule', true, { Principal, Condition: from('aws:SourceArn', ['arn:aws:events:us-east-1:1:rule/other', RULE]) }],
    ['a pattern, in another spelling of the key', true, { Principal, Condition: from('AWS:SourceArn', 'arn:aws:events:*:1:rule/chang??') }],
    ['another rule', false, { Principal, Condition: from('aws:SourceArn', `${RULE}-of-another`) }],
    ['a dot that is no pattern', false, { Principal, Condition: from('aws:SourceArn', RULE.replace('rule/', 'rule.')) }],
    ['another service', false, { Principal: { Service: 'sns.amazonaws.com' } }],
    ['a denial', false, { Principal, Effect: 'Deny' }],
  ])('a policy with %s: %s', (_, admits, statement) => {
    expect(admitsRule(document(statement), RULE)).toBe(admits);
  });

  test.each<[string, boolean, Partial<Statement>[]]>([
    ['both actions', true, [{ Principal, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }]],
    ['every action', true, [{ Principal, Action: 'kms:*' }]],
    ['the actions in two statements', true, [{ Principal, Action: 'kms:Decrypt' }, { Principal, Action: 'kms:GenerateDataKey' }]],
    ['one action', false, [{ Principal, Action: 'kms:Decrypt' }]],
    ['a condition on the rule, which is not said', false, [{ Principal, Action: 'kms:*', Condition: from('aws:SourceArn', RULE) }]],
    ['a condition on the account, which is not said', false, [{ Principal, Action: 'kms:*', Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }]],
  ])('a key policy with %s: %s', (_, admits, all) => {
    expect(keyAdmitsRules(document(...all))).toBe(admits);
  });
});
