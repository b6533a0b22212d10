import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { IdentityGuardrails, IdentityGuardrailsProps } from '../src';
import { Call, evaluate } from './_helpers/evaluate';
import { managedPolicy, Statement } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const ALICE = 'arn:aws:iam::111122223333:user/alice';
const BOB = 'arn:aws:iam::111122223333:user/bob';
const DEVICE = 'arn:aws:iam::111122223333:mfa/phone-of-alice';

const WITH_MFA = { 'aws:username': 'alice', 'aws:MultiFactorAuthPresent': 'true' };
const WITHOUT_MFA = { 'aws:username': 'alice', 'aws:MultiFactorAuthPresent': 'false' };
const WITH_ACCESS_KEY = { 'aws:username': 'alice' };

const UNPROTECTED: [string, Call['context']][] = [['without MFA', WITHOUT_MFA], ['with an access key, which carries no sign of MFA', WITH_ACCESS_KEY]];

const ENROLMENT = [
  ['iam:CreateVirtualMFADevice', DEVICE],
  ['iam:EnableMFADevice', ALICE],
  ['iam:ListMFADevices', ALICE],
  ['iam:ResyncMFADevice', ALICE],
  ['iam:GetUser', ALICE],
  ['iam:ListVirtualMFADevices', '*'],
];

const ANYTHING_ELSE = [
  ['iam:DeactivateMFADevice', ALICE],
  ['iam:DeleteVirtualMFADevice', DEVICE],
  ['iam:ChangePassword', ALICE],
  ['iam:CreateAccessKey', ALICE],
  ['iam:AttachUserPolicy', ALICE],
  ['iam:RemoveUserFromGroup', 'arn:aws:iam::111122223333:group/people'],
  ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/admin'],
  ['s3:GetObject', 'arn:aws:s3:::bucket/object'],
  ['ec2:DescribeInstances', '*'],
];

describe.each(FLAGS)('IdentityGuardrails %s', (_, flags) => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(flags); });
  const guardrails = (props?: IdentityGuardrailsProps) => new IdentityGuardrails(stack, 'Identity', props);
  const template = () => Template.fromStack(stack);
  const verdict = (context: Call['context'], [action, resource]: string[]) => {
    guardrails();
    return evaluate(managedPolicy(stack), { action, resource, context });
  };

  describe('AUD-01 MFA enforcement (B-07)', () => {
    describe.each(UNPROTECTED)('%s', (__, context) => {
      test.each(ANYTHING_ELSE)('denies %s on %s', (...call) => {
        expect(verdict(context, call)).toBe('denied');
      });

      test('denies it whatever else allows it', () => {
        guardrails();
        const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
        expect(evaluate([everything, ...managedPolicy(stack)], { action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/object', context })).toBe('denied');
      });
    });

    test.each([...ENROLMENT, ...ANYTHING_ELSE])('does not deny %s on %s with MFA', (...call) => {
      expect(verdict(WITH_MFA, call)).not.toBe('denied');
    });

    test('denies through the group, by a managed policy and no inline one', () => {
      guardrails();
      template().hasResourceProperties('AWS::IAM::ManagedPolicy', { Groups: [{ Ref: Match.stringLikeRegexp('^IdentityGroup') }] });
      template().resourceCountIs('AWS::IAM::Policy', 0);
      template().hasResourceProperties('AWS::IAM::Group', { Policies: Match.absent(), ManagedPolicyArns: Match.absent() });
    });
  });

  describe('AUD-02 self-service enrolment (B-07)', () => {
    describe.each(UNPROTECTED)('%s', (__, context) => {
      test.each(ENROLMENT)('allows %s on %s', (...call) => {
        expect(verdict(context, call)).toBe('allowed');
      });

      test('does not deny to begin a session with a device', () => {
        expect(verdict(context, ['sts:GetSessionToken', '*'])).not.toBe('denied');
      });

      test.each(['iam:EnableMFADevice', 'iam:ListMFADevices', 'iam:ResyncMFADevice', 'iam:GetUser'])('allows %s on no other user', (action) => {
        expect(verdict(context, [action, BOB])).toBe('not mentioned');
      });
    });

    test('allows it to a user with a path', () => {
      expect(verdict(WITHOUT_MFA, ['iam:EnableMFADevice', 'arn:aws:iam::111122223333:user/engineering/alice'])).toBe('allowed');
    });

    test('allows it in no other account', () => {
      expect(verdict(WITHOUT_MFA, ['iam:EnableMFADevice', 'arn:aws:iam::444455556666:user/alice'])).toBe('not mentioned');
    });

    test.each(['iam:DeactivateMFADevice', 'iam:ChangePassword'])('allows %s on oneself with MFA, and on nobody else', (action) => {
      expect(verdict(WITH_MFA, [action, ALICE])).toBe('allowed');
      expect(evaluate(managedPolicy(stack), { action, resource: BOB, context: WITH_MFA })).toBe('not mentioned');
    });

    test('allows no action by a pattern', () => {
      guardrails();
      expect(managedPolicy(stack).flatMap(({ Action }) => Action ?? []).filter((action) => action.includes('*'))).toEqual([]);
    });
  });

  describe('names', () => {
    test('leaves them to CloudFormation', () => {
      guardrails();
      template().hasResourceProperties('AWS::IAM::Group', { GroupName: Match.absent() });
      template().hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: Match.absent() });
    });

    test('uses the ones it is given', () => {
      guardrails({ groupName: 'people', mfaPolicyName: 'people-mfa' });
      template().hasResourceProperties('AWS::IAM::Group', { GroupName: 'people' });
      template().hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'people-mfa' });
    });

    test('takes names that are known at deployment only', () => {
      const name = new CfnParameter(stack, 'Name').valueAsString;
      guardrails({ groupName: name, mfaPolicyName: name });
      template().hasResourceProperties('AWS::IAM::Group', { GroupName: { Ref: 'Name' } });
    });

    describe.each(['groupName', 'mfaPolicyName'])("'%s'", (prop) => {
      test.each(['', 'my people', 'a/b', 'x'.repeat(129)])("fails with '%s'", (name) => {
        expect(() => guardrails({ [prop]: name })).toThrow(new RegExp(`'${prop}' must be 1 to 128 letters, digits and '_\\+=,\\.@-', got '${name}' \\[Stack/Identity\\]`));
      });
    });
  });

  test('hands out the group as its default child', () => {
    const { node, group } = guardrails();
    expect(node.defaultChild).toBe(group.node.defaultChild);
  });
});
