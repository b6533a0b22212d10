import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedBucket, EncryptedTopic, EncryptionKey, LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AuditTrail, DataEvents } from '../src';

/**
 * A trail that records what is done with the objects of one bucket, as AWS describes it afterwards. Then it is stopped, and its alarms are set off:
 * the messages about it arrive. That silence sets them off would take an hour to see.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'DataEvents');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
const { bucket: accessLogsBucket } = new LogBucket(stack, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS, removalPolicy });
const { bucket: store } = new EncryptedBucket(stack, 'Store', { encryptionKey, accessLogsBucket, removalPolicy });
const audit = new AuditTrail(stack, 'Audit', {
  encryptionKey, accessLogsBucket, removalPolicy, topic, dataEvents: [DataEvents.ofBucket(store, { prefix: 'private/' })],
});

// whoever is told: of the stop by its event, of silence by the name of the alarm
const told = (id: string, filterPolicyWithMessageBody: Record<string, sns.FilterOrPolicy>) => {
  const queue = new sqs.Queue(stack, id, { removalPolicy });
  topic.addSubscription(new subscriptions.SqsSubscription(queue, { rawMessageDelivery: true, filterPolicyWithMessageBody }));
  return queue;
};
const oneOf = (...allowlist: string[]) => sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist }));
const toldOfStop = told('ToldOfStop', { detail: sns.FilterOrPolicy.policy({ eventName: oneOf('StopLogging') }) });
const silences = [audit.noEvents!, audit.noLogFiles!].map((alarm) => ({
  alarm, queue: told(`ToldOf${alarm.node.id}`, { AlarmName: oneOf(alarm.alarmName), NewStateValue: oneOf('ALARM') }),
}));

const { assertions } = new IntegTest(app, 'DataEventsTest', { testCases: [stack], regions: ['us-east-1'] });

// AUD-18 data events
assertions.awsApiCall('@aws-sdk/client-cloudtrail', 'GetEventSelectors', { TrailName: audit.trail.trailArn }).expect(ExpectedResult.objectLike({
  AdvancedEventSelectors: [
    { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    { FieldSelectors: Match.arrayWith([Match.objectLike({ Field: 'resources.ARN', StartsWith: [`${store.bucketArn}/private/`] })]) },
  ],
}));

// AUD-19 silence is told
[audit.noEvents!, audit.noLogFiles!].forEach((alarm) => {
  assertions.awsApiCall('@aws-sdk/client-cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] }).expect(ExpectedResult.objectLike({
    MetricAlarms: [{ ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching', AlarmActions: [topic.topicArn] }],
  }));
});
assertions.awsApiCall('@aws-sdk/client-eventbridge', 'ListTargetsByRule', { Rule: audit.trailChanges!.ruleName }).expect(ExpectedResult.objectLike({
  Targets: [{ Arn: topic.topicArn, DeadLetterConfig: { Arn: audit.failedEvents!.queueArn } }],
}));

const heard = (queue: sqs.Queue, message: object) => assertions.awsApiCall('@aws-sdk/client-sqs', 'ReceiveMessage', { QueueUrl: queue.queueUrl, WaitTimeSeconds: 5 })
  .expect(ExpectedResult.objectLike({ Messages: [{ Body: Match.serializedJson(Match.objectLike(message)) }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) });

// the trail was stopped, by whom and which: told within seconds
const stopped = assertions.awsApiCall('@aws-sdk/client-cloudtrail', 'StopLogging', { Name: audit.trail.trailArn });
const heardOfStop = heard(toldOfStop, {
  source: 'aws.cloudtrail', detail: Match.objectLike({ eventName: 'StopLogging', userIdentity: Match.objectLike({ arn: Match.stringLikeRegexp(':assumed-role/DataEventsTest') }) }),
});
const status = assertions.awsApiCall('@aws-sdk/client-cloudtrail', 'GetTrailStatus', { Name: audit.trail.trailArn }).expect(ExpectedResult.objectLike({ IsLogging: false }));
stopped.next(heardOfStop).next(status);

// no events, no log files: what the alarms do when they go off
silences.forEach(({ alarm, queue }) => {
  const silent = assertions.awsApiCall('@aws-sdk/client-cloudwatch', 'SetAlarmState', { AlarmName: alarm.alarmName, StateValue: 'ALARM', StateReason: 'drill' });
  silent.next(heard(queue, { NewStateValue: 'ALARM', AlarmDescription: Match.stringLikeRegexp('^CloudTrail delivered no .*#no-(events|log-files)-arrive$') }));
});
