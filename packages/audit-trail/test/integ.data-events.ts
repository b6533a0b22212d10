import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedBucket, EncryptedTopic, EncryptionKey, LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AuditTrail, DataEvents } from '../src';

/** A trail that records what is done with the objects of one bucket, and tells when it is silent, as AWS describes it afterwards. */
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
