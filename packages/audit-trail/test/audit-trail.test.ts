import { App, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AuditTrail, AuditTrailProps } from '../src';
import { managedPolicy, onlyPolicy } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe.each(FLAGS)('AuditTrail %s', (_, flags) => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(flags); });
  const audit = (props?: AuditTrailProps) => new AuditTrail(stack, 'Audit', props);
  const template = () => Template.fromStack(stack);
  const trail = (properties: object) => template().hasResourceProperties('AWS::CloudTrail::Trail', properties);
  const dependsOn = (name: string) => template().hasResource('AWS::CloudTrail::Trail', { DependsOn: Match.arrayWith([Match.stringLikeRegexp(name)]) });

  describe('AUD-08 all regions (B-09)', () => {
    test('records the management events of every region and of the global services', () => {
      audit();
      trail({ IsLogging: true, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true });
    });
  });

  describe('AUD-09 log file validation (B-09)', () => {
    test('is on', () => {
      audit();
      trail({ EnableLogFileValidation: true });
    });
  });

  describe('AUD-09 log files stay (X-04)', () => {
    const files = (properties: object) => template().hasResourceProperties('AWS::S3::Bucket', properties);
    const expireAfter = (ExpirationInDays: number) => ({ LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'Logs', ExpirationInDays })]) } });

    test('for a year, and can be deleted', () => {
      audit();
      files({ ...expireAfter(365), ObjectLockEnabled: Match.absent() });
    });

    test('as long as told', () => {
      audit({ logFilesKeptFor: Duration.days(2557) });
      files(expireAfter(2557));
    });

    test('as long as they are locked', () => {
      audit({ objectLock: s3.ObjectLockRetention.compliance(Duration.days(2557)) });
      files({ ...expireAfter(2557), ObjectLockConfiguration: Match.objectLike({ Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } } }) });
    });

    test('fails when they would expire under their lock', () => {
      expect(() => audit({ logFilesKeptFor: Duration.days(364), objectLock: s3.ObjectLockRetention.governance(Duration.days(365)) }))
        .toThrow("'logsKeptFor' must be at least the 365 days of 'objectLock', got 364 days [Stack/Audit/LogFiles]");
    });
  });

  describe('AUD-10 encrypted (B-09, B-12)', () => {
    test('makes one key for log files and events, which lets in CloudTrail and CloudWatch Logs', () => {
      const keyArn = stack.resolve(audit().encryptionKey.keyArn);
      trail({ KMSKeyId: keyArn });
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: keyArn });
      expect(onlyPolicy(stack, 'AWS::KMS::Key', 'KeyPolicy').map(({ Sid }) => Sid)).toEqual(expect.arrayContaining(['AllowCloudTrail', 'AllowCloudTrail2', 'AllowLogGroups']));
    });

    test('uses the key it is given and makes no other', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      expect(audit({ encryptionKey }).encryptionKey).toBe(encryptionKey);
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('has a bucket of its own, whose one policy is that of the log bucket and is there before the trail', () => {
      const { bucket } = audit();
      trail({ S3BucketName: stack.resolve(bucket.bucketName), S3KeyPrefix: Match.absent() });
      const statements = onlyPolicy(stack, 'AWS::S3::BucketPolicy', 'PolicyDocument');
      expect(statements.map(({ Sid }) => Sid)).toEqual(['DenyInsecureConnections', 'DenyOutdatedTls', 'AllowTrailAclCheck', 'AllowTrailDelivery']);
      dependsOn('^AuditLogFilesBucketPolicy');
    });

    test('logs the access to its bucket where it is told', () => {
      const accessLogsBucket = new s3.Bucket(stack, 'AccessLogs');
      audit({ accessLogsBucket });
      template().hasResourceProperties('AWS::S3::Bucket', { LoggingConfiguration: Match.objectLike({ DestinationBucketName: stack.resolve(accessLogsBucket.bucketName) }) });
    });

    test('warns when nobody sees who read the log files', () => {
      audit();
      expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('encrypted-storage:STO-04'))).toHaveLength(1);
    });
  });

  describe('AUD-11 delivery to CloudWatch Logs (B-09, B-13)', () => {
    test('a role of CloudTrail may write its streams of the one group, and nothing else', () => {
      const { logGroup } = audit();
      template().hasResourceProperties('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'cloudtrail.amazonaws.com' } })] } });
      const [statement, ...others] = managedPolicy(stack);
      expect(others).toEqual([]);
      expect(statement).toMatchObject({ Sid: 'WriteEvents', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] });
      expect(JSON.stringify(statement.Resource)).toContain(':log-stream:111122223333_CloudTrail_eu-central-1*');
      expect(JSON.stringify(statement.Resource)).toContain(JSON.stringify(stack.resolve(logGroup.logGroupName)));
      template().resourceCountIs('AWS::IAM::Policy', 0);
    });

    test('the trail writes to the group, when it may', () => {
      const { logGroup } = audit();
      trail({ CloudWatchLogsLogGroupArn: stack.resolve(logGroup.logGroupArn), CloudWatchLogsRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AuditDeliveryRole'), 'Arn'] } });
      dependsOn('^AuditDeliveryPolicy');
      template().resourceCountIs('AWS::Logs::LogGroup', 1);
    });

    test.each([[undefined, 365], [logs.RetentionDays.SEVEN_YEARS, 2557]])('keeps the events as told: %s', (retention, RetentionInDays) => {
      audit({ retention });
      template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays });
    });
  });

  test.each([[undefined, 'Retain'], [RemovalPolicy.DESTROY, 'Delete']])('keeps bucket, log group and key as told: %s', (removalPolicy, DeletionPolicy) => {
    audit({ removalPolicy });
    for (const type of ['AWS::S3::Bucket', 'AWS::Logs::LogGroup', 'AWS::KMS::Key']) template().allResources(type, { DeletionPolicy });
  });

  describe('AUD-19 silence is told', () => {
    const alarm = (MetricName: string, properties: object) => template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName, Statistic: 'Sum', Period: 3600, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching', ...properties,
    });
    let topic: sns.Topic;
    beforeEach(() => { topic = new sns.Topic(stack, 'Topic'); });

    test('hears of a trail that is stopped, deleted or changed', () => {
      audit({ topic });
      template().hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          'source': ['aws.cloudtrail'],
          'detail-type': ['AWS API Call via CloudTrail'],
          'detail': {
            eventSource: ['cloudtrail.amazonaws.com'], eventName: ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'], errorCode: [{ exists: false }],
          },
        },
        Targets: [Match.objectLike({ Arn: stack.resolve(topic.topicArn) })],
      });
    });

    test('goes off when CloudWatch Logs gets no events for an hour, by a metric that every log group has', () => {
      const { logGroup } = audit({ topic });
      alarm('IncomingLogEvents', { Namespace: 'AWS/Logs', Dimensions: [{ Name: 'LogGroupName', Value: stack.resolve(logGroup.logGroupName) }] });
    });

    test('goes off when the bucket gets no log files for an hour, by a metric that the bucket is asked for', () => {
      const { bucket } = audit({ topic });
      alarm('PutRequests', {
        Namespace: 'AWS/S3', Dimensions: [{ Name: 'BucketName', Value: stack.resolve(bucket.bucketName) }, { Name: 'FilterId', Value: 'LogFiles' }],
      });
      template().hasResourceProperties('AWS::S3::Bucket', { MetricsConfigurations: [{ Id: 'LogFiles' }] });
    });

    test('both tell the topic, which admits CloudWatch and EventBridge', () => {
      const { noEvents, noLogFiles, trailChanges, failedEvents } = audit({ topic });
      expect([noEvents, noLogFiles, trailChanges, failedEvents]).not.toContain(undefined);
      const action = [stack.resolve(topic.topicArn)];
      template().allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: action, OKActions: action });
      expect(onlyPolicy(stack, 'AWS::SNS::TopicPolicy', 'PolicyDocument').map(({ Sid }) => Sid)).toEqual(['AllowEventBridgeRules', 'AllowCloudWatchAlarms']);
    });

    test('uses the queue it is given and makes no other', () => {
      const failedEvents = new sqs.Queue(stack, 'Failed');
      expect(audit({ topic, failedEvents }).failedEvents).toBe(failedEvents);
      template().resourceCountIs('AWS::SQS::Queue', 1);
    });

    test('warns when nobody is told', () => {
      audit();
      Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('nobody is told when the trail is stopped.*audit-trail:AUD-19'));
      template().resourceCountIs('AWS::CloudWatch::Alarm', 0);
    });

    test('fails with a queue for what nobody is told', () => {
      expect(() => audit({ failedEvents: new sqs.Queue(stack, 'Failed') })).toThrow("'failedEvents' must come with who is told, got no 'topic'; pass it too [Stack/Audit]");
    });
  });

  describe('names', () => {
    test('uses the ones it is given', () => {
      audit({ trailName: 'tap-trail-blue', bucketNamePrefix: 'tap-trail-blue' });
      trail({ TrailName: 'tap-trail-blue' });
      template().hasResourceProperties('AWS::S3::Bucket', { BucketNamePrefix: 'tap-trail-blue' });
    });

    test('takes a name that is known at deployment only', () => {
      audit({ trailName: new CfnParameter(stack, 'Name').valueAsString });
      trail({ TrailName: { Ref: 'Name' } });
    });

    test.each(['ab', 'a'.repeat(129), '-trail', 'trail-', 'my..trail', 'my-_trail', 'my trail'])("fails with the name '%s'", (trailName) => {
      expect(() => audit({ trailName })).toThrow(/'trailName' must be 3 to 128 letters, .*, got '.*' \[Stack\/Audit\]/);
    });
  });

  test('needs nothing of the region and account', () => {
    stack = new Stack(new App({ context: flags }), 'Stack');
    audit();
    template().resourceCountIs('AWS::CloudTrail::Trail', 1);
  });
});
