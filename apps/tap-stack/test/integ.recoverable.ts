import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { stackName } from '../src/app';
import { AlertPaths } from './_helpers/alert-paths';
import { DataPath } from './_helpers/data-path';
import { CUSTOMER_KEY, DeployedEnvironment, policyWith, SUFFIX } from './_helpers/deployed-environment';
import { configurationIsRecorded, trailLogs } from './_helpers/records';

/*
 * What is recoverable is the baseline, whose own test reads all of that back: here is what comes besides, and that the paths work.
 */
export const environment = new DeployedEnvironment('recoverable', 'RecoverableTest');
const exported = environment.exported.bind(environment);
const call = environment.call.bind(environment);
const reads = environment.reads.bind(environment);

const topicArn = exported('AlertsTopicArn');
const [secureStorage, logging, cloudTrail, config] = ['SecureStorage', 'Logging', 'CloudTrail', 'Config'].map((bucket) => exported(`${bucket}BucketName`));
const failuresAlarm = exported('DeploymentFailuresAlarmName');

// the name and the tags; X-04: the stage
environment.isTaggedAndUnprotected(`tap-vpc-${SUFFIX}`);

// the rule hears of failures that CloudFormation undoes by itself and of those it leaves alone, and tells the topic
reads('eventbridge', 'ListRules', { NamePrefix: `${stackName(SUFFIX)}-DeploymentsFailures` }, {
  Rules: [{
    State: 'ENABLED',
    EventPattern: Match.serializedJson(Match.objectLike({
      'source': ['aws.cloudformation'],
      'detail-type': ['CloudFormation Stack Status Change'],
      'detail': { 'status-details': { status: Match.arrayWith(['CREATE_FAILED', 'DELETE_FAILED', 'IMPORT_ROLLBACK_COMPLETE', 'ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']) } },
    })),
  }],
}, ['events:ListRules']);
reads('eventbridge', 'ListRuleNamesByTarget', { TargetArn: topicArn }, {
  RuleNames: Match.arrayWith([Match.stringLikeRegexp('DeploymentsFailures')]),
}, ['events:ListRuleNamesByTarget']);

// the alarm counts what the rule hears, which exists, and acts
reads('cloudwatch', 'DescribeAlarms', { AlarmNames: [failuresAlarm] }, {
  MetricAlarms: [{
    Namespace: 'AWS/Events', MetricName: 'TriggeredRules', Dimensions: [{ Name: 'RuleName', Value: Match.stringLikeRegexp('DeploymentsFailures') }],
    Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching', ActionsEnabled: true, AlarmActions: [topicArn],
  }],
});

// what could not be told is kept
reads('sqs', 'GetQueueAttributes', { QueueUrl: exported('FailedEventsQueueUrl'), AttributeNames: ['All'] }, {
  Attributes: { KmsMasterKeyId: CUSTOMER_KEY, Policy: policyWith({ Sid: 'AllowEventBridgeRules' }) },
});

// names that no other account can take, and no other suffix
for (const bucket of ['logging', 'secure-storage', 'cloudtrail']) {
  const name = { 'logging': 'LoggingBucketName', 'secure-storage': 'SecureStorageBucketName', 'cloudtrail': 'CloudTrailBucketName' }[bucket]!;
  call('s3', 'HeadBucket', { Bucket: exported(name) }, ['s3:ListBucket']).expect(ExpectedResult.objectLike({ BucketRegion: 'us-east-1' }));
  reads('cloudformation', 'DescribeStacks', { StackName: stackName(SUFFIX) }, {
    Stacks: [{ Outputs: Match.arrayWith([Match.objectLike({ OutputKey: name, OutputValue: Match.stringLikeRegexp(`^tap-${bucket}-${SUFFIX}-\\d{12}-[a-z0-9-]+-an$`) })]) }],
  });
}

// the dashboard shows what is there: the instance, the database and the rule, by the names that AWS gave them
for (const [title, value] of [
  ['Instances: processor', exported('PrivateInstanceId')],
  ['Databases: processor', exported('DatabaseInstanceId')],
]) {
  reads('cloudwatch', 'GetDashboard', { DashboardName: exported('DashboardName') }, {
    DashboardBody: Match.serializedJson(Match.objectLike({
      widgets: Match.arrayWith([Match.objectLike({
        type: 'metric', properties: Match.objectLike({ title, metrics: Match.arrayWith([Match.arrayWith([value])]) }),
      })]),
    })),
  });
}

// everything is recorded, and checked: users and data as well as the network
configurationIsRecorded(environment, ['IAM_PASSWORD_POLICY', 'RDS_STORAGE_ENCRYPTED', 'INCOMING_SSH_DISABLED']);

// B-09: the trail
trailLogs(environment);

// the outputs, described and exported
environment.putsOut('DeploymentFailuresRuleArn', 'DeploymentFailuresAlarmName', 'ConfigBucketName', 'DashboardName');

// B-10, B-14, R-01: alarms, changes of security groups and failed deployments reach a subscriber
new AlertPaths(environment).alarm('PrivateServerAlarmsCpu').worldOpen(exported('PrivateSecurityGroupId')).failedDeployment();

// B-08, B-12: data goes through the key; X-08: every bucket refuses plain HTTP; X-04: more than 1,000 versions go with the stack
new DataPath(environment).throughTheKey(secureStorage).overTlsOnly(secureStorage, logging, cloudTrail, config).manyVersions(secureStorage);
