import { CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { OperationsDashboard } from '../src';
import { DASHBOARD_CATALOGUE } from '../src/private/dashboard-catalogue';
import { METRIC_CATALOGUE } from '../src/private/metric-catalogue';
import { dashboardOf, metricsOf, searchesOf } from './_helpers/dashboards';
import { stackInFrankfurt } from './_helpers/stacks';

describe('OperationsDashboard', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = stackInFrankfurt();
    new OperationsDashboard(stack, 'Operations');
  });
  const titles = () => dashboardOf(stack).titles;
  const graph = (title: string) => dashboardOf(stack).graph(title);
  const metrics = () => dashboardOf(stack).metrics;

  describe('CMP-23 the metrics of', () => {
    const load = (type: string) => new elbv2.CfnLoadBalancer(stack, 'It', { type });
    const plain = (type: string) => () => new CfnResource(stack, 'It', { type });

    test.each<[string, () => CfnResource, string, Record<string, string>]>([
      ['an application load balancer', () => load('application'), 'AWS/ApplicationELB', { LoadBalancer: '<It.LoadBalancerFullName>' }],
      ['a network load balancer', () => load('network'), 'AWS/NetworkELB', { LoadBalancer: '<It.LoadBalancerFullName>' }],
      ['a REST API', () => new CfnRestApi(stack, 'It', { name: 'orders' }), 'AWS/ApiGateway', { ApiName: 'orders' }],
      ['an HTTP API', () => new CfnApi(stack, 'It', { protocolType: 'HTTP' }), 'AWS/ApiGateway', { ApiId: '<It>' }],
      ['a WebSocket API', () => new CfnApi(stack, 'It', { protocolType: 'WEBSOCKET' }), 'AWS/ApiGateway', { ApiId: '<It>' }],
      ['a NAT gateway', plain('AWS::EC2::NatGateway'), 'AWS/NATGateway', { NatGatewayId: '<It>' }],
      ['an instance', plain('AWS::EC2::Instance'), 'AWS/EC2', { InstanceId: '<It>' }],
      ['a group', plain('AWS::AutoScaling::AutoScalingGroup'), 'AWS/EC2', { AutoScalingGroupName: '<It>' }],
      ['a function', plain('AWS::Lambda::Function'), 'AWS/Lambda', { FunctionName: '<It>' }],
      ['a state machine', plain('AWS::StepFunctions::StateMachine'), 'AWS/States', { StateMachineArn: '<It>' }],
      ['a database', plain('AWS::RDS::DBInstance'), 'AWS/RDS', { DBInstanceIdentifier: '<It>' }],
      ['a database cluster', plain('AWS::RDS::DBCluster'), 'AWS/RDS', { DBClusterIdentifier: '<It>' }],
      ['a table', plain('AWS::DynamoDB::Table'), 'AWS/DynamoDB', { TableName: '<It>' }],
      ['a bucket', plain('AWS::S3::Bucket'), 'AWS/S3', { BucketName: '<It>', StorageType: expect.any(String) }],
      ['a queue', plain('AWS::SQS::Queue'), 'AWS/SQS', { QueueName: '<It.QueueName>' }],
      ['a topic', plain('AWS::SNS::Topic'), 'AWS/SNS', { TopicName: '<It.TopicName>' }],
      ['a rule', plain('AWS::Events::Rule'), 'AWS/Events', { RuleName: '<It>' }],
      ['a log group', plain('AWS::Logs::LogGroup'), 'AWS/Logs', { LogGroupName: '<It>' }],
    ])('%s have the dimensions that the service publishes them with', (_what, build, namespace, dimensions) => {
      build();
      expect(metrics().length).toBeGreaterThan(0);
      for (const metric of metrics()) expect(metric).toMatchObject({ namespace, dimensions });
      for (const { metricName, dimensions: names } of metrics().filter((metric) => metric.namespace in METRIC_CATALOGUE)) {
        const families = METRIC_CATALOGUE[namespace].filter((family) => family.metrics.has(metricName));
        expect(families.flatMap((family) => family.dimensions).map((each) => each.join())).toContain(Object.keys(names).sort().join());
      }
    });

    test('every entry of the catalogue are ones that exist', () => {
      const judged = DASHBOARD_CATALOGUE.filter(({ namespace }) => namespace in METRIC_CATALOGUE);
      const missing = judged.flatMap(({ namespace, graphs }) => graphs.flatMap((each) => Object.keys(each.metrics))
        .filter((name) => !METRIC_CATALOGUE[namespace].some((family) => family.metrics.has(name))));
      expect(judged.length).toBeGreaterThan(15);
      expect(missing).toEqual([]);
    });

    test('target groups are looked for by their load balancer', () => {
      load('application');
      expect(searchesOf(graph('Load balancers: unhealthy targets'))).toEqual([
        'SEARCH(\'{AWS/ApplicationELB,LoadBalancer,TargetGroup} MetricName="UnHealthyHostCount" LoadBalancer="<It.LoadBalancerFullName>"\', \'Maximum\', 300)',
      ]);
    });

    test('a group are left out that it does not publish', () => {
      new CfnResource(stack, 'Quiet', { type: 'AWS::AutoScaling::AutoScalingGroup' });
      expect(titles()).not.toContain('Auto Scaling groups: capacity');
    });

    test('a member of a cluster have no free storage', () => {
      new rds.CfnDBInstance(stack, 'Member', { dbClusterIdentifier: 'cluster' });
      expect(titles()).toContain('Databases: processor');
      expect(titles()).not.toContain('Databases: free storage');
    });

    test('a bucket are measured once a day, and shown for two weeks', () => {
      new s3.Bucket(stack, 'Store');
      expect(graph('Buckets: stored').properties.start).toBe('-P14D');
      expect(graph('Buckets: stored').properties.period).toBe(86_400);
    });

    test.each([
      ['a gateway load balancer', () => load('gateway')],
      ['a REST API whose name is in its definition', plain('AWS::ApiGateway::RestApi')],
      ['an API of which it is not known what it speaks', plain('AWS::ApiGatewayV2::Api')],
      ['a rule of another bus', () => new events.CfnRule(stack, 'It', { eventBusName: 'orders' })],
      ['a rule of a bus that is known at deployment only', () => new events.CfnRule(stack, 'It', { eventBusName: new CfnParameter(stack, 'Bus').valueAsString })],
    ])('%s are not guessed', (_what, build) => {
      build();
      expect(metrics()).toEqual([]);
    });

    test('others are what metric filters count and what alarms watch, each once', () => {
      const logGroup = new logs.LogGroup(stack, 'Trail');
      const filter = (id: string, dimensions?: Record<string, string>) => new logs.MetricFilter(stack, id, {
        logGroup, filterPattern: logs.FilterPattern.literal('{ $.a = 1 }'), metricNamespace: 'Security', metricName: id, dimensions,
      });
      filter('RootUsage').metric().createAlarm(stack, 'RootAlarm', { threshold: 1, evaluationPeriods: 1 });
      filter('PolicyChanges');
      filter('ByUser', { user: '$.user' });
      for (const path of ['/', '/data']) {
        new cloudwatch.Metric({ namespace: 'CWAgent', metricName: 'disk_used_percent', dimensionsMap: { path }, statistic: 'Maximum' })
          .createAlarm(stack, `Disk${path.length}`, { threshold: 80, evaluationPeriods: 1 });
      }

      expect(metricsOf(graph('Security')).map(({ metricName, label }) => [metricName, label])).toEqual([['RootUsage', 'RootUsage'], ['PolicyChanges', 'PolicyChanges']]);
      expect(metricsOf(graph('CWAgent: disk_used_percent'))).toEqual([
        { namespace: 'CWAgent', metricName: 'disk_used_percent', dimensions: { path: '/' }, label: 'Disk1' },
        { namespace: 'CWAgent', metricName: 'disk_used_percent', dimensions: { path: '/data' }, label: 'Disk5' },
      ]);
    });

    test('several resources, and several metrics of each, are told apart, and by the statistic of their graph', () => {
      for (const id of ['One', 'Two']) new CfnResource(stack, id, { type: 'AWS::EC2::Instance' });
      const traffic = graph('Instances: network');
      expect(metricsOf(traffic).map(({ namespace, metricName, dimensions, label }) => [namespace, metricName, dimensions, label])).toEqual([
        ['AWS/EC2', 'NetworkIn', { InstanceId: '<One>' }, 'One in'], ['AWS/EC2', 'NetworkOut', { InstanceId: '<One>' }, 'One out'],
        ['AWS/EC2', 'NetworkIn', { InstanceId: '<Two>' }, 'Two in'], ['AWS/EC2', 'NetworkOut', { InstanceId: '<Two>' }, 'Two out'],
      ]);
      expect(traffic.properties.metrics).toEqual([
        ['AWS/EC2', 'NetworkIn', 'InstanceId', '<One>', { label: 'One in' }],
        ['.', 'NetworkOut', '.', '.', { label: 'One out' }],
        ['.', 'NetworkIn', '.', '<Two>', { label: 'Two in' }],
        ['.', 'NetworkOut', '.', '.', { label: 'Two out' }],
      ]);
      expect(graph('Instances: failed status checks').properties.metrics![1]).toEqual(['...', '<Two>', { label: 'Two' }]);
      expect(['network', 'failed status checks', 'processor'].map((title) => graph(`Instances: ${title}`).properties.stat)).toEqual(['Sum', 'Maximum', undefined]);
    });

    test('others have the statistic of their alarm each, where they differ', () => {
      const watched = (namespace: string, metricName: string, statistic: string) => new cloudwatch.CfnAlarm(stack, metricName, {
        comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1, namespace, metricName, statistic, period: 60,
      });
      watched('Stock', 'Boxes', 'Sum');
      watched('Shop', 'Orders', 'Sum');
      watched('Shop', 'Basket', 'Average');
      expect(graph('Stock').properties).toMatchObject({ stat: 'Sum', metrics: [['Stock', 'Boxes', { label: 'Boxes' }]] });
      expect(graph('Shop').properties.stat).toBeUndefined();
      expect(graph('Shop').properties.metrics).toEqual([['Shop', 'Orders', { label: 'Orders', stat: 'Sum' }], ['.', 'Basket', { label: 'Basket' }]]);
    });

    test('others are left out if they are known at deployment only', () => {
      const name = new CfnParameter(stack, 'Name').valueAsString;
      new cloudwatch.CfnAlarm(stack, 'Alarm', { comparisonOperator: 'GreaterThanThreshold', evaluationPeriods: 1, threshold: 1, namespace: name, metricName: 'm', statistic: 'Sum', period: 60 });
      expect(metrics()).toEqual([]);
    });
  });
});
