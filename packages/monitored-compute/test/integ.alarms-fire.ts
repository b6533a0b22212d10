import { ExpectedResult, IApiCall, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FleetCapacity, MonitoredApi, MonitoredFleet, MonitoredFunction, MonitoredInstance, MonitoredLoadBalancer } from '../src';

/** Every alarm is given a reason: the metric moves as the service would publish it, the alarm goes off, and a subscriber hears of it. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'AlarmsFire');
const removalPolicy = RemovalPolicy.DESTROY;
const encryptionKey = new EncryptionKey(stack, 'Key', { removalPolicy }).key;
const alerts = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
alerts.allowCloudWatchAlarms();
// a message that was read does not come again
const heard = new sqs.Queue(stack, 'Heard', { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true, visibilityTimeout: Duration.hours(12) });
alerts.topic.addSubscription(new SqsSubscription(heard));
const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 1, restrictDefaultSecurityGroup: false });
const common = { encryptionKey, alarmTopic: alerts.topic, removalPolicy };
const server = new MonitoredInstance(stack, 'Server', { ...common, vpc });
const fleet = new MonitoredFleet(stack, 'Fleet', { ...common, vpc, logGroup: server.logGroup, capacity: FleetCapacity.between(1, 2) });
const worker = new MonitoredFunction(stack, 'Worker', {
  ...common, code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X,
});
const orders = new MonitoredApi(stack, 'Orders', common);
orders.addMock('data', '{}');
const web = new MonitoredLoadBalancer(stack, 'Web', {
  ...common, vpc, certificates: [elbv2.ListenerCertificate.fromArn(`arn:${Aws.PARTITION}:acm:${Aws.REGION}:${Aws.ACCOUNT_ID}:certificate/drill`)],
});
const targets = web.addTargets('Shop', [fleet]);

const { assertions } = new IntegTest(app, 'AlarmsFireTest', { testCases: [stack] });
const call = (service: string, action: string, parameters: object) => assertions.awsApiCall(`@aws-sdk/client-${service}`, action, parameters);
const publish = (namespace: string, metricName: string, dimensions: Record<string, string>, value: number) => call('cloudwatch', 'PutMetricData', {
  Namespace: namespace,
  MetricData: [{ MetricName: metricName, Value: value, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) }],
});
const isIn = (alarm: cloudwatch.Alarm, state: string) => call('cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] })
  .expect(ExpectedResult.objectLike({ MetricAlarms: [{ StateValue: Match.stringLikeRegexp(state) }] }));
const isHeard = (alarm: cloudwatch.Alarm) => {
  const message = Match.objectLike({ Body: Match.stringLikeRegexp(`${alarm.alarmName}.*NewStateValue\\W+ALARM`) });
  return call('sqs', 'ReceiveMessage', { QueueUrl: heard.queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 10 })
    .expect(ExpectedResult.objectLike({ Messages: Match.arrayWith([message]) }));
};

const theServer = { InstanceId: server.instance.instanceId };
const theGroup = { AutoScalingGroupName: fleet.group!.autoScalingGroupName };
const theFleet = { Fleet: `${stack.stackName}/Fleet` };
const theWorker = { FunctionName: worker.function.functionName };
const theApi = { ApiName: orders.api.restApiName, Stage: orders.stage.stageName };
const theBalancer = { LoadBalancer: web.loadBalancer.loadBalancerFullName };

// CMP-10 every alarm acts, CMP-14 every alarm can fire: on the dimensions that the service, or the agent, publishes with
const reasons: [cloudwatch.Alarm, string, string, Record<string, string>, number][] = [
  [server.alarms.cpu, 'AWS/EC2', 'CPUUtilization', theServer, 95],
  [server.alarms.networkIn, 'AWS/EC2', 'NetworkIn', theServer, 2e9],
  [server.alarms.networkOut, 'AWS/EC2', 'NetworkOut', theServer, 2e9],
  [server.alarms.statusCheck, 'AWS/EC2', 'StatusCheckFailed', theServer, 1],
  [server.alarms.memory!, 'CWAgent', 'mem_used_percent', theServer, 95],
  [server.alarms.disk!, 'CWAgent', 'disk_used_percent', { ...theServer, path: '/' }, 95],
  [fleet.fleetAlarms!.cpu, 'AWS/EC2', 'CPUUtilization', theGroup, 95],
  [fleet.fleetAlarms!.networkIn, 'AWS/EC2', 'NetworkIn', theGroup, 2e9],
  [fleet.fleetAlarms!.networkOut, 'AWS/EC2', 'NetworkOut', theGroup, 2e9],
  [fleet.fleetAlarms!.statusCheck, 'AWS/EC2', 'StatusCheckFailed', theGroup, 1],
  [fleet.fleetAlarms!.inService, 'AWS/AutoScaling', 'GroupInServiceInstances', theGroup, 0],
  [fleet.fleetAlarms!.memory!, 'CWAgent', 'mem_used_percent', theFleet, 95],
  [fleet.fleetAlarms!.disk!, 'CWAgent', 'disk_used_percent', { ...theFleet, path: '/' }, 95],
  [worker.errorsAlarm, 'AWS/Lambda', 'Errors', theWorker, 1],
  [worker.throttlesAlarm, 'AWS/Lambda', 'Throttles', theWorker, 1],
  [worker.durationAlarm, 'AWS/Lambda', 'Duration', theWorker, 29_000],
  [worker.failuresAlarm!, 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: worker.failures!.queueName }, 1],
  [orders.serverErrorsAlarm, 'AWS/ApiGateway', '5XXError', theApi, 1],
  [orders.clientErrorsAlarm, 'AWS/ApiGateway', '4XXError', theApi, 100],
  [orders.latencyAlarm, 'AWS/ApiGateway', 'Latency', theApi, 9_000],
  [web.loadBalancerErrorsAlarm, 'AWS/ApplicationELB', 'HTTPCode_ELB_5XX_Count', theBalancer, 1],
  [web.targetErrorsAlarm, 'AWS/ApplicationELB', 'HTTPCode_Target_5XX_Count', theBalancer, 1],
  [web.latencyAlarm, 'AWS/ApplicationELB', 'TargetResponseTime', theBalancer, 9],
  [web.rejectedConnectionsAlarm, 'AWS/ApplicationELB', 'RejectedConnectionCount', theBalancer, 1],
  [web.unhealthyTargetsAlarms[0], 'AWS/ApplicationELB', 'UnHealthyHostCount', { ...theBalancer, TargetGroup: targets.targetGroupFullName }, 1],
];

// one after the other, so that each message is read after its own reason; the first is no reason at all (canary)
const drill = [
  publish('AWS/EC2', 'CPUUtilization', { InstanceId: 'i-00000000000000000' }, 95), isIn(server.alarms.cpu, '^(OK|INSUFFICIENT_DATA)$'),
  ...reasons.flatMap(([alarm, ...reason]) => [publish(...reason), isIn(alarm, '^ALARM$'), isHeard(alarm)]),
];
drill.reduce((before: IApiCall, next) => before.next(next));
