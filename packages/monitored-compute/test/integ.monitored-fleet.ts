import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { FleetCapacity, FleetInstance, MonitoredFleet } from '../src';

/** Two instances that are always the same, and a group that scales with one instance beside it, as AWS describes them and what they launched. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'MonitoredFleet');
const removalPolicy = RemovalPolicy.DESTROY;
const encryptionKey = new EncryptionKey(stack, 'Key', { removalPolicy }).key;
const alerts = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
alerts.allowCloudWatchAlarms();
const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 1, restrictDefaultSecurityGroup: false });
const common = { vpc, encryptionKey, alarmTopic: alerts.topic, removalPolicy };
const fixed = new MonitoredFleet(stack, 'Fixed', common);
const scaling = new MonitoredFleet(stack, 'Scaling', { ...common, capacity: FleetCapacity.between(2, 4), logGroup: fixed.logGroup });
const group = scaling.group!;
const reached = new MonitoredFleet(stack, 'Reached', { ...common, capacity: FleetCapacity.fixed(1), publicTier: true, logGroup: fixed.logGroup });
const beside = new FleetInstance(stack, 'Beside', { fleet: scaling, publicTier: true });

const { assertions } = new IntegTest(app, 'MonitoredFleetTest', { testCases: [stack] });
const call = (service: string, action: string, parameters: object) => assertions.awsApiCall(`@aws-sdk/client-${service}`, action, parameters);

// CMP-12 spread over zones: one instance in each of two subnets of two zones
const [one, two] = fixed.instances;
const [first, second] = vpc.privateSubnets;
for (const [instance, subnet] of [[one, first], [two, second]] as const) {
  call('ec2', 'DescribeInstances', { InstanceIds: [instance.instanceId] }).expect(ExpectedResult.objectLike({
    Reservations: [{ Instances: [{ SubnetId: subnet.subnetId, Placement: { AvailabilityZone: subnet.availabilityZone } }] }],
  }));
}

// CMP-01: an address of its own for the one that was placed in the public tier
call('ec2', 'DescribeInstances', { InstanceIds: [reached.instances[0].instanceId] }).expect(ExpectedResult.objectLike({
  Reservations: [{
    Instances: [{
      SubnetId: vpc.publicSubnets[0].subnetId,
      PublicIpAddress: Match.stringLikeRegexp('^\\d+\\.'),
      SecurityGroups: [{ GroupId: reached.connections.securityGroups[0].securityGroupId }],
    }],
  }],
}));

// CMP-01, CMP-04: the one beside the group has an address, a group and a role of its own; CMP-02, CMP-11: the rest is that of the launch template
call('ec2', 'DescribeInstances', { InstanceIds: [beside.instance.instanceId] }).expect(ExpectedResult.objectLike({
  Reservations: [{
    Instances: [{
      SubnetId: vpc.publicSubnets[0].subnetId,
      PublicIpAddress: Match.stringLikeRegexp('^\\d+\\.'),
      SecurityGroups: [{ GroupId: beside.connections.securityGroups[0].securityGroupId }],
      IamInstanceProfile: { Arn: Match.stringLikeRegexp('instance-profile/.*Beside') },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Monitoring: { State: 'enabled' },
    }],
  }],
}));
for (const [role, decision] of [[scaling.role, 'allowed'], [beside.role, 'implicitDeny']] as const) {
  call('iam', 'SimulatePrincipalPolicy', {
    PolicySourceArn: role.roleArn, ActionNames: ['cloudformation:SignalResource'], ResourceArns: [stack.stackId],
  }).expect(ExpectedResult.objectLike({ EvaluationResults: [{ EvalDecision: decision }] }));
}
call('iam', 'ListAttachedRolePolicies', { RoleName: beside.role.roleName }).expect(ExpectedResult.objectLike({
  AttachedPolicies: [{ PolicyArn: Match.stringLikeRegexp('ScalingRoleBaseline') }],
}));

// CMP-02 IMDSv2, CMP-11 detailed monitoring, CMP-07 the closed group: what the template says is what was launched
call('ec2', 'DescribeInstances', { InstanceIds: [one.instanceId] }).expect(ExpectedResult.objectLike({
  Reservations: [{
    Instances: [{
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Monitoring: { State: 'enabled' },
      EbsOptimized: true,
      SecurityGroups: [{ GroupId: fixed.connections.securityGroups[0].securityGroupId }],
    }],
  }],
}));

// CMP-03 encrypted volumes, of those that the group launched, too
const groupName = group.autoScalingGroupName;
for (const filter of [
  { Name: 'attachment.instance-id', Values: [one.instanceId] },
  { Name: 'attachment.instance-id', Values: [two.instanceId] },
  { Name: 'attachment.instance-id', Values: [beside.instance.instanceId] },
]) {
  call('ec2', 'DescribeVolumes', { Filters: [filter] }).expect(ExpectedResult.objectLike({
    Volumes: [{ Encrypted: true, KmsKeyId: encryptionKey.keyArn, VolumeType: 'gp3', Size: 20 }],
  }));
}
call('ec2', 'DescribeLaunchTemplateVersions', { LaunchTemplateId: scaling.launchTemplate.launchTemplateId }).expect(ExpectedResult.objectLike({
  LaunchTemplateVersions: [{ LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { Encrypted: true, KmsKeyId: encryptionKey.keyArn } }] } }],
}));

// CMP-03: the group launches with a role of its own, which the key admits; without it the local AWS refuses the group
call('auto-scaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: [groupName] }).expect(ExpectedResult.objectLike({
  AutoScalingGroups: [{
    MinSize: 2,
    MaxSize: 4,
    HealthCheckType: 'EC2',
    HealthCheckGracePeriod: 300,
    Instances: [{ LifecycleState: 'InService', HealthStatus: 'Healthy' }, { LifecycleState: 'InService', HealthStatus: 'Healthy' }],
  }],
}));
call('ec2', 'DescribeInstances', { Filters: [{ Name: 'tag:aws:autoscaling:groupName', Values: [groupName] }] }).expect(ExpectedResult.objectLike({
  Reservations: [
    { Instances: [{ MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } }] },
    { Instances: [{ MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } }] },
  ],
}));

// CMP-13: the group was made when both instances had said that they work
call('cloudformation', 'DescribeStackEvents', { StackName: stack.stackName }).expect(ExpectedResult.objectLike({
  StackEvents: Match.arrayWith([Match.objectLike({ ResourceStatusReason: Match.stringLikeRegexp('Received SUCCESS signal with UniqueId i-') })]),
}));

// CMP-10 every alarm acts, on the dimension that the instances of the group share
const theGroup = [{ Name: 'AutoScalingGroupName', Value: groupName }];
const fleetAlarm = (alarm: cloudwatch.Alarm, expected: object) =>
  call('cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] }).expect(ExpectedResult.objectLike({
    MetricAlarms: [{ AlarmActions: [alerts.topic.topicArn], OKActions: [alerts.topic.topicArn], ...expected }],
  }));
const { cpu, inService, statusCheck, memory, disk } = scaling.fleetAlarms!;
fleetAlarm(cpu, { MetricName: 'CPUUtilization', Dimensions: theGroup, TreatMissingData: 'notBreaching' });
fleetAlarm(inService, { MetricName: 'GroupInServiceInstances', Dimensions: theGroup, Threshold: 2, TreatMissingData: 'breaching' });
fleetAlarm(statusCheck, { MetricName: 'StatusCheckFailed', Dimensions: theGroup, TreatMissingData: 'breaching' });

// CMP-08: memory and disk by fleet
const theFleet = { Name: 'Fleet', Value: 'MonitoredFleet/Scaling' };
fleetAlarm(memory!, { MetricName: 'mem_used_percent', Dimensions: [theFleet] });
fleetAlarm(disk!, { MetricName: 'disk_used_percent', Dimensions: Match.arrayWith([theFleet, { Name: 'path', Value: '/' }]) });

// CMP-10 the one beside the group is told about by itself
fleetAlarm(beside.alarms.statusCheck, {
  MetricName: 'StatusCheckFailed', Dimensions: [{ Name: 'InstanceId', Value: beside.instance.instanceId }], TreatMissingData: 'breaching',
});
