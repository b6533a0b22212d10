import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EncryptedDatabase, EncryptedDatabaseProps, EncryptedTopic } from '../src';
import { statement, topicStatements } from './_helpers/policies';
import { stackInFrankfurt } from './_helpers/stacks';

describe('EncryptedDatabase', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  beforeEach(() => {
    stack = stackInFrankfurt();
    vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2 });
  });

  const template = () => Template.fromStack(stack);
  const make = (props: Partial<EncryptedDatabaseProps> = {}) => new EncryptedDatabase(stack, 'Db', { vpc, ...props });

  describe('STO-24 events', () => {
    const subscriptions = () => Object.values(template().findResources('AWS::RDS::EventSubscription'));

    test('nobody is told until somebody is to be', () => {
      expect(make().eventSubscriptions).toEqual([]);
      template().resourceCountIs('AWS::RDS::EventSubscription', 0);
    });

    test('the topic is told what happens to the instance, and who changes its parameters', () => {
      const { topic } = new EncryptedTopic(stack, 'Alerts');
      const { instance: db, parameterGroup } = make({ eventTopic: topic });
      template().hasResourceProperties('AWS::RDS::EventSubscription', {
        SnsTopicArn: stack.resolve(topic.topicArn), SourceType: 'db-instance', SourceIds: [stack.resolve(db.instanceIdentifier)],
        EventCategories: Match.arrayWith(['configuration change', 'failover', 'failure', 'low storage', 'maintenance']),
      });
      template().hasResourceProperties('AWS::RDS::EventSubscription', {
        SourceType: 'db-parameter-group', SourceIds: [stack.resolve(parameterGroup.bindToInstance({}).parameterGroupName)], EventCategories: ['configuration change'],
      });
    });

    test('RDS may publish before it is asked to, by topic policy and key policy', () => {
      const { topic } = new EncryptedTopic(stack, 'Alerts');
      make({ eventTopic: topic });
      expect(statement(topicStatements(stack), 'AllowRdsEvents')).toMatchObject({
        Principal: { Service: 'events.rds.amazonaws.com' }, Action: 'sns:Publish',
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:rds:eu-central-1:111122223333:*' }, StringEquals: { 'aws:SourceAccount': '111122223333' } },
      });
      const policies = Object.values(template().findResources('AWS::KMS::Key')).map(({ Properties }) => JSON.stringify(Properties.KeyPolicy));
      expect(policies.filter((policy) => policy.includes('events.rds.amazonaws.com'))).toHaveLength(1);
      for (const { DependsOn } of subscriptions()) expect(DependsOn).toEqual([expect.stringContaining('AlertsTopicPolicy')]);
    });

    test('a topic without a key needs its own policy only', () => {
      make({ eventTopic: new sns.Topic(stack, 'Alerts') });
      expect(topicStatements(stack).map(({ Sid }) => Sid)).toEqual(['AllowRdsEvents']);
    });

    test('warns when the topic is imported, because events would be lost', () => {
      make({ eventTopic: sns.Topic.fromTopicArn(stack, 'Theirs', 'arn:aws:sns:eu-central-1:111122223333:alerts') });
      expect(subscriptions()).toHaveLength(2);
      Annotations.fromStack(stack).hasWarning('/Stack/Theirs', Match.stringLikeRegexp('its owner must add .*AllowRdsEvents.*encrypted-storage:STO-07-topic-RdsEvents'));
    });
  });
});
