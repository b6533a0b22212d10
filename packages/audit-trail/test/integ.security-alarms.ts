import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedLogGroup, EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { MonitoredActivity, SecurityAlarms } from '../src';

/** The alarms on a log group, and what their filters find in events that a trail would deliver. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'SecurityAlarms');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
const { logGroup } = new EncryptedLogGroup(stack, 'Events', { encryptionKey, removalPolicy });
const pipeline = new iam.Role(stack, 'Pipeline', { assumedBy: new iam.AccountRootPrincipal() });
const { alarms, metricNamespace } = new SecurityAlarms(stack, 'Alarms', {
  logGroup,
  topic,
  metricNamespace: 'IntegSecurityAlarms',
  without: [MonitoredActivity.ORGANIZATION_CHANGES],
  quieted: [{ activity: MonitoredActivity.CLOUDTRAIL_CHANGES, reason: 'the pipeline deploys the trail', roles: [pipeline], services: ['cloudformation.amazonaws.com'] }],
});

const { assertions } = new IntegTest(app, 'SecurityAlarmsTest', { testCases: [stack] });

// AUD-15 the catalogue of CIS
MonitoredActivity.all().filter((activity) => activity !== MonitoredActivity.ORGANIZATION_CHANGES).forEach((activity) => {
  assertions.awsApiCall('@aws-sdk/client-cloudwatch-logs', 'DescribeMetricFilters', { logGroupName: logGroup.logGroupName, filterNamePrefix: activity.id })
    .expect(ExpectedResult.objectLike({
      metricFilters: [{ filterName: activity.id, metricTransformations: [{ metricName: activity.id, metricNamespace, metricValue: '1' }] }],
    }));
});

// AUD-16 every alarm acts
alarms.forEach((alarm) => {
  assertions.awsApiCall('@aws-sdk/client-cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] }).expect(ExpectedResult.objectLike({
    MetricAlarms: [{ Namespace: metricNamespace, Threshold: 1, ActionsEnabled: true, AlarmActions: [topic.topicArn], OKActions: [] }],
  }));
});

// AUD-17 exceptions have reasons: the filter as it was deployed
assertions.awsApiCall('@aws-sdk/client-cloudwatch-logs', 'DescribeMetricFilters', { logGroupName: logGroup.logGroupName, filterNamePrefix: 'CloudTrailChanges' })
  .expect(ExpectedResult.objectLike({ metricFilters: [{ filterPattern: Match.stringLikeRegexp('sessionIssuer.arn != .*role/.*Pipeline') }] }));

// AUD-15: what the root user does, and not what a service does for the account
const byRoot = { userIdentity: { type: 'Root' }, eventName: 'CreateUser', eventType: 'AwsApiCall' };
assertions.awsApiCall('@aws-sdk/client-cloudwatch-logs', 'TestMetricFilter', {
  filterPattern: MonitoredActivity.ROOT_USAGE.pattern(),
  logEventMessages: [byRoot, { ...byRoot, eventType: 'AwsServiceEvent' }, { ...byRoot, userIdentity: { type: 'IAMUser' } }].map((event) => JSON.stringify(event)),
}).expect(ExpectedResult.objectLike({ matches: [{ eventNumber: 1 }] }));
