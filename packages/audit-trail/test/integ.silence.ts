import { ExpectedResult, IApiCall, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AuditTrail } from '../src';

/*
 * A trail falls silent for three reasons: it is stopped, its key is disabled, its role may no longer write. Each time the alarms go off by
 * themselves, and a subscriber hears of it; and again when it is mended. While the trail works a day passes, and nobody hears anything.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'Silence');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
// with a key of its own: the topic must go on working when that is disabled
const audit = new AuditTrail(stack, 'Audit', { topic, removalPolicy });
const deliveryRole = audit.node.findChild('DeliveryRole') as iam.Role;

// a local AWS lets the hours pass when it is told to; on AWS nobody would wait for them
const clock = new lambda.Function(stack, 'Clock', {
  description: 'Lets time pass on a local AWS',
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline([
    'exports.handler = async ({ seconds }) => {',
    "  const answer = await fetch(`${process.env.AWS_ENDPOINT_URL}/_local/elapsed`, { method: 'POST', body: JSON.stringify({ seconds }) });",
    '  if (!answer.ok) throw new Error(await answer.text());',
    "  return 'passed';",
    '};',
  ].join('\n')),
  timeout: Duration.seconds(30),
  logGroup: new logs.LogGroup(stack, 'ClockLogs', { removalPolicy }),
});

/** Whoever hears of an alarm, whichever way it changes; a message that was read does not come again. */
function told(alarm: cloudwatch.Alarm): sqs.Queue {
  const queue = new sqs.Queue(stack, `ToldOf${alarm.node.id}`, { removalPolicy, visibilityTimeout: Duration.hours(12) });
  const only = sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: [alarm.alarmName] }));
  topic.addSubscription(new subscriptions.SqsSubscription(queue, { rawMessageDelivery: true, filterPolicyWithMessageBody: { AlarmName: only } }));
  return queue;
}
const EVENTS = { alarm: audit.noEvents!, queue: told(audit.noEvents!), runbook: 'no-events-arrive' };
const FILES = { alarm: audit.noLogFiles!, queue: told(audit.noLogFiles!), runbook: 'no-log-files-arrive' };

const { assertions } = new IntegTest(app, 'SilenceTest', { testCases: [stack], regions: ['us-east-1'] });
const call = (service: string, name: string, parameters: object, actions: string[] = []) => {
  const request = assertions.awsApiCall(`@aws-sdk/client-${service}`, name, parameters);
  if (actions.length > 0) request.provider.addToRolePolicy({ Effect: 'Allow', Action: actions, Resource: ['*'] });
  return request;
};
const passes = (time: Duration) => assertions
  .invokeFunction({ functionName: clock.functionName, payload: JSON.stringify({ seconds: time.toSeconds() }) })
  .expect(ExpectedResult.objectLike({ StatusCode: 200, Payload: '"passed"' }));
const hears = ({ alarm, queue, runbook }: typeof EVENTS, NewStateValue: string) => call('sqs', 'ReceiveMessage', { QueueUrl: queue.queueUrl, WaitTimeSeconds: 5 })
  .expect(ExpectedResult.objectLike({ Messages: [{ Body: Match.serializedJson(Match.objectLike({
    AlarmName: alarm.alarmName, NewStateValue, AlarmDescription: Match.stringLikeRegexp(`#${runbook}$`),
  })) }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) });
const areQuiet = () => call('cloudwatch', 'DescribeAlarms', { AlarmNames: [EVENTS.alarm.alarmName, FILES.alarm.alarmName] })
  .expect(ExpectedResult.objectLike({ MetricAlarms: [{ StateValue: 'OK' }, { StateValue: 'OK' }] }));
const hearsNothing = ({ queue }: typeof EVENTS) => call('sqs', 'GetQueueAttributes', { QueueUrl: queue.queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] })
  .expect(ExpectedResult.objectLike({ Attributes: { ApproximateNumberOfMessages: '0' } }));

const trail = { Name: audit.trail.trailArn };
const status = (expected: object) => call('cloudtrail', 'GetTrailStatus', trail).expect(ExpectedResult.objectLike(expected));
const theKey = { KeyId: audit.encryptionKey.keyId };
const inline = { RoleName: deliveryRole.roleName, PolicyName: 'Drill' };
const mayNotWrite = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'logs:PutLogEvents', Resource: '*' }] };
const day = Duration.days(1);
// what was not delivered is delivered within the hour
const mended = Duration.hours(1);

const drill: IApiCall[] = [
  // AUD-19 a trail that works is quiet
  passes(mended), hears(EVENTS, 'OK'), hears(FILES, 'OK'),
  passes(day), areQuiet(), hearsNothing(EVENTS), hearsNothing(FILES),

  // AUD-08, AUD-09 log files are where CloudTrail puts them
  call('s3', 'ListObjectsV2', { Bucket: audit.bucket.bucketName, Prefix: `AWSLogs/${Aws.ACCOUNT_ID}/CloudTrail/${Aws.REGION}/` }, ['s3:ListBucket'])
    .expect(ExpectedResult.objectLike({ Contents: Match.arrayWith([Match.objectLike({ Key: Match.stringLikeRegexp('/\\d{4}/\\d\\d/\\d\\d/\\d+_CloudTrail_.*\\.json\\.gz$') })]) })),
  // AUD-11 and the events in the log group
  call('cloudwatch-logs', 'FilterLogEvents', { logGroupName: audit.logGroup.logGroupName, filterPattern: '{ $.eventType = "AwsApiCall" }', limit: 1 })
    .expect(ExpectedResult.objectLike({ events: [{ message: Match.stringLikeRegexp('"eventVersion": ?"1\\.') }] })),

  // AUD-19 silence is told: the trail is stopped. The first day is that on which the last events arrive
  call('cloudtrail', 'StopLogging', trail), passes(day), areQuiet(),
  passes(day), hears(EVENTS, 'ALARM'), hears(FILES, 'ALARM'),
  call('cloudtrail', 'StartLogging', trail), status({ IsLogging: true }), passes(mended), hears(EVENTS, 'OK'), hears(FILES, 'OK'),

  // AUD-19 silence is told: log files cannot be encrypted
  call('kms', 'DisableKey', theKey), passes(day), hears(FILES, 'ALARM'), status({ LatestDeliveryError: 'AccessDenied' }),
  call('kms', 'EnableKey', theKey), passes(mended), hears(FILES, 'OK'), status({ LatestDeliveryAttemptSucceeded: Match.stringLikeRegexp('^20') }),

  // AUD-19 silence is told: the role may not write events
  call('iam', 'PutRolePolicy', { ...inline, PolicyDocument: JSON.stringify(mayNotWrite) }), passes(day), hears(EVENTS, 'ALARM'),
  status({ LatestCloudWatchLogsDeliveryError: 'AccessDenied' }),
  call('iam', 'DeleteRolePolicy', inline), passes(mended), hears(EVENTS, 'OK'), areQuiet(),
];
drill.reduce((before, next) => before.next(next));
