import { CfnParameter, Duration, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseAlarms, DatabaseAlarmsProps, EncryptedDatabase, EncryptedTopic } from '../src';
import { stackInFrankfurt } from './_helpers/stacks';

const METRICS = ['CPUUtilization', 'FreeStorageSpace', 'FreeableMemory', 'DatabaseConnections', 'ReadLatency', 'WriteLatency'];

describe('DatabaseAlarms', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });

  const template = () => Template.fromStack(stack);
  const theirs = () => rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Theirs', {
    instanceIdentifier: 'theirs', instanceEndpointAddress: 'theirs.example', port: 3306, securityGroups: [],
  });
  const make = (props: Partial<DatabaseAlarmsProps> = {}) => new DatabaseAlarms(stack, 'Alarms', { instance: theirs(), ...props });
  const alarm = (MetricName: string, properties: object) => template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, ...properties });

  describe('STO-22 every alarm acts', () => {
    test.each(METRICS)('%s of the database tells the topic when it goes off and when it recovers', (metric) => {
      const { topic } = new EncryptedTopic(stack, 'Alerts');
      make({ alarmTopic: topic });
      const arn = stack.resolve(topic.topicArn);
      alarm(metric, { Namespace: 'AWS/RDS', Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'theirs' }], AlarmActions: [arn], OKActions: [arn] });
      Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('STO-22'));
    });

    test('warns when nobody is told', () => {
      make();
      Annotations.fromStack(stack).hasWarning('/Stack/Alarms', Match.stringLikeRegexp("pass 'alarmTopic'.*encrypted-storage:STO-22"));
    });

    test.each([
      ['CPUUtilization', 'GreaterThanThreshold', 80],
      ['FreeStorageSpace', 'LessThanThreshold', 2 ** 30],
      ['FreeableMemory', 'LessThanThreshold', 2 ** 28],
      ['DatabaseConnections', 'GreaterThanThreshold', 200],
      ['ReadLatency', 'GreaterThanThreshold', 0.05],
      ['WriteLatency', 'GreaterThanThreshold', 0.05],
    ])('%s goes off after fifteen minutes %s %d', (metric, ComparisonOperator, Threshold) => {
      make();
      alarm(metric, { ComparisonOperator, Threshold, Statistic: 'Average', Period: 300, EvaluationPeriods: 3 });
    });

    test.each(METRICS)('%s says what missing data means, and only the processor takes it for a failure', (metric) => {
      make();
      alarm(metric, { TreatMissingData: metric === 'CPUUtilization' ? 'breaching' : 'notBreaching' });
    });

    test.each([
      ['CPUUtilization', 'above 80 %', 'database-processor'],
      ['FreeStorageSpace', 'Less than 1073741824 bytes', 'database-storage'],
      ['FreeableMemory', 'Less than 268435456 bytes', 'database-memory'],
      ['DatabaseConnections', 'More than 200 connections', 'database-connections'],
      ['ReadLatency', 'read .* more than 0.05 seconds', 'database-latency'],
      ['WriteLatency', 'write .* more than 0.05 seconds', 'database-latency'],
    ])('%s says what happened, and where it is written what to do', (metric, happened, section) => {
      make({ runbookUrl: 'https://runbook.example/page' });
      alarm(metric, { AlarmDescription: Match.stringLikeRegexp(`${happened}.* https://runbook.example/page#${section}$`) });
    });

    test('links to the README of this package when silent', () => {
      make();
      alarm('CPUUtilization', { AlarmDescription: Match.stringLikeRegexp('packages/encrypted-storage#database-processor$') });
    });

    test('an EncryptedDatabase has them all, with its thresholds and topic', () => {
      const { topic } = new EncryptedTopic(stack, 'Alerts');
      const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
      const database = new EncryptedDatabase(stack, 'Db', { vpc, alarmTopic: topic, connectionsThreshold: 7 });
      alarm('DatabaseConnections', {
        Threshold: 7, AlarmActions: [stack.resolve(topic.topicArn)], Dimensions: [{ Value: stack.resolve(database.instance.instanceIdentifier) }],
      });
      template().resourceCountIs('AWS::CloudWatch::Alarm', METRICS.length);
    });
  });

  test('goes off where it is told', () => {
    make({
      cpuThresholdPercent: 99.5, freeStorageThreshold: Size.gibibytes(5), freeMemoryThreshold: Size.mebibytes(1),
      connectionsThreshold: 1000, latencyThreshold: Duration.seconds(1),
    });
    const thresholds = Object.values(template().findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.Threshold);
    expect(thresholds).toEqual([99.5, 5 * 2 ** 30, 2 ** 20, 1000, 1, 1]);
  });

  test('accepts a threshold that is known at deployment', () => {
    make({ connectionsThreshold: new CfnParameter(stack, 'Connections', { type: 'Number' }).valueAsNumber });
    alarm('DatabaseConnections', { Threshold: { Ref: 'Connections' } });
  });

  test.each([
    [{ cpuThresholdPercent: 0 }, "'cpuThresholdPercent' must be above 0 and below 100, got 0"],
    [{ cpuThresholdPercent: 100 }, "'cpuThresholdPercent' must be above 0 and below 100, got 100"],
    [{ freeStorageThreshold: Size.gibibytes(0) }, "'freeStorageThreshold' must be more than nothing, got 0"],
    [{ freeMemoryThreshold: Size.bytes(0) }, "'freeMemoryThreshold' must be more than nothing, got 0"],
    [{ connectionsThreshold: 0 }, "'connectionsThreshold' must be a whole number from 1 to 100000, got 0"],
    [{ connectionsThreshold: 1.5 }, "'connectionsThreshold' must be a whole number from 1 to 100000, got 1.5"],
    [{ latencyThreshold: Duration.seconds(0) }, "'latencyThreshold' must be more than nothing, got 0"],
  ])('fails with %j', (props, message) => {
    expect(() => make(props)).toThrow(`${message} [Stack/Alarms]`);
  });
});
