import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { strengthened } from '../handlers/password-policy/decide';
import { PasswordPolicy, PasswordPolicyProps } from '../src';
import { managedPolicy } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const EVERYTHING = {
  RequireSymbols: true, RequireNumbers: true, RequireUppercaseCharacters: true, RequireLowercaseCharacters: true, AllowUsersToChangePassword: true,
};
const STRONG = { ...EVERYTHING, MinimumPasswordLength: 14, PasswordReusePrevention: 24 };

describe('AUD-23 strong passwords', () => {
  const wanted = { length: 14, reuse: 24 };

  test.each([
    ['none', undefined, STRONG],
    ['a weaker one', { MinimumPasswordLength: 8 }, STRONG],
    ['one that is strong but for one kind of characters', { ...STRONG, RequireSymbols: false }, STRONG],
    ['one with fewer earlier passwords', { ...STRONG, PasswordReusePrevention: 5 }, STRONG],
  ])('strengthens %s', (_, existing, expected) => {
    expect(strengthened(wanted, existing)).toEqual(expected);
  });

  test.each([
    ['the same', STRONG],
    ['longer passwords', { ...STRONG, MinimumPasswordLength: 20 }],
    ['passwords that expire', { ...STRONG, MaxPasswordAge: 60, HardExpiry: true }],
  ])('leaves alone what asks for %s', (_, existing) => {
    expect(strengthened(wanted, existing)).toBeUndefined();
  });

  test('weakens nothing while it strengthens something else', () => {
    expect(strengthened(wanted, { MinimumPasswordLength: 30, MaxPasswordAge: 60, HardExpiry: true })).toEqual({
      ...STRONG, MinimumPasswordLength: 30, MaxPasswordAge: 60, HardExpiry: true,
    });
  });
});

describe.each(FLAGS)('PasswordPolicy %s', (_, flags) => {
  let stack: Stack;
  let topic: sns.Topic;
  beforeEach(() => {
    stack = stackInFrankfurt(flags);
    topic = new sns.Topic(stack, 'Topic');
  });
  const policy = (props: Partial<PasswordPolicyProps> = {}) => new PasswordPolicy(stack, 'Passwords', { topic, ...props });
  const asked = (properties: object) => Template.fromStack(stack).hasResourceProperties('Custom::PasswordPolicy', properties);

  test('AUD-23 asks for what CIS asks for', () => {
    policy();
    asked({ MinimumLength: 14, ReusePrevention: 24 });
  });

  test('AUD-23 asks for more when told', () => {
    policy({ minimumLength: 20, reusePrevention: 10 });
    asked({ MinimumLength: 20, ReusePrevention: 10 });
  });

  test('AUD-05 may read and update the policy of the account, and not delete it (AUD-13)', () => {
    policy();
    expect(managedPolicy(stack)[0]).toEqual({
      Sid: 'StrengthenPasswords', Effect: 'Allow', Action: ['iam:GetAccountPasswordPolicy', 'iam:UpdateAccountPasswordPolicy'], Resource: '*',
    });
    expect(managedPolicy(stack).map(({ Sid }) => Sid)).toEqual(['StrengthenPasswords', 'TellFailures', 'WriteLogs', 'UseKeys']);
  });

  test('uses the key it is given and makes no other', () => {
    const encryptionKey = new kms.Key(stack, 'Mine');
    expect(policy({ encryptionKey }).encryptionKey).toBe(encryptionKey);
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
  });

  test.each<[string, Partial<PasswordPolicyProps>]>([
    ["'minimumLength' must be a whole number from 14 to 128, got 8", { minimumLength: 8 }],
    ["'minimumLength' must be a whole number from 14 to 128, got 129", { minimumLength: 129 }],
    ["'reusePrevention' must be a whole number from 1 to 24, got 0", { reusePrevention: 0 }],
    ["'reusePrevention' must be a whole number from 1 to 24, got 25", { reusePrevention: 25 }],
  ])('fails with %s', (message, props) => {
    expect(() => policy(props)).toThrow(`${message} [Stack/Passwords]`);
  });

  test('needs nothing of the region and account', () => {
    stack = new Stack(new App({ context: flags }), 'Stack');
    topic = new sns.Topic(stack, 'Topic');
    policy();
    asked({});
  });
});
