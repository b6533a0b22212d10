import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AlarmDefect, AlarmLint, FleetCapacity, MonitoredFleet, MonitoredInstance } from '../src';
import { METRIC_CATALOGUE, NAMED_BY_DIMENSION } from '../src/private/metric-catalogue';
import { networkOf, stackInFrankfurt } from './_helpers/stacks';

describe('AlarmLint', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });

  const SOUND = { alarmActions: ['arn:aws:sns:eu-central-1:111122223333:alerts'], treatMissingData: 'notBreaching' };
  const alarm = (props: Partial<cloudwatch.CfnAlarmProps>) => new cloudwatch.CfnAlarm(stack, 'Alarm', {
    comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1, statistic: 'Sum', period: 60, ...SOUND, ...props,
  });
  const defects = () => AlarmLint.of(stack).findings().map(({ defect }) => defect);
  const messages = () => AlarmLint.of(stack).findings().map(({ message }) => message).join('\n');
  const dimensions = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));
  const functionErrors = (values: Record<string, string>) => ({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensions: dimensions(values) });

  describe('CMP-14 every alarm can fire', () => {
    test.each([
      ['AWS/CloudFormation', 'StackEvents'],
      ['AWS/EC2', 'CpuUtilization'],
      ['AWS/EC2', 'mem_used_percent'],
      ['AWS/Lambda', 'Failures'],
      ['AWS/SQS', 'MessagesVisible'],
      ['AWS/RDS', 'FreeStorage'],
    ])('finds that %s has no metric %s', (namespace, metricName) => {
      alarm({ namespace, metricName });
      expect(defects()).toEqual([AlarmDefect.NO_SUCH_METRIC]);
      expect(messages()).toBe(`'MetricName' must be one that '${namespace}' publishes, got '${metricName}', on which no alarm can ever go off [Stack/Alarm]`);
    });

    test.each([
      ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', {}, 'none'],
      ['AWS/ApiGateway', '5XXError', { ApiId: 'a' }, 'ApiId'],
      ['AWS/ApiGateway', '5xx', { ApiName: 'a' }, 'ApiName'],
      ['AWS/ApplicationELB', 'UnHealthyHostCount', { LoadBalancer: 'app/a/1' }, 'LoadBalancer'],
      ['AWS/EC2', 'CPUUtilization', { InstanceId: 'i-1', path: '/' }, 'InstanceId and path'],
      ['AWS/S3', 'NumberOfObjects', { BucketName: 'b' }, 'BucketName'],
    ])('finds that %s %s is not published by %j', (namespace, metricName, values, got) => {
      alarm({ namespace, metricName, dimensions: dimensions(values) });
      expect(defects()).toEqual([AlarmDefect.NO_SUCH_METRIC]);
      expect(messages()).toContain(`got ${got}, under which nothing is published [Stack/Alarm]`);
    });

    test('does not judge a namespace that nobody has described', () => {
      alarm({ namespace: 'Shop', metricName: 'Orders' });
      expect(defects()).toEqual([]);
    });

    describe('in the namespace of a metric filter', () => {
      beforeEach(() => {
        new logs.MetricFilter(stack, 'Filter', {
          logGroup: new logs.LogGroup(stack, 'Logs'), filterPattern: logs.FilterPattern.literal('ERROR'), metricNamespace: 'Shop', metricName: 'Errors',
        });
      });

      test('finds a metric that no filter publishes', () => {
        alarm({ namespace: 'Shop', metricName: 'Error' });
        expect(messages()).toMatch(/'MetricName' must be one that a metric filter of the stack publishes to 'Shop', .* got 'Error' \[Stack\/Alarm\]/);
      });

      test('finds dimensions that the filter does not publish', () => {
        alarm({ namespace: 'Shop', metricName: 'Errors', dimensions: dimensions({ Service: 'web' }) });
        expect(defects()).toEqual([AlarmDefect.NO_SUCH_METRIC]);
      });

      test('finds nothing for what it publishes', () => {
        alarm({ namespace: 'Shop', metricName: 'Errors' });
        expect(defects()).toEqual([]);
      });
    });

    test('looks at the metrics of an expression, and not at those of other accounts', () => {
      const metrics = (accountId?: string) => [
        { id: 'all', expression: 'a + b' },
        { id: 'a', accountId, metricStat: { stat: 'Sum', period: 60, metric: { namespace: 'AWS/Lambda', metricName: 'Failures' } } },
      ];
      alarm({ metrics: metrics(), statistic: undefined, period: undefined });
      expect(defects()).toEqual([AlarmDefect.NO_SUCH_METRIC]);
      stack = stackInFrankfurt();
      alarm({ metrics: metrics('444455556666'), statistic: undefined, period: undefined });
      expect(defects()).toEqual([]);
    });
  });

  describe('resources', () => {
    const queue = () => new sqs.Queue(stack, 'Queue');
    const visible = (QueueName: string) => ({ namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', dimensions: dimensions({ QueueName }) });

    test('finds a name that nothing in the stack has', () => {
      alarm(functionErrors({ FunctionName: 'old-name' }));
      expect(defects()).toEqual([AlarmDefect.NO_SUCH_RESOURCE]);
      expect(messages()).toBe("dimension 'FunctionName' must be that of a resource of type AWS::Lambda::Function of the stack, got 'old-name' [Stack/Alarm]");
    });

    test('finds a resource of another type', () => {
      alarm(functionErrors({ FunctionName: (queue().node.defaultChild as sqs.CfnQueue).ref }));
      expect(messages()).toMatch(/'FunctionName' must be .* AWS::Lambda::Function of the stack, got 'Queue\w+' of type AWS::SQS::Queue \[/);
    });

    test('finds a reference that answers something else than the name', () => {
      alarm(visible((queue().node.defaultChild as sqs.CfnQueue).ref));
      expect(messages()).toMatch(/got the 'Ref' of 'Queue\w+', which answers something else \[/);
    });

    test('takes the name of a resource, spelled out or referred to', () => {
      const named = new lambda.CfnFunction(stack, 'Function', { functionName: 'worker', code: {}, role: 'arn:aws:iam::111122223333:role/r' });
      alarm(functionErrors({ FunctionName: 'worker' }));
      new cloudwatch.CfnAlarm(stack, 'Second', { ...alarmProps(functionErrors({ FunctionName: named.ref })) });
      new cloudwatch.CfnAlarm(stack, 'Third', { ...alarmProps(visible(queue().queueName)) });
      expect(messages()).toBe('');
    });

    test("takes the name of a load balancer that is cut out of its listener's ARN, as the CDK's target groups do", () => {
      const vpc = networkOf(stack);
      const listener = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc }).addListener('Listener', { port: 80, open: false });
      const group = listener.addTargets('Targets', { port: 80 });
      const metric = group.metrics.unhealthyHostCount();
      new cloudwatch.Alarm(stack, 'Unhealthy', { metric, threshold: 1, evaluationPeriods: 1, treatMissingData: cloudwatch.TreatMissingData.BREACHING })
        .addAlarmAction(new SnsAction(new sns.Topic(stack, 'Topic')));
      expect(messages()).toBe('');
    });

    test('takes what is known at deployment only', () => {
      alarm(functionErrors({ FunctionName: new CfnParameter(stack, 'Name').valueAsString }));
      expect(defects()).toEqual([]);
    });

    test('takes a resource of another stack', () => {
      const app = new App();
      const [here, there] = ['Here', 'There'].map((id) => new Stack(app, id, { env: { account: '111122223333', region: 'eu-central-1' } }));
      stack = here;
      alarm(visible(new sqs.Queue(there, 'Queue').queueName));
      AlarmLint.of(stack);
      expect(() => app.synth()).not.toThrow();
    });

    const alarmProps = (props: Partial<cloudwatch.CfnAlarmProps>) => ({
      comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1, statistic: 'Sum', period: 60, ...SOUND, ...props,
    });
  });

  describe('CMP-10 every alarm acts', () => {
    const sound = { namespace: 'AWS/Lambda', metricName: 'Errors' };

    test.each([
      [{ alarmActions: undefined }, /'AlarmActions' must name somebody/],
      [{ alarmActions: [] }, /'AlarmActions' must name somebody/],
      [{ actionsEnabled: false }, /'ActionsEnabled' must not be false/],
    ])('finds an alarm that nobody hears %#', (props, message) => {
      alarm({ ...sound, ...props });
      expect(defects()).toEqual([AlarmDefect.NO_ACTION]);
      expect(messages()).toMatch(message);
    });

    test('takes an alarm that a composite alarm watches, which then must act', () => {
      const part = new cloudwatch.Alarm(stack, 'Part', {
        metric: new cloudwatch.Metric(sound), threshold: 1, evaluationPeriods: 1, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      const whole = new cloudwatch.CompositeAlarm(stack, 'Whole', { alarmRule: cloudwatch.AlarmRule.fromAlarm(part, cloudwatch.AlarmState.ALARM) });
      expect(AlarmLint.of(stack).findings()).toEqual([expect.objectContaining({ alarmPath: 'Stack/Whole/Resource', defect: AlarmDefect.NO_ACTION })]);
      whole.addAlarmAction(new SnsAction(new sns.Topic(stack, 'Alerts')));
      expect(defects()).toEqual([]);
    });

    test('finds that nobody decided what silence means', () => {
      alarm({ ...sound, treatMissingData: undefined });
      expect(defects()).toEqual([AlarmDefect.MISSING_DATA_UNSAID]);
    });

    test('sees what is overridden', () => {
      alarm(sound).addPropertyOverride('TreatMissingData', undefined);
      alarmOf('Alarm').addPropertyDeletionOverride('TreatMissingData');
      expect(defects()).toEqual([AlarmDefect.MISSING_DATA_UNSAID]);
    });

    const alarmOf = (id: string) => stack.node.findChild(id) as cloudwatch.CfnAlarm;
  });

  test('fails the synthesis of the app with everything it finds', () => {
    alarm({ namespace: 'AWS/EC2', metricName: 'Nothing', treatMissingData: undefined });
    AlarmLint.of(stack);
    expect(() => (stack.node.root as App).synth()).toThrow(/'TreatMissingData' must be given[^]*'MetricName' must be one that 'AWS\/EC2' publishes/);
  });

  test('finds nothing in what CDK and this package make', () => {
    const vpc = networkOf(stack);
    const alarmTopic = new sns.Topic(stack, 'Alerts');
    new MonitoredInstance(stack, 'Instance', { vpc, alarmTopic });
    new MonitoredFleet(stack, 'Fixed', { vpc, alarmTopic });
    new MonitoredFleet(stack, 'Scaling', { vpc, alarmTopic, capacity: FleetCapacity.between(1, 2) });
    const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc });
    const api = new apigateway.RestApi(stack, 'Api', { cloudWatchRole: false });
    api.root.addMethod('GET');
    const queue = new sqs.Queue(stack, 'Queue');
    const worker = new lambda.Function(stack, 'Worker', { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('x') });
    const metrics = {
      balancer: balancer.metrics.httpCodeElb(elbv2.HttpCodeElb.ELB_5XX_COUNT),
      api: api.metricServerError(), stage: api.deploymentStage.metricLatency(),
      queue: queue.metricApproximateNumberOfMessagesVisible(), topic: alarmTopic.metricNumberOfNotificationsFailed(), worker: worker.metricErrors(),
    };
    for (const [id, metric] of Object.entries(metrics)) {
      const made = metric.with({ period: Duration.minutes(1) }).createAlarm(stack, id, {
        threshold: 1, evaluationPeriods: 1, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      made.addAlarmAction(new SnsAction(alarmTopic));
    }
    expect(messages()).toBe('');
  });

  test('the catalogue says of every resource dimension what it names', () => {
    const all = Object.values(METRIC_CATALOGUE).flat().flatMap(({ dimensions: sets }) => sets.flat());
    expect(Object.keys(NAMED_BY_DIMENSION).filter((name) => !all.includes(name))).toEqual([]);
  });
});
