import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EncryptedTopic, EncryptionKey, ServiceWriter } from '../src';
import { keyStatements, statement, topicStatements } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe('EncryptedTopic', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const template = () => Template.fromStack(stack);
  const topic = (properties: object) => template().hasResourceProperties('AWS::SNS::Topic', properties);

  describe('STO-01 customer key (P-08)', () => {
    test('makes a key of its own', () => {
      const { encryptionKey } = new EncryptedTopic(stack, 'Alerts');
      topic({ KmsMasterKeyId: stack.resolve(encryptionKey.keyArn) });
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('uses the key it is given and makes no other', () => {
      const { key } = new EncryptionKey(stack, 'Mine');
      expect(new EncryptedTopic(stack, 'Alerts', { encryptionKey: key }).encryptionKey).toBe(key);
      topic({ KmsMasterKeyId: stack.resolve(key.keyArn) });
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('a role that may publish may use the key for it', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      new EncryptedTopic(stack, 'Alerts').topic.grantPublish(role);
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] })]) },
      });
    });
  });

  describe('STO-02 TLS only', () => {
    test.each(FLAGS)('refuses messages over plain HTTP, %s', (_, flags) => {
      stack = stackInFrankfurt(flags);
      new EncryptedTopic(stack, 'Alerts');
      expect(topicStatements(stack)).toEqual([expect.objectContaining({
        Effect: 'Deny', Action: 'sns:Publish', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      })]);
    });
  });

  describe('STO-03 no public access', () => {
    test('nobody is allowed to publish by the topic itself', () => {
      new EncryptedTopic(stack, 'Alerts');
      expect(topicStatements(stack).filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
    });
  });

  describe('STO-07 service writers', () => {
    test('no service may use the key until it is let in', () => {
      new EncryptedTopic(stack, 'Alerts');
      expect(keyStatements(stack).filter(({ Principal }) => JSON.stringify(Principal).includes('Service'))).toEqual([]);
    });

    test('alarms of this account and region publish, by topic policy and key policy (P-02)', () => {
      const alerts = new EncryptedTopic(stack, 'Alerts');
      alerts.allowCloudWatchAlarms();
      expect(statement(topicStatements(stack), 'AllowCloudWatchAlarms')).toMatchObject({
        Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' }, Resource: stack.resolve(alerts.topic.topicArn),
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*' },
          StringEquals: { 'aws:SourceAccount': '111122223333' },
        },
      });
      expect(statement(keyStatements(stack), 'AllowCloudWatchAlarms').Principal).toEqual({ Service: 'cloudwatch.amazonaws.com' });
    });

    test.each<['allowRdsEvents' | 'allowS3Notifications' | 'allowBudgets', string, string, string]>([
      ['allowRdsEvents', 'AllowRdsEvents', 'events.rds.amazonaws.com', 'arn:aws:rds:eu-central-1:111122223333:*'],
      ['allowS3Notifications', 'AllowS3Notifications', 's3.amazonaws.com', 'arn:aws:s3:::*'],
      ['allowBudgets', 'AllowBudgets', 'budgets.amazonaws.com', 'arn:aws:budgets::111122223333:*'],
    ])('%s: topic policy and key policy, both with the source', (allow, sid, Service, source) => {
      new EncryptedTopic(stack, 'Alerts')[allow]();
      for (const statements of [topicStatements(stack), keyStatements(stack)]) {
        expect(statement(statements, sid)).toMatchObject({
          Effect: 'Allow', Principal: { Service }, Condition: { ArnLike: { 'aws:SourceArn': source }, StringEquals: { 'aws:SourceAccount': '111122223333' } },
        });
      }
      expect(statement(topicStatements(stack), sid).Action).toBe('sns:Publish');
    });

    test('EventBridge rules publish, by topic policy and key policy, without conditions that EventBridge does not send', () => {
      new EncryptedTopic(stack, 'Alerts').allowEventBridgeRules();
      for (const statements of [topicStatements(stack), keyStatements(stack)]) {
        const admitting = statement(statements, 'AllowEventBridgeRules');
        expect(admitting.Principal).toEqual({ Service: 'events.amazonaws.com' });
        expect(admitting.Condition).toBeUndefined();
      }
    });

    test.each(FLAGS)('asking twice changes nothing, %s', (_, flags) => {
      stack = stackInFrankfurt(flags);
      const alerts = new EncryptedTopic(stack, 'Alerts');
      for (let times = 0; times < 2; times++) {
        alerts.allowCloudWatchAlarms();
        alerts.allowEventBridgeRules();
      }
      expect(topicStatements(stack).map(({ Sid }) => Sid)).toEqual(['AllowPublishThroughSSLOnly', 'AllowCloudWatchAlarms', 'AllowEventBridgeRules']);
      template().resourceCountIs('AWS::SNS::TopicPolicy', 1);
      expect(keyStatements(stack)).toHaveLength(5);
    });

    test('a topic that somebody else made is opened in the same way, and its key with it', () => {
      const theirs = new sns.Topic(stack, 'Theirs', { masterKey: new kms.Key(stack, 'Key') });
      EncryptedTopic.allowPublisher(theirs, ServiceWriter.EVENTBRIDGE_RULES);
      expect(topicStatements(stack).map(({ Sid, Resource }) => [Sid, Resource])).toEqual([['AllowEventBridgeRules', stack.resolve(theirs.topicArn)]]);
      expect(statement(keyStatements(stack), 'AllowEventBridgeRules').Principal).toEqual({ Service: 'events.amazonaws.com' });
    });

    test('says what the policy of an imported topic must contain, and holds nothing to depend on', () => {
      const theirs = sns.Topic.fromTopicArn(stack, 'Theirs', 'arn:aws:sns:eu-central-1:111122223333:alerts');
      expect(EncryptedTopic.allowPublisher(theirs, ServiceWriter.CLOUDWATCH_ALARMS)).toBeUndefined();
      Annotations.fromStack(stack).hasWarning('/Stack/Theirs', Match.stringLikeRegexp('its owner must add .*cloudwatch.amazonaws.com.*STO-07-topic-CloudWatchAlarms'));
    });

    test('warns when the key is imported, because messages would be lost', () => {
      const encryptionKey = kms.Key.fromKeyArn(stack, 'Theirs', 'arn:aws:kms:eu-central-1:111122223333:key/abc');
      new EncryptedTopic(stack, 'Alerts', { encryptionKey }).allowCloudWatchAlarms();
      Annotations.fromStack(stack).hasWarning('/Stack/Theirs', Match.stringLikeRegexp('its owner must add.*cloudwatch.amazonaws.com.*STO-07-CloudWatchAlarms'));
    });
  });

  describe('STO-08 survives its stack', () => {
    test('the key it made is kept', () => {
      new EncryptedTopic(stack, 'Alerts');
      template().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
    });

    test('the key it made goes when told so', () => {
      new EncryptedTopic(stack, 'Alerts', { removalPolicy: RemovalPolicy.DESTROY });
      template().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
    });
  });

  describe('names', () => {
    test('CloudFormation names the topic, which shows no sender', () => {
      new EncryptedTopic(stack, 'Alerts');
      topic({ TopicName: Match.absent(), DisplayName: Match.absent() });
    });

    test('has the name and sender it is given', () => {
      new EncryptedTopic(stack, 'Alerts', { topicName: 'prod-1-alerts', displayName: 'Alerts' });
      topic({ TopicName: 'prod-1-alerts', DisplayName: 'Alerts' });
    });

    test.each(['', 'my topic', 'alerts.fifo', 'x'.repeat(257)])("fails when it is called '%s'", (topicName) => {
      expect(() => new EncryptedTopic(stack, 'Alerts', { topicName })).toThrow(/'topicName' must be 1 to 256 letters.*, got '.*' \[Stack\/Alerts\]/);
    });

    test('fails with a sender that SNS refuses', () => {
      expect(() => new EncryptedTopic(stack, 'Alerts', { displayName: 'x'.repeat(101) })).toThrow(/'displayName' must be at most 100 characters/);
    });
  });
});
