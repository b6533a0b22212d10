import { EncryptionKey } from '@tapstack/encrypted-storage';
import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { InstanceRole } from '../src';
import { noPrivilegeEscalation } from '../src/no-privilege-escalation';
import { actions, allowed, baseline, denied, grants } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe('InstanceRole', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const template = () => Template.fromStack(stack);

  describe('CMP-04 least privilege', () => {
    test('starts with nothing', () => {
      new InstanceRole(stack, 'Role');
      expect(allowed(baseline(stack))).toEqual([]);
      template().resourceCountIs('AWS::IAM::ManagedPolicy', 1);
    });

    test.each(FLAGS)('has no inline and no AWS-managed policy, whatever is granted, %s', (_flags, flags) => {
      stack = stackInFrankfurt(flags);
      const { role } = new InstanceRole(stack, 'Role');
      new s3.Bucket(stack, 'Bucket').grantRead(role);
      role.addToPolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-central-1:111122223333:queue'] }));

      template().resourceCountIs('AWS::IAM::Policy', 0);
      template().hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent(), ManagedPolicyArns: Match.absent() });
    });

    test('trusts EC2 and nobody else', () => {
      new InstanceRole(stack, 'Role');
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
        },
      });
    });

    test('grows by grants, on the construct and on its role alike', () => {
      const instanceRole = new InstanceRole(stack, 'Role');
      new s3.Bucket(stack, 'One').grantRead(instanceRole);
      new s3.Bucket(stack, 'Two').grantDelete(instanceRole.role);

      expect(actions(grants(stack))).toEqual(expect.arrayContaining(['s3:GetObject*', 's3:DeleteObject*']));
      template().resourceCountIs('AWS::IAM::ManagedPolicy', 2);
    });

    test('stays within its boundary', () => {
      const permissionsBoundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'workloads');
      new InstanceRole(stack, 'Role', { permissionsBoundary });
      template().hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: Match.objectLike({ 'Fn::Join': Match.anyValue() }) });
    });

    test('has no boundary unless one is given', () => {
      new InstanceRole(stack, 'Role');
      template().hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: Match.absent() });
    });
  });

  describe('CMP-05 no privilege escalation', () => {
    test.each(FLAGS)('denies every known path, %s', (_flags, flags) => {
      stack = stackInFrankfurt(flags);
      new InstanceRole(stack, 'Role');

      const statements = denied(baseline(stack));
      expect(statements.map(({ Sid }) => Sid)).toEqual(noPrivilegeEscalation().map(({ sid }) => sid));
      expect(actions(statements)).toHaveLength(noPrivilegeEscalation().flatMap((statement) => statement.actions).length);
    });

    test('is attached to the role', () => {
      const { role } = new InstanceRole(stack, 'Role');
      template().hasResourceProperties('AWS::IAM::ManagedPolicy', { Roles: [stack.resolve(role.roleName)] });
    });

    test('leaves room for what the instance needs in a managed policy of 6,144 characters', () => {
      new InstanceRole(stack, 'Role');
      expect(JSON.stringify(baseline(stack)).length).toBeLessThan(3_000);
    });
  });

  test('takes the names it is given', () => {
    new InstanceRole(stack, 'Role', { roleName: 'prod-blue-ec2-role', baselinePolicyName: 'prod-blue-cloudwatch-policy' });
    template().hasResourceProperties('AWS::IAM::Role', { RoleName: 'prod-blue-ec2-role' });
    template().hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'prod-blue-cloudwatch-policy' });
  });

  test('lets CloudFormation name it otherwise', () => {
    new InstanceRole(stack, 'Role');
    template().hasResourceProperties('AWS::IAM::Role', { RoleName: Match.absent() });
    template().hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: Match.absent() });
  });

  test('deploys although its key names it and it may use the key', () => {
    const { role } = new InstanceRole(stack, 'Role');
    const key = new kms.Key(stack, 'Key');
    key.addToResourcePolicy(new iam.PolicyStatement({ principals: [role], actions: ['kms:Decrypt'], resources: ['*'] }));
    key.grantDecrypt(role);
    // Template.fromStack refuses a template whose resources depend on each other in a circle
    expect(template).not.toThrow();
  });

  test.each(FLAGS)('takes a second, named policy that a bucket is granted to, %s', (_flags, flags) => {
    stack = stackInFrankfurt(flags);
    const { role } = new InstanceRole(stack, 'Role');
    const access = new iam.ManagedPolicy(stack, 'Access', { managedPolicyName: 'prod-blue-s3-access-policy', roles: [role] });
    const encryptionKey = new EncryptionKey(stack, 'Key').key;
    new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS, encryptionKey }).grantReadWrite(access);

    template().resourceCountIs('AWS::IAM::ManagedPolicy', 2);
    template().resourceCountIs('AWS::IAM::Policy', 0);
    const [policy] = Object.values(template().findResources('AWS::IAM::ManagedPolicy', { Properties: { ManagedPolicyName: 'prod-blue-s3-access-policy' } }));
    expect(actions(policy.Properties.PolicyDocument.Statement)).toEqual(expect.arrayContaining(['s3:GetObject*', 's3:PutObject', 'kms:Decrypt', 'kms:GenerateDataKey*']));
  });

  test.each([
    ['roleName', { roleName: 'a'.repeat(65) }],
    ['roleName', { roleName: 'no spaces' }],
    ['roleName', { roleName: '' }],
    ['baselinePolicyName', { baselinePolicyName: 'a'.repeat(129) }],
    ['baselinePolicyName', { baselinePolicyName: 'slash/ed' }],
  ])('fails with a bad %s: %j', (prop, props) => {
    expect(() => new InstanceRole(stack, 'Role', props)).toThrow(new RegExp(`'${prop}' must be 1 to \\d+ letters.*, got '.*' \\[Stack/Role\\]`));
  });

  test('takes names that are known at deployment only', () => {
    const roleName = new CfnParameter(stack, 'Name').valueAsString;
    expect(() => new InstanceRole(stack, 'Role', { roleName, baselinePolicyName: roleName })).not.toThrow();
  });
});
