import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedLogGroup, EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { MonitoredActivity, SecurityAlarms } from '../src';
import { CloudTrailRecord, DRILLS } from './_helpers/cis-events';

/*
 * Every alarm of the catalogue goes off, the whole way: an event in the log group is found by the filter, counted, and the message about
 * it arrives. Before that something happens which only looks like it, and no alarm goes off.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'SecurityAlarmsDrill');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
const { logGroup } = new EncryptedLogGroup(stack, 'Events', { encryptionKey, removalPolicy });
const { alarms } = new SecurityAlarms(stack, 'Alarms', { logGroup, topic, metricNamespace: 'SecurityAlarmsDrill' });

// events must be of now, and only something that runs knows the time
const { logStreamName } = new logs.LogStream(stack, 'Stream', { logGroup, removalPolicy });
const trail = new lambda.Function(stack, 'Trail', {
  description: 'Writes what a trail would deliver',
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline([
    "const { CloudWatchLogsClient, PutLogEventsCommand } = require('@aws-sdk/client-cloudwatch-logs');",
    'exports.handler = async ({ records }) => {',
    '  const logEvents = records.map((record) => ({ timestamp: Date.now(), message: JSON.stringify(record) }));',
    '  const { GROUP: logGroupName, STREAM: logStreamName } = process.env;',
    '  await new CloudWatchLogsClient().send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));',
    '  return logEvents.length;',
    '};',
  ].join('\n')),
  environment: { GROUP: logGroup.logGroupName, STREAM: logStreamName },
  timeout: Duration.seconds(30),
  logGroup: new logs.LogGroup(stack, 'TrailLogs', { removalPolicy }),
});
logGroup.grantWrite(trail);

/** Whoever hears of one alarm, when it goes off. */
function told(alarm: cloudwatch.Alarm): sqs.Queue {
  const queue = new sqs.Queue(stack, `ToldOf${alarm.node.id}`, { removalPolicy });
  topic.addSubscription(new subscriptions.SqsSubscription(queue, {
    rawMessageDelivery: true,
    filterPolicyWithMessageBody: {
      AlarmName: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: [alarm.alarmName] })),
      NewStateValue: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: ['ALARM'] })),
    },
  }));
  return queue;
}
const subscribers = alarms.map((alarm) => ({ alarm, queue: told(alarm) }));

const { assertions } = new IntegTest(app, 'SecurityAlarmsDrillTest', { testCases: [stack] });
const ids = MonitoredActivity.all().map(({ id }) => id);
const happens = (records: CloudTrailRecord[]) => assertions
  .invokeFunction({ functionName: trail.functionName, payload: JSON.stringify({ records }) })
  .expect(ExpectedResult.objectLike({ StatusCode: 200, Payload: String(records.length) }));

// AUD-15 the catalogue of CIS: none goes off at a near miss …
const nearMisses = happens(ids.map((id) => DRILLS[id].nearMiss));
const silent = subscribers.map(({ alarm }) => assertions.awsApiCall('@aws-sdk/client-cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] })
  .expect(ExpectedResult.objectLike({ MetricAlarms: [{ StateValue: Match.stringLikeRegexp('^(OK|INSUFFICIENT_DATA)$') }] })));

// … and each at its own event: AUD-16 every alarm acts
const hits = happens(ids.map((id) => DRILLS[id].hit));
const arrived = subscribers.map(({ alarm, queue }) => assertions.awsApiCall('@aws-sdk/client-sqs', 'ReceiveMessage', { QueueUrl: queue.queueUrl, WaitTimeSeconds: 5 })
  .expect(ExpectedResult.objectLike({
    Messages: [{ Body: Match.serializedJson(Match.objectLike({
      NewStateValue: 'ALARM', AlarmDescription: Match.stringLikeRegexp(`^Seen in the trail: .*#${runbookOf(alarm.node.id)}$`), Trigger: Match.objectLike({ MetricName: alarm.node.id }),
    })) }],
  }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) }));

nearMisses.next(silent[0]);
silent.forEach((call, index) => call.next(silent[index + 1] ?? hits));
hits.next(arrived[0]);
arrived.slice(1).forEach((call, index) => arrived[index].next(call));

function runbookOf(activityId: string): string {
  return MonitoredActivity.all().find(({ id }) => id === activityId)!.runbook;
}
