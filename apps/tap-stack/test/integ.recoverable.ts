import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { stackName } from '../src/app';
import { AlertPaths } from './_helpers/alert-paths';
import { DeployedEnvironment, policyWith, SUFFIX } from './_helpers/deployed-environment';

/*
 * What is recoverable is the baseline, whose own test reads all of that back: here is what comes besides, and that the paths work.
 */
const environment = new DeployedEnvironment('recoverable', 'RecoverableTest');
const exported = environment.exported.bind(environment);
const call = environment.call.bind(environment);
const reads = environment.reads.bind(environment);

const topicArn = exported('AlertsTopicArn');
const failuresAlarm = exported('DeploymentFailuresAlarmName');
const customerKey = Match.stringLikeRegexp(':key/');

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
  Attributes: { KmsMasterKeyId: customerKey, Policy: policyWith({ Sid: 'AllowEventBridgeRules' }) },
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
for (const [metric, dimension, value] of [
  ['CPUUtilization', 'InstanceId', exported('PrivateInstanceId')],
  ['CPUUtilization', 'DBInstanceIdentifier', exported('DatabaseInstanceId')],
]) {
  reads('cloudwatch', 'GetDashboard', { DashboardName: exported('DashboardName') }, {
    DashboardBody: Match.serializedJson(Match.objectLike({
      widgets: Match.arrayWith([Match.objectLike({
        type: 'metric', properties: Match.objectLike({ metrics: Match.arrayWith([Match.arrayWith([metric, dimension, value])]) }),
      })]),
    })),
  });
}

// the trail records (B-09), and what is stored goes through the key (B-08, B-12)
reads('cloudtrail', 'GetTrailStatus', { Name: exported('TrailArn') }, { IsLogging: true });
call('s3', 'PutObject', { Bucket: exported('SecureStorageBucketName'), Key: 'report', Body: 'through the key' }, ['s3:PutObject', 'kms:GenerateDataKey'])
  .expect(ExpectedResult.objectLike({ ServerSideEncryption: 'aws:kms' }))
  .next(call('s3', 'GetObject', { Bucket: exported('SecureStorageBucketName'), Key: 'report' }, ['s3:GetObject', 'kms:Decrypt'])
    .expect(ExpectedResult.objectLike({ Body: 'through the key', SSEKMSKeyId: customerKey })));

// R-01, B-10, B-14: alerts arrive, whatever their cause
new AlertPaths(environment, topicArn)
  .alarm(`${stackName(SUFFIX)}-PrivateServerAlarmsCpu`)
  .worldOpen(exported('PrivateSecurityGroupId'))
  .failedDeployment();
