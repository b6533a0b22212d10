import { CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EncryptionKey, ServiceWriter, ViaService } from '../src';
import { actions, keyStatements, statement } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const OWN_STATEMENTS = ['AccountAdministers', 'AccountDelegatesUse', 'AccountDelegatesGrantsToAwsResources'];
const READS_DATA = /^kms:(\*|Decrypt|Encrypt|ReEncrypt|GenerateDataKey|CreateGrant)/;

describe('EncryptionKey', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const key = (properties: object) => Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', properties);
  const warnings = (message: string) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(message));

  describe('STO-05 rotation', () => {
    test('rotates once a year', () => {
      new EncryptionKey(stack, 'Key');
      key({ EnableKeyRotation: true, RotationPeriodInDays: 365 });
      expect(warnings('STO-05')).toHaveLength(0);
    });

    test.each([90, 2560])('rotates every %d days when told so', (days) => {
      new EncryptionKey(stack, 'Key', { rotationPeriod: Duration.days(days) });
      key({ RotationPeriodInDays: days });
    });

    test('warns when the key is older than a year before it rotates', () => {
      new EncryptionKey(stack, 'Key', { rotationPeriod: Duration.days(366) });
      expect(warnings('366 days; CIS asks for once a year.*encrypted-storage:STO-05')).toHaveLength(1);
    });

    test('takes a period that is known at deployment only', () => {
      const days = new CfnParameter(stack, 'Days', { type: 'Number' });
      new EncryptionKey(stack, 'Key', { rotationPeriod: Duration.days(days.valueAsNumber) });
      key({ RotationPeriodInDays: { Ref: 'Days' } });
    });

    test.each([
      Duration.days(89), Duration.days(2561), Duration.hours(90 * 24 + 1), Duration.days(0),
    ])('fails to rotate every %s', (rotationPeriod) => {
      expect(() => new EncryptionKey(stack, 'Key', { rotationPeriod })).toThrow(/'rotationPeriod' must be whole days from 90 to 2560, got .* \[Stack\/Key\]/);
    });
  });

  describe.each(FLAGS)('STO-06 key policy %s', (_, flags) => {
    beforeEach(() => { stack = stackInFrankfurt(flags); });

    test('the account administers the key without a way to read what it encrypts', () => {
      new EncryptionKey(stack, 'Key');
      const administration = statement(keyStatements(stack), 'AccountAdministers');
      expect(actions(administration).filter((action) => READS_DATA.test(action) || action.includes('*'))).toEqual([]);
      expect(actions(administration)).toEqual(expect.arrayContaining(['kms:DescribeKey', 'kms:EnableKeyRotation', 'kms:ScheduleKeyDeletion', 'kms:TagResource']));
    });

    test('nobody can be locked out: the account may always change the policy', () => {
      new EncryptionKey(stack, 'Key', { administrators: [new iam.AccountPrincipal('444455556666')], onlyVia: [ViaService.S3] });
      const administration = statement(keyStatements(stack), 'AccountAdministers');
      expect(administration).toMatchObject({ Effect: 'Allow', Resource: '*' });
      expect(administration.Condition).toBeUndefined();
      expect(actions(administration)).toContain('kms:PutKeyPolicy');
      expect(JSON.stringify(administration.Principal)).toContain(':iam::111122223333:root');
    });

    test('the account lets its IAM policies decide who uses the key', () => {
      new EncryptionKey(stack, 'Key');
      const use = statement(keyStatements(stack), 'AccountDelegatesUse');
      expect(actions(use).sort()).toEqual([
        'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo',
      ]);
      expect(use.Condition).toBeUndefined();
    });

    test('only AWS resources get grants', () => {
      new EncryptionKey(stack, 'Key');
      const granting = keyStatements(stack).filter((candidate) => actions(candidate).includes('kms:CreateGrant'));
      expect(granting).toEqual([expect.objectContaining({ Sid: 'AccountDelegatesGrantsToAwsResources', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } })]);
    });

    test('no statement allows everything, and none names everybody', () => {
      new EncryptionKey(stack, 'Key', { administrators: [new iam.AccountPrincipal('444455556666')] });
      const statements = keyStatements(stack);
      expect(statements.flatMap(actions)).not.toContain('kms:*');
      expect(statements.filter(({ Principal }) => JSON.stringify(Principal).includes('"*"'))).toEqual([]);
    });

    test('a role that is granted use gets it in its own policy, and the key policy stays as it is', () => {
      const granted = new EncryptionKey(stack, 'Key').key;
      granted.grantEncryptDecrypt(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }));
      expect(keyStatements(stack).map(({ Sid }) => Sid)).toEqual(OWN_STATEMENTS);
      Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']), Resource: stack.resolve(granted.keyArn) })] },
      });
    });
  });

  describe('STO-06 administrators', () => {
    test('there are none of its own', () => {
      new EncryptionKey(stack, 'Key');
      expect(keyStatements(stack).map(({ Sid }) => Sid)).toEqual(OWN_STATEMENTS);
    });

    test('those given administer the key without a way to read what it encrypts', () => {
      new EncryptionKey(stack, 'Key', { administrators: [new iam.ArnPrincipal('arn:aws:iam::444455556666:role/keeper')] });
      const administration = statement(keyStatements(stack), 'AdministratorsAdminister');
      expect(administration.Principal).toEqual({ AWS: 'arn:aws:iam::444455556666:role/keeper' });
      expect(actions(administration)).toContain('kms:ScheduleKeyDeletion');
      expect(actions(administration).filter((action) => READS_DATA.test(action))).toEqual([]);
    });
  });

  describe('STO-06 users', () => {
    const users = [new iam.ArnPrincipal('arn:aws:iam::444455556666:role/reader')];

    test('those given use the key, and do not manage it', () => {
      new EncryptionKey(stack, 'Key', { users });
      const use = statement(keyStatements(stack), 'UsersUse');
      expect(use.Principal).toEqual({ AWS: 'arn:aws:iam::444455556666:role/reader' });
      expect(actions(use).filter((action) => !READS_DATA.test(action))).toEqual(['kms:DescribeKey']);
    });

    test('those given let AWS resources use it for them, and nobody else', () => {
      new EncryptionKey(stack, 'Key', { users });
      expect(statement(keyStatements(stack), 'UsersGrantToAwsResources')).toMatchObject({
        Action: 'kms:CreateGrant', Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      });
    });

    test('are bound to the services that the key is for, too', () => {
      new EncryptionKey(stack, 'Key', { users, onlyVia: [ViaService.EBS] });
      for (const sid of ['UsersUse', 'UsersGrantToAwsResources']) {
        expect(statement(keyStatements(stack), sid).Condition).toMatchObject({ StringEquals: { 'kms:ViaService': ['ec2.eu-central-1.amazonaws.com'] } });
      }
    });
  });

  describe.each(['administrators', 'users'])("STO-06 '%s' are somebody", (prop) => {
    test.each([
      ['any principal', new iam.AnyPrincipal()], ['a star', new iam.StarPrincipal()], ['every ARN', new iam.ArnPrincipal('*')],
      ['one of two', new iam.CompositePrincipal(new iam.AccountPrincipal('444455556666'), new iam.ArnPrincipal('*'))],
    ])('fails with %s', (_, principal) => {
      expect(() => new EncryptionKey(stack, 'Key', { [prop]: [principal] })).toThrow(new RegExp(`'${prop}' must not contain everybody, got .*; name roles, users or accounts \\[Stack/Key\\]`));
    });
  });

  describe('STO-06 no lock-out (R-06)', () => {
    const deny = (props: iam.PolicyStatementProps) => new EncryptionKey(stack, 'Key').key.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'Mine', effect: iam.Effect.DENY, actions: ['kms:*'], principals: [new iam.AnyPrincipal()], resources: ['*'], ...props,
    }));

    test.each<[string, iam.PolicyStatementProps]>([
      ['everybody everything', {}],
      ['the account everything', { principals: [new iam.AccountRootPrincipal()] }],
      ['everybody to change the policy', { actions: ['kms:PutKeyPolicy'] }],
      ['everybody to change anything', { actions: ['kms:Describe*', 'kms:Put*'] }],
      ['everybody but one', { principals: undefined, notPrincipals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/keeper')] }],
    ])('fails to synthesize a statement that denies %s', (_, props) => {
      deny(props);
      expect(() => Template.fromStack(stack)).toThrow(/the policy of this key locks the account out; take statement 'Mine' back, or give it a condition \[Stack\/Key\]/);
    });

    test.each<[string, iam.PolicyStatementProps]>([
      ['under a condition', { conditions: { Bool: { 'aws:SecureTransport': 'false' } } }],
      ['something else', { actions: ['kms:Decrypt'] }],
      ['to somebody', { principals: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/reader')] }],
    ])('takes a statement that denies %s', (_, props) => {
      deny(props);
      expect(statement(keyStatements(stack), 'Mine').Effect).toBe('Deny');
    });
  });

  describe('STO-06 use through services only (P-02)', () => {
    const services = ['s3.eu-central-1.amazonaws.com', 'ec2.eu-central-1.amazonaws.com', 'sns.eu-central-1.amazonaws.com'];

    test('roles use the key through the given services and not through KMS', () => {
      new EncryptionKey(stack, 'Key', { onlyVia: [ViaService.S3, ViaService.EBS, ViaService.SNS] });
      expect(statement(keyStatements(stack), 'AccountDelegatesUse').Condition).toEqual({ StringEquals: { 'kms:ViaService': services } });
    });

    test('an encrypted volume keeps its grant: EC2 may ask for one, for an AWS resource, and no service that needs none', () => {
      new EncryptionKey(stack, 'Key', { onlyVia: [ViaService.S3, ViaService.EBS, ViaService.SNS] });
      expect(statement(keyStatements(stack), 'AccountDelegatesGrantsToAwsResources').Condition).toEqual({
        StringEquals: { 'kms:ViaService': ['ec2.eu-central-1.amazonaws.com'] }, Bool: { 'kms:GrantIsForAWSResource': 'true' },
      });
    });

    test('nobody asks for a grant where no service goes on using the key', () => {
      const users = [new iam.ArnPrincipal('arn:aws:iam::444455556666:role/reader')];
      new EncryptionKey(stack, 'Key', { users, onlyVia: [ViaService.S3, ViaService.SNS, ViaService.SQS] });
      expect(keyStatements(stack).flatMap(actions)).not.toContain('kms:CreateGrant');
    });

    test('whoever deploys still manages the key directly', () => {
      new EncryptionKey(stack, 'Key', { onlyVia: [ViaService.EBS] });
      expect(statement(keyStatements(stack), 'AccountAdministers').Condition).toBeUndefined();
    });

    test('a service that is not in the list is named by its endpoint', () => {
      new EncryptionKey(stack, 'Key', { onlyVia: [ViaService.of('dynamodb')] });
      const via = { StringEquals: { 'kms:ViaService': ['dynamodb.eu-central-1.amazonaws.com'] } };
      expect(statement(keyStatements(stack), 'AccountDelegatesUse').Condition).toEqual(via);
      expect(statement(keyStatements(stack), 'AccountDelegatesGrantsToAwsResources').Condition).toMatchObject(via);
    });

    test('fails with an empty list', () => {
      expect(() => new EncryptionKey(stack, 'Key', { onlyVia: [] })).toThrow(/'onlyVia' must name at least one service.* \[Stack\/Key\]/);
    });

    test.each(['', 'DynamoDB', 'dynamodb.amazonaws.com', 'dynamo db'])("fails with a service called '%s'", (prefix) => {
      expect(() => ViaService.of(prefix)).toThrow(/'endpointPrefix' must be the first label of a service endpoint/);
    });
  });

  describe('STO-08 survives its stack', () => {
    test('is kept when the stack goes, and can be brought back for 30 days if deleted', () => {
      new EncryptionKey(stack, 'Key');
      Template.fromStack(stack).hasResource('AWS::KMS::Key', {
        DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { PendingWindowInDays: 30 },
      });
    });

    test('goes with the stack when told so', () => {
      new EncryptionKey(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY, pendingWindow: Duration.days(7) });
      Template.fromStack(stack).hasResource('AWS::KMS::Key', {
        DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete', Properties: { PendingWindowInDays: 7 },
      });
    });

    test('is not orphaned by a first deployment that fails, when told so', () => {
      new EncryptionKey(stack, 'Key', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
      Template.fromStack(stack).hasResource('AWS::KMS::Key', { DeletionPolicy: 'RetainExceptOnCreate' });
    });

    test.each([6, 31, 7.5])('fails with a pending window of %d days', (days) => {
      expect(() => new EncryptionKey(stack, 'Key', { pendingWindow: Duration.hours(days * 24) }))
        .toThrow(/'pendingWindow' must be whole days from 7 to 30, got .* \[Stack\/Key\]/);
    });
  });

  describe('names', () => {
    test('has no alias, and says where it comes from', () => {
      new EncryptionKey(stack, 'Key');
      Template.fromStack(stack).resourceCountIs('AWS::KMS::Alias', 0);
      key({ Description: 'Encrypts data at rest (Stack/Key)' });
    });

    test.each(['data', 'alias/data'])("has the alias '%s'", (alias) => {
      new EncryptionKey(stack, 'Key', { alias, description: 'Ours' });
      Template.fromStack(stack).hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/data' });
      key({ Description: 'Ours' });
    });

    test('takes an alias that is known at deployment only', () => {
      new EncryptionKey(stack, 'Key', { alias: `alias/${new CfnParameter(stack, 'Suffix').valueAsString}` });
      Template.fromStack(stack).hasResourceProperties('AWS::KMS::Alias', { AliasName: { 'Fn::Join': ['', ['alias/', { Ref: 'Suffix' }]] } });
    });

    test.each(['', 'alias/', 'aws/mine', 'alias/aws/mine', 'my key', 'a'.repeat(251)])("fails with the alias '%s'", (alias) => {
      expect(() => new EncryptionKey(stack, 'Key', { alias })).toThrow(/'alias' must be 1 to 250 letters.*, got '.*' \[Stack\/Key\]/);
    });

    test('fails with a description that KMS refuses', () => {
      expect(() => new EncryptionKey(stack, 'Key', { description: 'x'.repeat(8193) })).toThrow(/'description' must be at most 8192 characters/);
    });
  });

  describe('allowService', () => {
    test.each(FLAGS)('admits a service once, however often it is asked, %s', (_, flags) => {
      stack = stackInFrankfurt(flags);
      const { key: owned } = new EncryptionKey(stack, 'Key');
      EncryptionKey.allowService(owned, ServiceWriter.LOG_GROUPS);
      EncryptionKey.allowService(owned, ServiceWriter.CLOUDTRAIL);
      EncryptionKey.allowService(owned, ServiceWriter.LOG_GROUPS);
      expect(keyStatements(stack).map(({ Sid }) => Sid)).toEqual([...OWN_STATEMENTS, 'AllowLogGroups', 'AllowCloudTrail', 'AllowCloudTrail2']);
    });

    test('works on a key that another construct made', () => {
      EncryptionKey.allowService(new kms.Key(stack, 'Mine'), ServiceWriter.EVENTBRIDGE_RULES);
      expect(keyStatements(stack).map(({ Sid }) => Sid)).toContain('AllowEventBridgeRules');
    });

    test('warns when the key is imported, and says what its policy must contain', () => {
      EncryptionKey.allowService(kms.Key.fromKeyArn(stack, 'Theirs', 'arn:aws:kms:eu-central-1:111122223333:key/abc'), ServiceWriter.LOG_GROUPS);
      const [warning] = warnings('STO-07-LogGroups');
      expect(warning.id).toBe('/Stack/Theirs');
      expect(warning.entry.data).toContain('"Service":"logs.eu-central-1.amazonaws.com"');
    });

    test('does not warn about a key of this stack', () => {
      EncryptionKey.allowService(new EncryptionKey(stack, 'Key').key, ServiceWriter.LOG_GROUPS);
      expect(warnings('STO-07')).toHaveLength(0);
    });
  });
});
