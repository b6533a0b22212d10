import { App, CfnCondition, CfnParameter, CfnResource, CustomResource, Duration, Fn, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FleetCapacity, MonitoredApi, MonitoredFleet, MonitoredFunction, MonitoredInstance, MonitoredLoadBalancer, OperationsDashboard, OperationsDashboardProps } from '../src';
import { bodyOf, dashboardOf, metricsOf } from './_helpers/dashboards';
import { networkOf, stackInFrankfurt } from './_helpers/stacks';

describe('OperationsDashboard', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const make = (props: OperationsDashboardProps = {}) => new OperationsDashboard(stack, 'Operations', props);
  const widgets = () => dashboardOf(stack).widgets;
  const titles = () => dashboardOf(stack).titles;
  const graph = (title: string) => dashboardOf(stack).graph(title);
  const metrics = () => dashboardOf(stack).metrics;
  const texts = () => dashboardOf(stack).texts;
  const worker = (scope: Stack | NestedStack = stack, id = 'Worker') =>
    new lambda.Function(scope, id, { code: lambda.Code.fromInline('x'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X });
  const alarm = (id: string, alarmDescription?: string) => new cloudwatch.CfnAlarm(stack, id, {
    alarmDescription, comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1, namespace: 'AWS/SQS', metricName: 'NumberOfMessagesSent', statistic: 'Sum', period: 60,
  });

  describe('CMP-23 what runs is seen at one glance', () => {
    test('shows what is made after it, whatever made it', () => {
      make();
      worker();
      new CfnResource(stack, 'Other', { type: 'AWS::Lambda::Function' });
      new sqs.CfnQueue(stack, 'Jobs');

      const shown = metrics().filter(({ metricName }) => ['Invocations', 'ApproximateAgeOfOldestMessage'].includes(metricName));
      expect(shown).toEqual([
        { namespace: 'AWS/Lambda', metricName: 'Invocations', dimensions: { FunctionName: expect.stringMatching(/^<Worker/) }, label: 'Worker' },
        { namespace: 'AWS/Lambda', metricName: 'Invocations', dimensions: { FunctionName: '<Other>' }, label: 'Other' },
        { namespace: 'AWS/SQS', metricName: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: '<Jobs.QueueName>' }, label: 'Jobs' },
      ]);
    });

    test('has a row for each tier, from where requests come in to who watches over them', () => {
      const vpc = networkOf(stack);
      const alarmTopic = new sns.Topic(stack, 'Alerts');
      make();
      const fleet = new MonitoredFleet(stack, 'Fleet', { vpc, alarmTopic, capacity: FleetCapacity.between(2, 3) });
      new MonitoredInstance(stack, 'Server', { vpc, alarmTopic });
      new MonitoredFunction(stack, 'Function', { code: lambda.Code.fromInline('x'), handler: 'index.handler', alarmTopic });
      new MonitoredApi(stack, 'Api', { alarmTopic }).addMock('data', '{}');
      new MonitoredLoadBalancer(stack, 'Web', { vpc, alarmTopic, certificates: [elbv2.ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:111122223333:certificate/1')] }).addTargets('Shop', [fleet]);
      new s3.Bucket(stack, 'Store');
      new events.Rule(stack, 'Nightly', { schedule: events.Schedule.rate(Duration.days(1)) });

      expect(titles()).toEqual([
        '# <AWS::StackName>',
        'Alarms', '### What to do',
        '## Entry',
        'Load balancers: requests', 'Load balancers: errors', 'Load balancers: latency of targets', 'Load balancers: unhealthy targets',
        'REST APIs: requests', 'REST APIs: errors', 'REST APIs: latency',
        '## Network', 'NAT gateways: traffic', 'NAT gateways: failures',
        '## Compute',
        'Instances: processor', 'Instances: network', 'Instances: failed status checks',
        'Auto Scaling groups: processor', 'Auto Scaling groups: network', 'Auto Scaling groups: capacity',
        'Functions: calls', 'Functions: failures', 'Functions: slowest call',
        'CWAgent: mem_used_percent', 'CWAgent: disk_used_percent',
        '## Data', 'Buckets: stored', 'Buckets: objects', 'Queues: waiting', 'Queues: age of the oldest message', 'Topics: published', 'Topics: failed deliveries',
        '## Watch', 'Event rules: invocations', 'Event rules: failed invocations', 'Log groups: lines', 'Log groups: bytes',
      ]);
    });

    test('names only resources that the template has', () => {
      const vpc = networkOf(stack);
      make();
      new MonitoredFleet(stack, 'Fleet', { vpc, alarmTopic: new sns.Topic(stack, 'Alerts'), capacity: FleetCapacity.between(2, 3) });
      new rds.DatabaseInstance(stack, 'Database', { vpc, engine: rds.DatabaseInstanceEngine.MARIADB });

      const known = Object.keys(Template.fromStack(stack).toJSON().Resources);
      const named = [...JSON.stringify(widgets()).matchAll(/<(\w+)(\.\w+)?>/g)].map(([, logicalId]) => logicalId);
      expect(named.length).toBeGreaterThan(10);
      expect(known).toEqual(expect.arrayContaining(named));
    });

    test('fills the 24 columns, and covers nothing', () => {
      const vpc = networkOf(stack);
      make();
      new MonitoredInstance(stack, 'Server', { vpc });
      for (let index = 0; index < 30; index += 1) worker(stack, `Worker${index}`);

      const cells = widgets().flatMap(({ x, y, width, height }) =>
        Array.from({ length: width * height }, (_, cell) => `${x + cell % width}/${y + Math.floor(cell / width)}`));
      expect(new Set(cells).size).toBe(cells.length);
      expect(Math.max(...widgets().map(({ x, width }) => x + width))).toBe(24);
    });

    test('splits a graph before nobody can tell its lines apart', () => {
      make();
      for (let index = 0; index < 30; index += 1) worker(stack, `Worker${index}`);
      expect(titles().filter((title) => title.startsWith('Functions: calls'))).toEqual(['Functions: calls (1 of 3)', 'Functions: calls (2 of 3)', 'Functions: calls (3 of 3)']);
      expect(metricsOf(graph('Functions: calls (3 of 3)')).map(({ label }) => label)).toEqual(Array.from({ length: 6 }, (_, index) => `Worker${index + 24}`));
    });

    test('says what the stack holds', () => {
      make({ title: 'The shop' });
      worker();
      worker(stack, 'Other');
      new sns.Topic(stack, 'Alerts');
      expect(texts()).toContain('# The shop\n\nFunctions: 2 · Topics: 1 · <AWS::Region>');
    });

    test('of an empty stack says that there is nothing', () => {
      make();
      expect(texts()).toContain('# <AWS::StackName>\n\nNothing here publishes metrics · ');
      expect(widgets()).toHaveLength(1);
    });

    test('is the same at every synthesis', () => {
      const body = () => {
        stack = stackInFrankfurt();
        make();
        new MonitoredInstance(stack, 'Server', { vpc: networkOf(stack) });
        return JSON.stringify(bodyOf(stack));
      };
      expect(body()).toBe(body());
    });

    test('looks again when it is asked again', () => {
      make();
      stack.resolve((stack.node.findChild('Operations').node.defaultChild as cloudwatch.CfnDashboard).dashboardBody);
      worker();
      expect(titles()).toContain('Functions: calls');
    });
  });

  describe('CMP-23 alarms and runbooks', () => {
    test('shows the state of every alarm, composite ones, too', () => {
      make();
      const one = alarm('One');
      new cloudwatch.CompositeAlarm(stack, 'Both', { alarmRule: cloudwatch.AlarmRule.fromString(`ALARM(${one.ref})`) });
      const [{ properties }] = widgets().filter(({ type }) => type === 'alarm');
      expect(properties).toMatchObject({ title: 'Alarms', alarms: ['<One.Arn>', expect.stringMatching(/^<Both\w+\.Arn>$/)], sortBy: 'stateUpdatedTimestamp' });
    });

    test('shows no more than 100 in one widget', () => {
      make();
      for (let index = 0; index < 250; index += 1) alarm(`Alarm${index}`);
      const shown = widgets().filter(({ type }) => type === 'alarm');
      expect(shown.map(({ properties }) => [properties.title, properties.alarms!.length])).toEqual([['Alarms (1 of 3)', 100], ['Alarms (2 of 3)', 100], ['Alarms (3 of 3)', 50]]);
    });

    test('links to each page once, with its sections and the alarms that lead there', () => {
      make();
      alarm('In', 'Too much. https://wiki.example/ec2#network-in');
      alarm('Also', 'Too much (see https://wiki.example/ec2#network-in).');
      alarm('Out', 'Too much. https://wiki.example/ec2#network-out');
      alarm('Page', 'https://wiki.example/run_books/queues/');
      alarm('Silent', 'Too much.');
      alarm('Mute');
      expect(texts()).toContain([
        '### What to do',
        '', '[ec2](https://wiki.example/ec2)', '', '- network in: In, Also', '- network out: Out',
        '', '[queues](https://wiki.example/run_books/queues/)', '', '- Page',
      ].join('\n'));
    });

    test('calls a page by its folder where its own name says nothing', () => {
      make();
      alarm('One', 'https://example.com/packages/monitored-compute/README.md#disk');
      expect(texts()).toContain('[monitored compute](https://example.com/packages/monitored-compute/README.md)\n\n- disk: One');
    });

    test('links to a page whose address is known at deployment only', () => {
      make();
      const wiki = new CfnParameter(stack, 'Wiki').valueAsString;
      alarm('One', `Too much. https://${wiki}`);
      alarm('Two', `Too much. https://${wiki}/ec2#network-in`);
      expect(texts()).toContain('[runbook](https://<Wiki>)\n\n- One\n\n[ec2](https://<Wiki>/ec2)\n\n- network in: Two');
    });

    test('links every alarm of ours', () => {
      make();
      new MonitoredInstance(stack, 'Server', { vpc: networkOf(stack), runbookUrl: 'https://wiki.example/ec2' });
      const [, list] = texts().split('[ec2](https://wiki.example/ec2)\n\n');
      const linked = [...list.matchAll(/^- [\w ]+: (.*)$/gm)].flatMap(([, labels]) => labels.split(', '));
      expect(linked).toEqual(['Cpu', 'NetworkIn', 'NetworkOut', 'StatusCheck', 'Memory', 'Disk'].map((id) => `Server/Alarms/${id}`));
    });

    test('gives the alarms all the width if none has a runbook', () => {
      make();
      alarm('One');
      expect(widgets().find(({ type }) => type === 'alarm')).toMatchObject({ x: 0, width: 24 });
      expect(texts()).not.toContain('What to do');
    });
  });

  describe('what it shows', () => {
    test('a part of the stack, if told so', () => {
      const vpc = networkOf(stack);
      new MonitoredInstance(stack, 'Other', { vpc });
      make({ watched: new MonitoredInstance(stack, 'Server', { vpc }) });
      expect(metricsOf(graph('Instances: processor')).map(({ label }) => label)).toEqual(['Server/Instance']);
      expect(titles()).not.toContain('## Network');
    });

    test('graphs of some parts only, if told so, and the alarms and runbooks of all', () => {
      const vpc = networkOf(stack);
      const runbookUrl = 'https://wiki.example/ec2';
      const servers = ['Web', 'Search', 'Jobs'].map((id) => new MonitoredInstance(stack, id, { vpc, runbookUrl }));
      make({ graphsOf: [servers[2], servers[0]] });
      expect(metricsOf(graph('Instances: processor')).map(({ label }) => label)).toEqual(['Web/Instance', 'Jobs/Instance']);
      expect(titles()).not.toContain('## Network');
      expect(widgets().find(({ type }) => type === 'alarm')!.properties.alarms).toHaveLength(3 * 6);
      expect(texts()).toContain('- disk: Web/Alarms/Disk, Search/Alarms/Disk, Jobs/Alarms/Disk');
    });

    describe('no function that only custom resources use', () => {
      const drawnFunctions = () => metrics().filter(({ namespace, metricName }) => namespace === 'AWS/Lambda' && metricName === 'Invocations').map(({ label }) => label);
      const drawnLogs = () => metrics().filter(({ metricName }) => metricName === 'IncomingBytes').map(({ label }) => label);
      const logging = (id: string, logGroup = new logs.LogGroup(stack, `${id}Logs`)) => new lambda.Function(stack, id, {
        code: lambda.Code.fromInline('x'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X, logGroup,
      });
      const serves = (id: string, { functionArn: serviceToken }: lambda.Function, resourceType?: string) =>
        new CustomResource(stack, id, { serviceToken, resourceType });

      test('nor its logs: it runs when the stack is deployed', () => {
        make();
        logging('Worker');
        serves('One', logging('Setter'), 'Custom::Setting');
        serves('Two', logging('Other'));
        expect(drawnFunctions()).toEqual(['Worker']);
        expect(drawnLogs()).toEqual(['WorkerLogs']);
      });

      test('nor one that the CDK adds', () => {
        make();
        new s3.Bucket(stack, 'Store', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
        expect(Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Function'))).toHaveLength(1);
        expect(titles()).toContain('Buckets: stored');
        expect(drawnFunctions()).toEqual([]);
      });

      test('but one that somebody else calls or watches, and a log group that others share', () => {
        make();
        const [called, watched, sharing] = ['Called', 'Watched', 'Sharing'].map((id) => logging(id));
        [called, watched, sharing].forEach((one, index) => serves(`Setting${index}`, one));
        new events.Rule(stack, 'Nightly', { schedule: events.Schedule.rate(Duration.days(1)), targets: [new targets.LambdaFunction(called)] });
        watched.metricErrors().createAlarm(stack, 'Errors', { threshold: 1, evaluationPeriods: 1 });
        logging('Worker', sharing.logGroup as logs.LogGroup);
        expect(drawnFunctions()).toEqual(['Called', 'Watched', 'Worker']);
        expect(drawnLogs()).toEqual(['CalledLogs', 'WatchedLogs', 'SharingLogs']);
      });
    });

    test('nothing under a condition, which a template cannot name while it is not there', () => {
      make();
      const queue = new sqs.CfnQueue(stack, 'Sometimes');
      queue.cfnOptions.condition = new CfnCondition(stack, 'Wanted', { expression: Fn.conditionEquals('a', 'a') });
      expect(metrics()).toEqual([]);
    });

    test('nested stacks, too', () => {
      make();
      worker(new NestedStack(stack, 'Nested'));
      expect(metricsOf(graph('Functions: calls'))).toMatchObject([
        { dimensions: { FunctionName: expect.stringMatching(/^<NestedNestedStack\w+\.Outputs\.\w+>$/) }, label: 'Nested/Worker' },
      ]);
    });

    test('no stack beside it, even if it was made inside', () => {
      make();
      worker(new Stack(stack, 'Beside'));
      expect(metrics()).toEqual([]);
    });

    test('in any region, without knowing which', () => {
      stack = new Stack(new App(), 'Anywhere');
      make();
      worker();
      for (const { type, properties } of widgets()) if (type === 'metric') expect(properties.region).toBe('<AWS::Region>');
    });
  });

  test('has rows of your own below', () => {
    const dashboard = make();
    dashboard.addRow('Sales', new cloudwatch.SingleValueWidget({ title: 'Orders', metrics: [new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' })] }));
    dashboard.dashboard.addWidgets(new cloudwatch.TextWidget({ markdown: 'The end' }));
    worker();
    expect(titles().slice(-3)).toEqual(['## Sales', 'Orders', 'The end']);
    expect(graph('Orders').y).toBeGreaterThan(graph('Functions: calls').y);
  });

  test('shows three hours, and counts in five minutes however long is shown', () => {
    make();
    expect(bodyOf(stack)).toMatchObject({ start: '-PT3H', periodOverride: 'inherit' });
  });

  test('shows the time that it is told to', () => {
    make({ defaultInterval: Duration.days(7) });
    expect(bodyOf(stack).start).toBe('-P7D');
  });

  test('is named by CloudFormation, so that other dashboards keep their names', () => {
    make();
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: Match.absent() });
  });

  test('takes the name it is given', () => {
    make({ dashboardName: 'prod-blue_operations' });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'prod-blue_operations' });
  });

  test('takes a name and a title that are known at deployment only', () => {
    const name = new CfnParameter(stack, 'Name').valueAsString;
    make({ dashboardName: name, title: name });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: { Ref: 'Name' } });
    expect(texts()).toContain('# <Name>');
  });

  describe('bad input', () => {
    test.each(['', 'no spaces', 'a.b', 'a'.repeat(256)])("fails with a bad name '%s'", (dashboardName) => {
      expect(() => make({ dashboardName })).toThrow(/'dashboardName' must be 1 to 255 letters, digits and '_-', got '.*' \[Stack\/Operations\]/);
    });

    test('fails to watch another stack', () => {
      const watched = new ec2.CfnInstance(new Stack(App.of(stack) as App, 'Other'), 'Server');
      expect(() => make({ watched })).toThrow(/'watched' must be in the stack of the dashboard, .* got 'Other\/Server'; make a dashboard there \[Stack\/Operations\]/);
    });

    test('fails to draw nothing', () => {
      expect(() => make({ graphsOf: [] })).toThrow("'graphsOf' must name at least one construct, got none; leave it out to draw all that is watched [Stack/Operations]");
    });

    test('fails to draw what is not watched', () => {
      const [watched, other] = ['Server', 'Other'].map((id) => new ec2.CfnInstance(stack, id));
      expect(() => make({ watched, graphsOf: [other] })).toThrow(
        "'graphsOf' must be in what is watched, 'Stack/Server', got 'Stack/Other'; watch more, or leave it out [Stack/Operations]");
    });

    const rowsOf = (metricsInAll: number, widgetsInAll: number) => {
      const dashboard = make();
      const metric = (index: number) => new cloudwatch.Metric({ namespace: 'Shop', metricName: `m${index}` });
      const perWidget = Math.ceil(metricsInAll / widgetsInAll);
      dashboard.addRow('Mine', ...Array.from({ length: widgetsInAll }, (_, index) => (
        new cloudwatch.GraphWidget({ left: Array.from({ length: perWidget }, (__, line) => metric(index * perWidget + line)) }))));
    };

    test.each([
      ['widgets', 0, 499, 501, 500],
      ['metrics', 2_510, 10, 2_510, 2_500],
    ])('fails with more %s than CloudWatch takes', (what, metricsInAll, widgetsInAll, got, most) => {
      rowsOf(metricsInAll, widgetsInAll);
      expect(() => (App.of(stack) as App).synth()).toThrow(
        new RegExp(`a dashboard must have at most ${most} ${what}, got ${got}; make several, each with a part of the stack as 'watched' \\[Stack/Operations\\]`));
    });

    test('takes as many as CloudWatch takes', () => {
      rowsOf(0, 498);
      expect(widgets()).toHaveLength(500);
    });
  });
});
