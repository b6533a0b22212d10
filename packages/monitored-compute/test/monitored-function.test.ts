import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SnsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmLint, MonitoredFunction, MonitoredFunctionProps } from '../src';
import { actions, allowed, grants } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe('MonitoredFunction', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const template = () => Template.fromStack(stack);
  const make = (props: Partial<MonitoredFunctionProps> = {}) =>
    new MonitoredFunction(stack, 'Worker', { code: lambda.Code.fromInline('x'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X, ...props });
  const theFunction = () => Object.values(template().findResources('AWS::Lambda::Function'))[0].Properties;

  test.each(FLAGS)('CMP-04 least privilege: its log, its traces and its lost events, and nothing else, %s', (_flags, flags) => {
    stack = stackInFrankfurt(flags);
    make();
    expect([...new Set(actions(allowed(grants(stack))))].sort()).toEqual([
      'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*', 'logs:CreateLogStream', 'logs:PutLogEvents',
      'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
    ]);
    template().resourceCountIs('AWS::IAM::Policy', 0);
    template().allResourcesProperties('AWS::IAM::Role', Match.objectLike({ ManagedPolicyArns: Match.absent() }));
  });

  test('CMP-04 is granted to as a whole', () => {
    new s3.Bucket(stack, 'Bucket').grantRead(make());
    expect(actions(allowed(grants(stack)))).toContain('s3:GetObject*');
  });

  describe('CMP-09 logs leave the machine', () => {
    test('has a log group with key and retention, and writes JSON', () => {
      const { logGroup, encryptionKey } = make();
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(encryptionKey.keyArn), RetentionInDays: 365 });
      expect(theFunction().LoggingConfig).toEqual({ LogFormat: 'JSON', LogGroup: stack.resolve(logGroup.logGroupName) });
    });

    test('kept as long as it is told (X-04)', () => {
      make({ logRetention: logs.RetentionDays.ONE_MONTH });
      template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    });

    test('uses the key it is given everywhere, and makes no other', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      make({ encryptionKey });
      template().resourceCountIs('AWS::KMS::Key', 1);
      expect(theFunction().KmsKeyArn).toEqual(stack.resolve(encryptionKey.keyArn));
      template().hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: stack.resolve(encryptionKey.keyArn) });
    });
  });

  describe('CMP-10 every alarm acts', () => {
    test('on errors, throttles, duration and what is given up', () => {
      const alarmTopic = new sns.Topic(stack, 'Alerts');
      make({ alarmTopic, timeout: Duration.seconds(10) });
      const acts = [stack.resolve(alarmTopic.topicArn)];
      for (const [MetricName, Threshold] of [['Errors', 1], ['Throttles', 1], ['Duration', 8000], ['ApproximateNumberOfMessagesVisible', 1]]) {
        template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Threshold, AlarmActions: acts, OKActions: acts, TreatMissingData: 'notBreaching' });
      }
      expect(AlarmLint.of(stack).findings()).toEqual([]);
    });

    test('takes thresholds', () => {
      make({ errorsThreshold: 5, throttlesThreshold: 7, durationThresholdPercent: 50 });
      for (const [MetricName, Threshold] of [['Errors', 5], ['Throttles', 7], ['Duration', 15_000]]) {
        template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Threshold });
      }
    });

    test('warns when nobody is told', () => {
      make();
      Annotations.fromStack(stack).hasWarning('/Stack/Worker', Match.stringLikeRegexp('monitored-compute:CMP-10'));
    });
  });

  describe('CMP-16 no event is lost', () => {
    test('keeps for two weeks, encrypted, what was given up after two retries', () => {
      const { failures } = make();
      template().hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600, KmsMasterKeyId: Match.anyValue() });
      template().hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
        MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: stack.resolve(failures!.queueArn) } },
      });
    });

    test('sends it elsewhere, and makes no queue', () => {
      const topic = new sns.Topic(stack, 'Elsewhere');
      const { failures, failuresAlarm } = make({ onFailure: new SnsDestination(topic) });
      expect([failures, failuresAlarm]).toEqual([undefined, undefined]);
      template().resourceCountIs('AWS::SQS::Queue', 0);
      template().hasResourceProperties('AWS::Lambda::EventInvokeConfig', { DestinationConfig: { OnFailure: { Destination: { Ref: Match.stringLikeRegexp('Elsewhere') } } } });
    });
  });

  test('CMP-17 calls are traced', () => {
    make();
    expect(theFunction().TracingConfig).toEqual({ Mode: 'Active' });
  });

  test.each([[undefined, undefined], [5, 5]])('with concurrency %s: %s', (reservedConcurrency, reserved) => {
    make({ reservedConcurrency });
    expect(theFunction().ReservedConcurrentExecutions).toBe(reserved);
  });

  test.each([[undefined, 'Retain'], [RemovalPolicy.DESTROY, 'Delete']])('with removal %s: %s', (removalPolicy, DeletionPolicy) => {
    make({ removalPolicy });
    for (const type of ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy']) template().hasResource(type, { DeletionPolicy });
  });

  test.each([
    [{ timeout: Duration.seconds(901) }, /'timeout' must be whole seconds, from 1 to 900, got 901 \[Stack\/Worker\]/],
    [{ timeout: Duration.millis(500) }, /'timeout' .* got 0\.5 \[/],
    [{ memorySizeMib: 64 }, /'memorySizeMib' must be a whole number, from 128 to 10240, got 64 \[Stack\/Worker\]/],
    [{ memorySizeMib: 10241 }, /'memorySizeMib' .* got 10241 \[/],
    [{ reservedConcurrency: 0 }, /'reservedConcurrency' must be a whole number, at least 1, got 0 \[/],
    [{ errorsThreshold: 0 }, /'errorsThreshold' .* got 0 \[/],
    [{ throttlesThreshold: 1.5 }, /'throttlesThreshold' .* got 1\.5 \[/],
    [{ durationThresholdPercent: 100 }, /'durationThresholdPercent' must be above 0 and below 100, got 100 \[/],
  ])('fails with bad input %#', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });
});
