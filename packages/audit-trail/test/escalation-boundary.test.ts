import { readFileSync } from 'node:fs';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EscalationBoundary, EscalationBoundaryProps } from '../src';
import { ESCALATION_PATHS } from '../src/escalation-paths';
import { Call, evaluate } from './_helpers/evaluate';
import { managedPolicy } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const README = readFileSync(`${__dirname}/../README.md`, 'utf8');

const inAccount = (resource: string) => `arn:aws:iam::111122223333:${resource}`;
const BOUNDARY = inAccount('policy/people-boundary');
const WORKER = inAccount('role/bounded/worker');
const STRONGER = inAccount('role/administrator');

const WITH_BOUNDARY = { 'iam:PermissionsBoundary': BOUNDARY };
const JANE = { 'aws:username': 'jane' };

describe.each(FLAGS)('EscalationBoundary %s', (_, flags) => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(flags); });
  const boundary = (props: EscalationBoundaryProps = {}) => new EscalationBoundary(stack, 'Boundary', { policyName: 'people-boundary', ...props });
  const allows = (action: string, resource = STRONGER, context: Call['context'] = {}) =>
    evaluate(managedPolicy(stack), { action, resource, context }) === 'allowed';

  describe('AUD-25 no privilege escalation', () => {
    test.each(ESCALATION_PATHS.map(({ id, title, needs }) => [id, title, needs] as const))('%s: nobody can %s', (_id, _title, needs) => {
      boundary();
      expect(needs.filter((action) => !allows(action))).not.toEqual([]);
    });

    test.each(['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicy'])('nobody can change the boundary itself: %s', (action) => {
      boundary();
      expect(allows(action, BOUNDARY)).toBe(false);
    });

    test.each(['s3:PutObject', 'ec2:RunInstances', 'lambda:CreateFunction', 'cloudformation:CreateStack', 'kms:CreateKey', 'iam:GetRole', 'iam:ListUsers', 'sts:GetCallerIdentity'])(
      'leaves %s to the policies of who has it', (action) => {
        boundary();
        expect(allows(action)).toBe(true);
      });

    test('lets users look after their own credentials, and nobody else\'s', () => {
      boundary();
      for (const action of ['iam:ChangePassword', 'iam:CreateAccessKey', 'iam:EnableMFADevice']) {
        expect(allows(action, inAccount('user/jane'), JANE)).toBe(true);
        expect(allows(action, inAccount('user/john'), JANE)).toBe(false);
      }
    });

    test('fits into a managed policy of 6,144 characters, with room for exceptions', () => {
      boundary();
      expect(JSON.stringify({ Version: '2012-10-17', Statement: managedPolicy(stack) }).length).toBeLessThan(4_000);
    });
  });

  describe('AUD-26 bounded delegation', () => {
    test.each(['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'])('allows %s for roles with the same boundary only', (action) => {
      boundary();
      expect(allows(action, WORKER, WITH_BOUNDARY)).toBe(true);
      expect(allows(action, WORKER)).toBe(false);
      expect(allows(action, WORKER, { 'iam:PermissionsBoundary': inAccount('policy/another') })).toBe(false);
    });

    test('allows to pass and assume roles below the path only', () => {
      boundary();
      for (const action of ['iam:PassRole', 'sts:AssumeRole']) {
        expect(allows(action, WORKER)).toBe(true);
        expect(allows(action, STRONGER)).toBe(false);
      }
    });

    test('takes another path', () => {
      expect(boundary({ path: '/teams/blue/' }).path).toBe('/teams/blue/');
      expect(allows('iam:PassRole', inAccount('role/teams/blue/worker'))).toBe(true);
      expect(allows('iam:PassRole', WORKER)).toBe(false);
    });

    test('bounds every role below a scope', () => {
      const { policy } = boundary();
      iam.PermissionsBoundary.of(stack).apply(policy);
      new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: { Ref: Match.stringLikeRegexp('^BoundaryPolicy') } });
    });
  });

  describe('exceptions', () => {
    test('are none, and nobody is warned', () => {
      boundary();
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    });

    test('lets trusted roles be assumed and passed, and warns (AUD-25)', () => {
      boundary({ trustedRoles: [iam.Role.fromRoleArn(stack, 'Deployer', inAccount('role/deployer'))] });
      for (const action of ['iam:PassRole', 'sts:AssumeRole']) {
        expect(allows(action, inAccount('role/deployer'))).toBe(true);
        expect(allows(action)).toBe(false);
      }
      Annotations.fromStack(stack).hasWarning('/Stack/Boundary', Match.stringLikeRegexp("may do all that 'trustedRoles' may do.*audit-trail:AUD-25-TrustedRoles"));
    });

    test('lets the code of bounded workloads be replaced, and warns (AUD-25)', () => {
      boundary({ boundedWorkloads: ['arn:aws:lambda:*:*:function:blue-*'] });
      expect(allows('lambda:UpdateFunctionCode', 'arn:aws:lambda:eu-central-1:111122223333:function:blue-1')).toBe(true);
      expect(allows('lambda:UpdateFunctionCode', 'arn:aws:lambda:eu-central-1:111122223333:function:red-1')).toBe(false);
      Annotations.fromStack(stack).hasWarning('/Stack/Boundary', Match.stringLikeRegexp('roles of \'boundedWorkloads\'.*audit-trail:AUD-25-BoundedWorkloads'));
    });
  });

  describe('names', () => {
    test('makes one that no other stack has', () => {
      new EscalationBoundary(stack, 'Boundary');
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
        ManagedPolicyName: { 'Fn::Join': ['-', [Match.stringLikeRegexp('^Stack-Boundary-'), { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] },
      });
    });

    test('names itself as it is called', () => {
      const { policy } = new EscalationBoundary(stack, 'Boundary');
      const { Properties: { ManagedPolicyName, PolicyDocument } } = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'))[0];
      expect(JSON.stringify(PolicyDocument)).toContain(JSON.stringify(ManagedPolicyName['Fn::Join'][1][1]));
      expect(policy.node.path).toBe('Stack/Boundary/Policy');
    });

    test('takes names and paths that are known at deployment only', () => {
      const name = new CfnParameter(stack, 'Name').valueAsString;
      expect(() => boundary({ policyName: name, path: name, boundedWorkloads: [name] })).not.toThrow();
    });

    test.each(['', 'my people', 'a/b', 'x'.repeat(129)])("fails with the name '%s'", (policyName) => {
      expect(() => boundary({ policyName })).toThrow(`'policyName' must be 1 to 128 letters, digits and '_+=,.@-', got '${policyName}' [Stack/Boundary]`);
    });

    test.each(['', '/', 'bounded', '/bounded', 'bounded/', '/bound ed/', '/a//b/', '/aws-service-role/', `/${'x'.repeat(511)}/`])("fails with the path '%s'", (path) => {
      expect(() => boundary({ path })).toThrow(`'path' must be a path of IAM like '/bounded/', not the root and not one of AWS's, got '${path}' [Stack/Boundary]`);
    });

    test.each(['*', 'my-function', 'arn:aws:*', 'arn:aws:*:*:*:*'])("fails with the workload '%s'", (arn) => {
      expect(() => boundary({ boundedWorkloads: [arn] })).toThrow(`'boundedWorkloads' must be ARNs that name a service, got '${arn}' [Stack/Boundary]`);
    });
  });

  test('hands out the policy as its default child', () => {
    const { node, policy } = boundary();
    expect(node.defaultChild).toBe(policy.node.defaultChild);
  });

  test('does not depend on the account and region it is synthesized for', () => {
    const anywhere = new Stack(new App({ context: flags }), 'Stack');
    new EscalationBoundary(anywhere, 'Boundary', { policyName: 'people-boundary' });
    expect(JSON.stringify(Template.fromStack(anywhere).toJSON())).not.toMatch(/\d{12}|arn:aws:|eu-central-1/);
  });
});

describe('the known paths', () => {
  test('have an id of their own, and a source', () => {
    const ids = ESCALATION_PATHS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ESCALATION_PATHS.filter(({ source }) => !/^https:\/\/\S+$/.test(source))).toEqual([]);
  });

  test('are listed in the README, and no others', () => {
    const rows = README.split('\n').filter((line) => /^\| \[[\w-]+\]\(https/.test(line));
    expect(rows).toEqual(ESCALATION_PATHS.map(({ id, title, needs, source }) => `| [${id}](${source}) | ${title} | ${needs.map((action) => `\`${action}\``).join(', ')} |`));
  });
});
