import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DeploymentWatch, DeploymentWatchProps } from '../src';
import { onlyPolicy } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe.each(FLAGS)('DeploymentWatch %s', (_, flags) => {
  let stack: Stack;
  let topic: sns.Topic;
  beforeEach(() => {
    stack = stackInFrankfurt(flags);
    topic = new sns.Topic(stack, 'Topic');
  });
  const watch = (props: Partial<DeploymentWatchProps> = {}) => new DeploymentWatch(stack, 'Watch', { topic, ...props });
  const template = () => Template.fromStack(stack);
  const pattern = () => Object.values(template().findResources('AWS::Events::Rule'))[0].Properties.EventPattern;

  describe('AUD-20 failed deployments are told (R-01)', () => {
    test('hears of every failure, the ordinary ones that are rolled back included, and of no success', () => {
      watch();
      expect(pattern()).toEqual({
        'source': ['aws.cloudformation'],
        'detail-type': ['CloudFormation Stack Status Change'],
        'detail': { 'status-details': { status: [
          'CREATE_FAILED', 'DELETE_FAILED', 'IMPORT_ROLLBACK_COMPLETE', 'IMPORT_ROLLBACK_FAILED', 'IMPORT_ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE',
          'ROLLBACK_FAILED', 'ROLLBACK_IN_PROGRESS', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS',
        ] } },
      });
      template().hasResourceProperties('AWS::Events::Rule', { State: 'ENABLED', Targets: [Match.objectLike({ Arn: stack.resolve(topic.topicArn) })] });
    });

    test('hears of some stacks when told which', () => {
      watch({ stackNamePrefix: 'TapStack' });
      expect(stack.resolve(pattern().resources)).toEqual([{ prefix: expect.anything() }]);
      expect(JSON.stringify(pattern().resources)).toContain('stack/TapStack"');
    });
  });

  describe('AUD-16 every alarm acts (R-01)', () => {
    test('goes off at the first failure, by what EventBridge counts for the rule', () => {
      const { failures } = watch({ runbookUrl: 'https://example.com/runbook' });
      template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/Events', MetricName: 'TriggeredRules', Dimensions: [{ Name: 'RuleName', Value: stack.resolve(failures.ruleName) }],
        Statistic: 'Sum', Period: 300, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
        AlarmActions: [stack.resolve(topic.topicArn)], OKActions: [stack.resolve(topic.topicArn)],
        AlarmDescription: 'A deployment failed. https://example.com/runbook#a-deployment-failed',
      });
    });

    test('the topic admits EventBridge and CloudWatch, and so does its key', () => {
      const masterKey = new kms.Key(stack, 'Mine');
      topic = new sns.Topic(stack, 'Encrypted', { masterKey });
      watch({ encryptionKey: masterKey });
      const both = ['AllowEventBridgeRules', 'AllowCloudWatchAlarms'];
      expect(onlyPolicy(stack, 'AWS::SNS::TopicPolicy', 'PolicyDocument').map(({ Sid }) => Sid)).toEqual(both);
      expect(onlyPolicy(stack, 'AWS::KMS::Key', 'KeyPolicy').map(({ Sid }) => Sid)).toEqual(expect.arrayContaining(both));
    });

    test('shows what it counts, with another period', () => {
      expect(watch().metricFailures({ statistic: 'Average' }).statistic).toBe('Average');
    });

    test('warns about a topic whose policy cannot be changed here, once for each service', () => {
      topic = sns.Topic.fromTopicArn(stack, 'Imported', 'arn:aws:sns:eu-central-1:111122223333:alerts') as sns.Topic;
      watch();
      expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('encrypted-storage:STO-07-topic-'))).toHaveLength(2);
    });
  });

  describe('AUD-04 no event is lost', () => {
    test('keeps what could not be told, encrypted, in a queue of its own', () => {
      const { failedEvents } = watch();
      template().hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ DeadLetterConfig: { Arn: stack.resolve(failedEvents.queueArn) } })] });
      template().allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
    });

    test('uses the queue it is given and makes neither another nor a key', () => {
      const failedEvents = new sqs.Queue(stack, 'Failed');
      expect(watch({ failedEvents }).failedEvents).toBe(failedEvents);
      template().resourceCountIs('AWS::SQS::Queue', 1);
      template().resourceCountIs('AWS::KMS::Key', 0);
    });

    test.each([[undefined, 'Retain'], [RemovalPolicy.DESTROY, 'Delete']])('keeps queue and key as told: %s', (removalPolicy, DeletionPolicy) => {
      watch({ removalPolicy });
      for (const type of ['AWS::SQS::Queue', 'AWS::KMS::Key']) template().allResources(type, { DeletionPolicy });
    });
  });

  test.each(['', '1stack', 'my_stack', 'stack*', `a${'b'.repeat(128)}`])("fails with the prefix '%s'", (stackNamePrefix) => {
    expect(() => watch({ stackNamePrefix })).toThrow(/'stackNamePrefix' must be what names of stacks begin with: .*, got '.*' \[Stack\/Watch\]/);
  });

  test('needs nothing of the region and account', () => {
    stack = new Stack(new App({ context: flags }), 'Stack');
    topic = new sns.Topic(stack, 'Topic');
    watch({ stackNamePrefix: 'Tap' });
    template().resourceCountIs('AWS::Events::Rule', 1);
  });
});
