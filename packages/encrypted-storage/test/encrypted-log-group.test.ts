import { CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { EncryptedLogGroup, EncryptionKey } from '../src';
import { keyStatements } from './_helpers/policies';
import { stackInFrankfurt } from './_helpers/stacks';

describe('EncryptedLogGroup', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const template = () => Template.fromStack(stack);
  const warnings = (message: string) => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(message));

  describe('STO-01 customer key', () => {
    test('makes a key of its own', () => {
      const { encryptionKey } = new EncryptedLogGroup(stack, 'Logs');
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(encryptionKey.keyArn) });
    });

    test('uses the key it is given and makes no other', () => {
      const { key } = new EncryptionKey(stack, 'Mine');
      const { encryptionKey } = new EncryptedLogGroup(stack, 'Logs', { encryptionKey: key });
      expect(encryptionKey).toBe(key);
      template().resourceCountIs('AWS::KMS::Key', 1);
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(key.keyArn) });
    });
  });

  describe('STO-07 service writers (P-02)', () => {
    test('CloudWatch Logs may use the key, which one statement says for many log groups', () => {
      const { key } = new EncryptionKey(stack, 'Mine');
      new EncryptedLogGroup(stack, 'Logs', { encryptionKey: key });
      new EncryptedLogGroup(stack, 'More', { encryptionKey: key });
      expect(keyStatements(stack).filter(({ Sid }) => Sid === 'AllowLogGroups')).toHaveLength(1);
    });

    test('warns when the key is imported', () => {
      new EncryptedLogGroup(stack, 'Logs', { encryptionKey: kms.Key.fromKeyArn(stack, 'Theirs', 'arn:aws:kms:eu-central-1:111122223333:key/abc') });
      expect(warnings('STO-07-LogGroups')).toHaveLength(1);
    });
  });

  describe('STO-08 survives its stack', () => {
    test('log group and key are kept', () => {
      new EncryptedLogGroup(stack, 'Logs');
      template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      template().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
    });

    test('log group and key go when told so', () => {
      new EncryptedLogGroup(stack, 'Logs', { removalPolicy: RemovalPolicy.DESTROY });
      template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
      template().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
    });
  });

  describe('STO-10 retention', () => {
    test('keeps log events for a year', () => {
      new EncryptedLogGroup(stack, 'Logs');
      template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
      expect(warnings('STO-10')).toHaveLength(0);
    });

    test('keeps them for 30 days when told so, with a warning (P-08)', () => {
      new EncryptedLogGroup(stack, 'Logs', { retention: logs.RetentionDays.ONE_MONTH });
      template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
      expect(warnings('gone after 30 days; auditors ask for 365.*encrypted-storage:STO-10')).toHaveLength(1);
    });

    test('keeps them for ever when told so', () => {
      new EncryptedLogGroup(stack, 'Logs', { retention: logs.RetentionDays.INFINITE });
      template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.absent() });
      expect(warnings('STO-10')).toHaveLength(0);
    });
  });

  describe('log class', () => {
    const archive = () => new EncryptedLogGroup(stack, 'Logs', { logGroupClass: logs.LogGroupClass.INFREQUENT_ACCESS });
    const refused = (path: string) => `'logGroupClass' must be STANDARD for metric and subscription filters, got INFREQUENT_ACCESS and '${path}'; leave it out [Stack/Logs]`;
    const filter = { filterPattern: logs.FilterPattern.allTerms('ERROR'), metricNamespace: 'Tests', metricName: 'Errors' };

    test('is the standard one', () => {
      new EncryptedLogGroup(stack, 'Logs').logGroup.addMetricFilter('Errors', filter);
      template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupClass: Match.absent() });
    });

    test('is the cheap one when told so, and it takes no filter of another log group for its own', () => {
      archive();
      new EncryptedLogGroup(stack, 'More').logGroup.addMetricFilter('Errors', filter);
      template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupClass: 'INFREQUENT_ACCESS' });
    });

    test('fails to synthesize a metric filter on the cheap one', () => {
      archive().logGroup.addMetricFilter('Errors', filter);
      expect(template).toThrow(refused('Stack/Logs/LogGroup/Errors/Resource'));
    });

    test('fails to synthesize a metric filter that somebody else made', () => {
      const { logGroup } = archive();
      new logs.CfnMetricFilter(stack, 'Theirs', { logGroupName: logGroup.logGroupName, filterPattern: 'ERROR', metricTransformations: [] });
      expect(template).toThrow(refused('Stack/Theirs'));
    });

    test('fails to synthesize a subscription filter', () => {
      const { logGroup } = archive();
      new logs.CfnSubscriptionFilter(stack, 'Theirs', { logGroupName: logGroup.logGroupName, filterPattern: '', destinationArn: 'arn:aws:lambda:eu-central-1:111122223333:function:f' });
      expect(template).toThrow(refused('Stack/Theirs'));
    });
  });

  describe('names', () => {
    test('CloudFormation names the log group', () => {
      new EncryptedLogGroup(stack, 'Logs');
      template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.absent() });
    });

    test.each(['/tap/app', 'a', 'x.y#z_1-2'])("is called '%s' when told so", (logGroupName) => {
      new EncryptedLogGroup(stack, 'Logs', { logGroupName });
      template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: logGroupName });
    });

    test('takes a name that is known at deployment only', () => {
      new EncryptedLogGroup(stack, 'Logs', { logGroupName: new CfnParameter(stack, 'Name').valueAsString });
      template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: { Ref: 'Name' } });
    });

    test.each(['', 'my logs', 'aws/mine', 'a:b', 'x'.repeat(513)])("fails when it is called '%s'", (logGroupName) => {
      expect(() => new EncryptedLogGroup(stack, 'Logs', { logGroupName })).toThrow(/'logGroupName' must be 1 to 512 letters.*, got '.*' \[Stack\/Logs\]/);
    });
  });
});
