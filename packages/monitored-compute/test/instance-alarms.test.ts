import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CloudWatchAgent, InstanceAlarms } from '../src';
import { plainInstance, stackInFrankfurt } from './_helpers/stacks';
import { evaluate } from './_helpers/user-data';

describe('InstanceAlarms', () => {
  let stack: Stack;
  let instance: ec2.Instance;
  let alarmTopic: sns.Topic;
  beforeEach(() => {
    stack = stackInFrankfurt();
    instance = plainInstance(stack);
    alarmTopic = new sns.Topic(stack, 'Alerts');
  });
  const template = () => Template.fromStack(stack);
  const alarms = () => Object.values(template().findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const theInstance = () => [{ Name: 'InstanceId', Value: stack.resolve(instance.instanceId) }];

  test.each([
    ['CPUUtilization', { Threshold: 80, Statistic: 'Average', Period: 300, ComparisonOperator: 'GreaterThanThreshold' }],
    ['NetworkIn', { Threshold: 1_000_000_000, Statistic: 'Sum', Period: 300, ComparisonOperator: 'GreaterThanThreshold' }],
    ['NetworkOut', { Threshold: 1_000_000_000, Statistic: 'Sum', Period: 300, ComparisonOperator: 'GreaterThanThreshold' }],
    ['StatusCheckFailed', { Threshold: 1, Statistic: 'Maximum', Period: 60, EvaluationPeriods: 2, ComparisonOperator: 'GreaterThanOrEqualToThreshold' }],
  ])('watches %s of the instance', (MetricName, properties) => {
    new InstanceAlarms(stack, 'Alarms', { instance, alarmTopic });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'AWS/EC2', MetricName, Dimensions: theInstance(), ...properties });
  });

  test('watches what it is told to, at the thresholds given', () => {
    const agent = new CloudWatchAgent(stack, 'Agent');
    new InstanceAlarms(stack, 'Alarms', {
      instance, alarmTopic, agent, cpuThresholdPercent: 60, networkThresholdBytes: 5_000, memoryThresholdPercent: 70, diskThresholdPercent: 90,
    });
    expect(Object.fromEntries(alarms().map(({ MetricName, Threshold }) => [MetricName, Threshold]))).toEqual({
      CPUUtilization: 60, NetworkIn: 5_000, NetworkOut: 5_000, StatusCheckFailed: 1, mem_used_percent: 70, disk_used_percent: 90,
    });
  });

  describe('CMP-08 what is alarmed on is collected', () => {
    test('has no alarm on memory and disk without an agent', () => {
      const { memory, disk } = new InstanceAlarms(stack, 'Alarms', { instance, alarmTopic });
      expect(memory).toBeUndefined();
      expect(disk).toBeUndefined();
      template().resourceCountIs('AWS::CloudWatch::Alarm', 4);
    });

    test('makes the agent collect memory and disk, with the dimensions of the alarms', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      new InstanceAlarms(stack, 'Alarms', { instance, alarmTopic, agent });

      expect(JSON.parse(evaluate(stack.resolve(agent.configuration()))).metrics.metrics_collected).toMatchObject({ mem: {}, disk: { resources: ['/'] } });
      template().hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'CWAgent', MetricName: 'mem_used_percent', Dimensions: theInstance() });
      template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'CWAgent', MetricName: 'disk_used_percent', Dimensions: [...theInstance(), { Name: 'path', Value: '/' }],
      });
    });

    test('watches another file system, and makes the agent collect it', () => {
      const agent = new CloudWatchAgent(stack, 'Agent');
      new InstanceAlarms(stack, 'Alarms', { instance, alarmTopic, agent }).addDiskAlarm('Data', '/data', 95);

      expect(JSON.parse(evaluate(stack.resolve(agent.configuration()))).metrics.metrics_collected.disk.resources).toEqual(['/', '/data']);
      template().hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: 95, Dimensions: Match.arrayWith([{ Name: 'path', Value: '/data' }]) });
    });

    test.each([['memoryThresholdPercent'], ['diskThresholdPercent']])("fails when '%s' is given without an agent", (prop) => {
      expect(() => new InstanceAlarms(stack, 'Alarms', { instance, [prop]: 70 })).toThrow(new RegExp(`'${prop}' must not be given without 'agent'.* \\[Stack/Alarms\\]`));
    });

    test('fails to watch another file system without an agent', () => {
      const made = new InstanceAlarms(stack, 'Alarms', { instance });
      expect(() => made.addDiskAlarm('Data', '/data')).toThrow(/'agent' must be given for an alarm on '\/data'.* \[Stack\/Alarms\]/);
    });
  });

  describe('CMP-10 every alarm acts', () => {
    beforeEach(() => {
      new InstanceAlarms(stack, 'Alarms', { instance, alarmTopic, agent: new CloudWatchAgent(stack, 'Agent') });
    });

    test('tells the topic of every alarm, and of its end', () => {
      const topic = [stack.resolve(alarmTopic.topicArn)];
      expect(alarms()).toHaveLength(6);
      for (const alarm of alarms()) expect(alarm).toMatchObject({ AlarmActions: topic, OKActions: topic });
    });

    test.each([
      ['CPUUtilization', 'notBreaching'],
      ['NetworkIn', 'notBreaching'],
      ['NetworkOut', 'notBreaching'],
      ['StatusCheckFailed', 'breaching'],
      ['mem_used_percent', 'breaching'],
      ['disk_used_percent', 'breaching'],
    ])('knows what missing data of %s means: %s', (MetricName, TreatMissingData) => {
      template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, TreatMissingData });
    });

    test('links every alarm to a section of the README that exists', () => {
      const headings = readFileSync(join(__dirname, '../README.md'), 'utf8').match(/^#+ .*$/gm)!
        .map((heading) => heading.replace(/^#+ /, '').toLowerCase().replace(/[^\w -]/g, '').replace(/ /g, '-'));
      for (const { AlarmDescription } of alarms()) {
        const [, section] = /\/packages\/monitored-compute#([\w-]+)$/.exec(AlarmDescription)!;
        expect(headings).toContain(section);
      }
    });

    test('says the threshold and what to do', () => {
      template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'NetworkOut', AlarmDescription: Match.stringLikeRegexp('^The instance sent more than 1000000000 bytes in five minutes\\. Find who .+\\. https://'),
      });
    });

    test('says nothing at synthesis', () => {
      Annotations.fromStack(stack).hasNoWarning('/Stack/Alarms', Match.anyValue());
    });
  });

  test('CMP-10 warns when nobody is told', () => {
    new InstanceAlarms(stack, 'Alarms', { instance });
    Annotations.fromStack(stack).hasWarning('/Stack/Alarms', Match.stringLikeRegexp("nobody is told.*pass 'alarmTopic'.*monitored-compute:CMP-10"));
    for (const alarm of alarms()) expect(alarm).not.toHaveProperty('AlarmActions');
  });

  test('links to the runbook given', () => {
    new InstanceAlarms(stack, 'Alarms', { instance, alarmTopic, runbookUrl: 'https://wiki.example/ec2' });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('https://wiki\\.example/ec2#processor$') });
  });

  test('takes thresholds that are known at deployment only', () => {
    const threshold = new CfnParameter(stack, 'Limit', { type: 'Number' }).valueAsNumber;
    new InstanceAlarms(stack, 'Alarms', { instance, alarmTopic, cpuThresholdPercent: threshold, networkThresholdBytes: threshold });
    const cpu = alarms().find(({ MetricName }) => MetricName === 'CPUUtilization')!;
    expect(cpu.Threshold).toEqual({ Ref: 'Limit' });
    expect(evaluate(cpu.AlarmDescription)).toContain('above <Limit> %');
  });

  test.each([
    ...[0, 100, -1, 101, NaN].flatMap((value) => ['cpuThresholdPercent', 'memoryThresholdPercent', 'diskThresholdPercent'].map((prop): [string, number] => [prop, value])),
    ...[0, -1, 0.5, NaN, Infinity].map((value): [string, number] => ['networkThresholdBytes', value]),
  ])('fails with a bad %s: %d', (prop, value) => {
    const agent = new CloudWatchAgent(stack, 'Agent');
    expect(() => new InstanceAlarms(stack, 'Alarms', { instance, agent, [prop]: value })).toThrow(new RegExp(`'${prop}' must be .*, got ${value} \\[Stack/Alarms\\]`));
  });

  test.each([1, 99.9])('takes a percentage of %d', (cpuThresholdPercent) => {
    expect(() => new InstanceAlarms(stack, 'Alarms', { instance, cpuThresholdPercent })).not.toThrow();
  });
});
