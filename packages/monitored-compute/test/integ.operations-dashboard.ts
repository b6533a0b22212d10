import { AwsApiCall, ExpectedResult, IApiCall, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, ArnFormat, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FleetCapacity, MonitoredApi, MonitoredFleet, MonitoredFunction, MonitoredInstance, OperationsDashboard } from '../src';

/** A dashboard as CloudWatch has it: what it shows is what the services themselves answer to. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'OperationsDashboard');
const operations = new OperationsDashboard(stack, 'Operations');
const removalPolicy = RemovalPolicy.DESTROY;
const encryptionKey = new EncryptionKey(stack, 'Key', { removalPolicy }).key;
const alerts = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
alerts.allowCloudWatchAlarms();
const common = { encryptionKey, alarmTopic: alerts.topic, removalPolicy };
const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 1, restrictDefaultSecurityGroup: false });
const server = new MonitoredInstance(stack, 'Server', { ...common, vpc });
const fleet = new MonitoredFleet(stack, 'Fleet', { ...common, vpc, logGroup: server.logGroup, capacity: FleetCapacity.between(1, 2) });
const worker = new MonitoredFunction(stack, 'Worker', {
  ...common, code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X,
});
const api = new MonitoredApi(stack, 'Api', common);
api.addMock('data', '{}');
const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc });
const bucket = new s3.Bucket(stack, 'Store', { removalPolicy });
const nightly = new events.Rule(stack, 'Nightly', { schedule: events.Schedule.cron({ hour: '3', minute: '0' }) });
const orders = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' });
operations.addRow('Sales', new cloudwatch.SingleValueWidget({ title: 'Orders', metrics: [orders] }));

const { assertions } = new IntegTest(app, 'OperationsDashboardTest', { testCases: [stack] });
const call = (service: string, action: string, parameters: object) => assertions.awsApiCall(`@aws-sdk/client-${service}`, action, parameters);
const lookAt = (action: string, parameters: object) => {
  const made = call('api-gateway', action, parameters) as AwsApiCall;
  made.provider.addToRolePolicy({ Effect: 'Allow', Action: ['apigateway:GET'], Resource: ['*'] });
  return made;
};
const listBuckets = (parameters: object) => {
  const made = call('s3', 'ListBuckets', parameters) as AwsApiCall;
  made.provider.addToRolePolicy({ Effect: 'Allow', Action: ['s3:ListAllMyBuckets'], Resource: ['*'] });
  return made;
};
const shows = (properties: object) => {
  const widgets = Match.arrayWith([Match.objectLike({ properties: Match.objectLike(properties) })]);
  return call('cloudwatch', 'GetDashboard', { DashboardName: operations.dashboard.dashboardName })
    .expect(ExpectedResult.objectLike({ DashboardBody: Match.serializedJson(Match.objectLike({ widgets })) }));
};

// CMP-23 what runs is seen at one glance: every name on the dashboard is the one that the service itself answers with
const group = call('auto-scaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: [fleet.group!.autoScalingGroupName] });
const nat = call('ec2', 'DescribeNatGateways', { Filter: [{ Name: 'vpc-id', Values: [vpc.vpcId] }] });
const logGroups = call('cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: worker.logGroup.logGroupName });
const queue = call('sqs', 'GetQueueAttributes', { QueueUrl: worker.failures!.queueUrl, AttributeNames: ['QueueArn'] });
const topic = call('sns', 'GetTopicAttributes', { TopicArn: alerts.topic.topicArn });
const named = (answer: IApiCall, path: string) => stack.splitArn(answer.getAttString(path), ArnFormat.NO_RESOURCE_NAME).resource;
for (const [title, namespace, metricName, dimension, value] of [
  ['Instances: processor', 'AWS/EC2', 'CPUUtilization', 'InstanceId',
    call('ec2', 'DescribeInstances', { InstanceIds: [server.instance.instanceId] }).getAttString('Reservations.0.Instances.0.InstanceId')],
  ['Auto Scaling groups: processor', 'AWS/EC2', 'CPUUtilization', 'AutoScalingGroupName', group.getAttString('AutoScalingGroups.0.AutoScalingGroupName')],
  ['Auto Scaling groups: capacity', 'AWS/AutoScaling', 'GroupInServiceInstances', 'AutoScalingGroupName',
    group.getAttString('AutoScalingGroups.0.AutoScalingGroupName')],
  ['Functions: calls', 'AWS/Lambda', 'Invocations', 'FunctionName',
    call('lambda', 'GetFunctionConfiguration', { FunctionName: worker.function.functionArn }).getAttString('FunctionName')],
  ['REST APIs: requests', 'AWS/ApiGateway', 'Count', 'ApiName', lookAt('GetRestApi', { restApiId: api.api.restApiId }).getAttString('name')],
  ['NAT gateways: traffic', 'AWS/NATGateway', 'BytesOutToDestination', 'NatGatewayId', nat.getAttString('NatGateways.0.NatGatewayId')],
  ['Buckets: stored', 'AWS/S3', 'BucketSizeBytes', 'BucketName', listBuckets({ Prefix: bucket.bucketName }).getAttString('Buckets.0.Name')],
  ['Queues: waiting', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', named(queue, 'Attributes.QueueArn')],
  ['Topics: published', 'AWS/SNS', 'NumberOfMessagesPublished', 'TopicName', named(topic, 'Attributes.TopicArn')],
  ['Event rules: invocations', 'AWS/Events', 'Invocations', 'RuleName', call('eventbridge', 'DescribeRule', { Name: nightly.ruleName }).getAttString('Name')],
  ['Log groups: lines', 'AWS/Logs', 'IncomingLogEvents', 'LogGroupName', logGroups.getAttString('logGroups.0.logGroupName')],
] as const) {
  // a line says what the one above it does not
  shows({ title, metrics: Match.arrayWith([Match.arrayWith([namespace, metricName, dimension])]) });
  shows({ title, metrics: Match.arrayWith([Match.arrayWith([value])]) });
}

// target groups are looked for by the name of their load balancer, which is in the end of its ARN
const balancers = call('elastic-load-balancing-v2', 'DescribeLoadBalancers', { LoadBalancerArns: [balancer.loadBalancerArn] });
const fullName = Fn.select(1, Fn.split(':loadbalancer/', balancers.getAttString('LoadBalancers.0.LoadBalancerArn')));
const expression = Match.stringLikeRegexp(`UnHealthyHostCount" LoadBalancer="${fullName}"`);
shows({ title: 'Load balancers: unhealthy targets', metrics: Match.arrayWith([Match.arrayWith([Match.objectLike({ expression })])]) });

// the states of alarms, and what to do
const { errorsAlarm } = worker;
const alarm = call('cloudwatch', 'DescribeAlarms', { AlarmNames: [errorsAlarm.alarmName] });
shows({ title: 'Alarms', alarms: Match.arrayWith([alarm.getAttString('MetricAlarms.0.AlarmArn')]) });
shows({ markdown: Match.stringLikeRegexp('packages/monitored-compute\\)[^[]*- function errors: Worker/Errors') });

// a row of one's own, below
shows({ title: 'Orders' });
