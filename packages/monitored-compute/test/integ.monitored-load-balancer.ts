import { AwsApiCall, ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { FleetCapacity, MonitoredFleet, MonitoredLoadBalancer } from '../src';

/** A load balancer before a fleet that scales, as AWS describes them. In an account, the certificate waits until its domain says yes. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'MonitoredLoadBalancer');
const removalPolicy = RemovalPolicy.DESTROY;
const encryptionKey = new EncryptionKey(stack, 'Key', { removalPolicy }).key;
const alerts = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
alerts.allowCloudWatchAlarms();
const alarmTopic = alerts.topic;
const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 1, restrictDefaultSecurityGroup: false });
const certificate = new acm.Certificate(stack, 'Certificate', { domainName: 'shop.example.com', validation: acm.CertificateValidation.fromDns() });
const web = new MonitoredLoadBalancer(stack, 'Web', { vpc, certificates: [certificate], alarmTopic, removalPolicy });
const fleet = new MonitoredFleet(stack, 'Shop', { vpc, encryptionKey, alarmTopic, removalPolicy, capacity: FleetCapacity.between(2, 4) });
const targetGroup = web.addTargets('Shop', [fleet], { healthCheckPath: '/health' });
web.connections.allowDefaultPortFrom(ec2.Peer.ipv4(vpc.vpcCidrBlock));

const { assertions } = new IntegTest(app, 'MonitoredLoadBalancerTest', { testCases: [stack] });
const call = (service: string, action: string, parameters: object) => assertions.awsApiCall(`@aws-sdk/client-${service}`, action, parameters);
// the IAM actions of this service are named without the version of its API
const lookAt = (action: string, parameters: object) => {
  const made = call('elastic-load-balancing-v2', action, parameters) as AwsApiCall;
  made.provider.addToRolePolicy({ Effect: 'Allow', Action: [`elasticloadbalancing:${action}`], Resource: ['*'] });
  return made;
};
const { loadBalancerArn, loadBalancerFullName } = web.loadBalancer;

// CMP-01 private, CMP-12 spread over zones, CMP-07 the closed group
const [first, second] = vpc.privateSubnets;
lookAt('DescribeLoadBalancers', { LoadBalancerArns: [loadBalancerArn] }).expect(ExpectedResult.objectLike({
  LoadBalancers: [{
    Scheme: 'internal',
    Type: 'application',
    AvailabilityZones: [{ SubnetId: first.subnetId }, { SubnetId: second.subnetId }],
    SecurityGroups: [web.connections.securityGroups[0].securityGroupId],
  }],
}));
call('ec2', 'DescribeSecurityGroups', { GroupIds: [web.connections.securityGroups[0].securityGroupId] }).expect(ExpectedResult.objectLike({
  SecurityGroups: [{ IpPermissions: [{ FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: vpc.vpcCidrBlock }] }] }],
}));

// CMP-20 no ambiguous requests, CMP-21 requests are logged, CMP-22 not protected, because the stack is to go
for (const [key, value] of Object.entries({
  'routing.http.drop_invalid_header_fields.enabled': 'true',
  'routing.http.desync_mitigation_mode': 'strictest',
  'access_logs.s3.enabled': 'true',
  'access_logs.s3.bucket': web.logsBucket.bucketName,
  'connection_logs.s3.enabled': 'true',
  'connection_logs.s3.bucket': web.logsBucket.bucketName,
  'deletion_protection.enabled': 'false',
})) {
  lookAt('DescribeLoadBalancerAttributes', { LoadBalancerArn: loadBalancerArn }).expect(ExpectedResult.objectLike({
    Attributes: Match.arrayWith([{ Key: key, Value: value }]),
  }));
}

// CMP-19 TLS only: of the two listeners, one speaks TLS, and the other sends there
lookAt('DescribeListeners', { ListenerArns: [web.listener.listenerArn] }).expect(ExpectedResult.objectLike({
  Listeners: [{
    Port: 443,
    Protocol: 'HTTPS',
    SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    Certificates: [{ CertificateArn: certificate.certificateArn }],
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroup.targetGroupArn }],
  }],
}));
lookAt('DescribeListeners', { ListenerArns: [web.redirectListener.listenerArn] }).expect(ExpectedResult.objectLike({
  Listeners: [{ Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }] }],
}));

// what the group launched stands behind it, is spoken with in TLS, and is replaced when the load balancer says so
lookAt('DescribeTargetGroups', { TargetGroupArns: [targetGroup.targetGroupArn] }).expect(ExpectedResult.objectLike({
  TargetGroups: [{ Port: 443, Protocol: 'HTTPS', HealthCheckProtocol: 'HTTPS', HealthCheckPath: '/health' }],
}));
lookAt('DescribeTargetHealth', { TargetGroupArn: targetGroup.targetGroupArn }).expect(ExpectedResult.objectLike({
  TargetHealthDescriptions: [{ Target: { Id: Match.stringLikeRegexp('^i-') } }, { Target: { Id: Match.stringLikeRegexp('^i-') } }],
}));
call('auto-scaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: [fleet.group!.autoScalingGroupName] }).expect(ExpectedResult.objectLike({
  AutoScalingGroups: [{ HealthCheckType: 'ELB' }],
}));

// CMP-10 every alarm acts, and silence of the targets is an alarm
const whole = [{ Name: 'LoadBalancer', Value: loadBalancerFullName }];
const part = [...whole, { Name: 'TargetGroup', Value: targetGroup.targetGroupFullName }];
const acts = { AlarmActions: [alarmTopic.topicArn], OKActions: [alarmTopic.topicArn] };
for (const [alarm, expected] of [
  [web.loadBalancerErrorsAlarm, { MetricName: 'HTTPCode_ELB_5XX_Count', Dimensions: whole, TreatMissingData: 'notBreaching' }],
  [web.targetErrorsAlarm, { MetricName: 'HTTPCode_Target_5XX_Count', Dimensions: whole, TreatMissingData: 'notBreaching' }],
  [web.latencyAlarm, { MetricName: 'TargetResponseTime', Dimensions: whole, TreatMissingData: 'notBreaching' }],
  [web.rejectedConnectionsAlarm, { MetricName: 'RejectedConnectionCount', Dimensions: whole, TreatMissingData: 'notBreaching' }],
  [web.unhealthyTargetsAlarms[0], { MetricName: 'UnHealthyHostCount', Dimensions: part, TreatMissingData: 'breaching' }],
] as const) {
  call('cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] }).expect(ExpectedResult.objectLike({ MetricAlarms: [{ ...expected, ...acts }] }));
}
