import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AuditTrail, DeploymentWatch, SecurityChange, SecurityChangeWatch, ThreatDetection } from '../src';
import { onlyPolicy } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

interface Shared {
  readonly topic: sns.ITopic;
  readonly failedEvents?: sqs.IQueue;
  readonly runbookUrl?: string;
}

interface Telling extends Construct {
  readonly failedEvents?: sqs.IQueue;
  readonly failedEventsAlarm?: cloudwatch.Alarm;
}

type Make = (scope: Construct, props: Shared) => Telling;

const WATCH: Make = (scope, props) => new SecurityChangeWatch(scope, 'Watch', { ...props, furtherChanges: SecurityChange.all() });

/** Whatever can share the queue of another. */
const SHARING: [string, Make][] = [
  ['AuditTrail', (scope, props) => new AuditTrail(scope, 'Audit', props)],
  ['DeploymentWatch', (scope, props) => new DeploymentWatch(scope, 'Deployments', props)],
  ['ThreatDetection', (scope, props) => new ThreatDetection(scope, 'Threats', props)],
];

describe.each(FLAGS)('events that could not be told, %s', (_, flags) => {
  let stack: Stack;
  let topic: sns.Topic;
  beforeEach(() => {
    stack = stackInFrankfurt(flags);
    topic = new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'TopicKey') });
  });
  const waiting = () => Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', { Properties: { Namespace: 'AWS/SQS' } }));

  describe.each([['SecurityChangeWatch', WATCH] as [string, Make], ...SHARING])('AUD-04 no event is lost: %s', (__, make) => {
    test('the topic hears of the first event that waits, and CloudWatch may tell it', () => {
      const { failedEvents, failedEventsAlarm } = make(stack, { topic });
      expect(failedEventsAlarm).toBeDefined();
      const told = [stack.resolve(topic.topicArn)];
      expect(waiting().map(({ Properties }) => Properties)).toEqual([expect.objectContaining({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: stack.resolve(failedEvents!.queueName) }],
        Statistic: 'Maximum', Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 1, TreatMissingData: 'notBreaching',
        AlarmActions: told, OKActions: told,
      })]);
      expect(onlyPolicy(stack, 'AWS::SNS::TopicPolicy', 'PolicyDocument').map(({ Sid }) => Sid)).toContain('AllowCloudWatchAlarms');
    });

    test('the alarm says where it says what to do', () => {
      make(stack, { topic, runbookUrl: 'https://wiki.example/runbook' });
      expect(waiting()[0].Properties.AlarmDescription).toContain('https://wiki.example/runbook#somebody-was-not-told');
    });
  });

  describe.each(SHARING)('AUD-04 no event is lost: %s with a queue of another', (__, make) => {
    test('makes no second alarm on a queue that has one', () => {
      const { failedEvents } = WATCH(stack, { topic });
      expect(make(stack, { topic, failedEvents }).failedEventsAlarm).toBeUndefined();
      expect(waiting()).toHaveLength(1);
    });

    test('makes no alarm on a queue that its owner alarms on', () => {
      const failedEvents = new sqs.Queue(stack, 'Mine');
      failedEvents.metricApproximateNumberOfMessagesVisible().createAlarm(stack, 'MineWaits', { threshold: 1, evaluationPeriods: 1 });
      make(stack, { topic, failedEvents });
      expect(waiting()).toHaveLength(1);
    });

    test('makes the alarm on a queue without one, though another queue has one', () => {
      WATCH(stack, { topic });
      const failedEvents = new sqs.Queue(stack, 'Mine');
      failedEvents.metricApproximateAgeOfOldestMessage().createAlarm(stack, 'MineIsOld', { threshold: 60, evaluationPeriods: 1 });
      expect(make(stack, { topic, failedEvents }).failedEventsAlarm).toBeDefined();
      expect(waiting().map(({ Properties }) => Properties.Dimensions[0].Value)).toContainEqual(stack.resolve(failedEvents.queueName));
    });
  });

  test('AUD-04 no event is lost: one statement admits EventBridge to the queue, however many rules share it', () => {
    const { failedEvents } = WATCH(stack, { topic });
    for (const [, make] of SHARING) make(stack, { topic, failedEvents });
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy'));
    const admitted = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Principal }: { Principal?: { Service?: string } }) => Principal?.Service === 'events.amazonaws.com');
    expect(admitted).toEqual([expect.objectContaining({
      Sid: 'AllowEventBridgeRules', Action: 'sqs:SendMessage', Resource: stack.resolve(failedEvents!.queueArn),
    })]);
  });
});
