import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { MonitoredInstance } from '../src';

/** An instance in a private subnet with everything it makes, and one in the public tier, as AWS describes them afterwards. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'MonitoredInstance');
const removalPolicy = RemovalPolicy.DESTROY;
const encryptionKey = new EncryptionKey(stack, 'Key', { removalPolicy }).key;
const alerts = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
alerts.allowCloudWatchAlarms();
const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 1, restrictDefaultSecurityGroup: false });
const server = new MonitoredInstance(stack, 'Server', {
  vpc,
  encryptionKey,
  alarmTopic: alerts.topic,
  instanceName: 'integ-monitored-instance',
  removalPolicy,
});
const bastion = new MonitoredInstance(stack, 'Bastion', { vpc, encryptionKey, alarmTopic: alerts.topic, publicTier: true, logGroup: server.logGroup });
const bucket = new s3.Bucket(stack, 'Granted', { encryption: s3.BucketEncryption.KMS, encryptionKey, removalPolicy });
bucket.grantRead(server);

const { assertions } = new IntegTest(app, 'MonitoredInstanceTest', { testCases: [stack] });
const ec2Call = (action: string, parameters: object) => assertions.awsApiCall('@aws-sdk/client-ec2', action, parameters);
const iamCall = (action: string, parameters: object) => assertions.awsApiCall('@aws-sdk/client-iam', action, parameters);
const { instanceId } = server.instance;

const isDescribedAs = (instance: object) =>
  ec2Call('DescribeInstances', { InstanceIds: [instanceId] }).expect(ExpectedResult.objectLike({ Reservations: [{ Instances: [instance] }] }));

// CMP-02 IMDSv2
isDescribedAs({ MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 } });

// CMP-11 detailed monitoring, and what else stands on the instance itself
isDescribedAs({ Monitoring: { State: 'enabled' }, EbsOptimized: true, InstanceType: 't4g.small' });
isDescribedAs({ Tags: Match.arrayWith([Match.objectLike({ Key: 'Name', Value: 'integ-monitored-instance' })]) });

// CMP-01 private: its subnet leads out through the NAT gateway only, which no address of the instance can be reached by
const { subnetId } = server.instance.node.defaultChild as ec2.CfnInstance;
ec2Call('DescribeRouteTables', { Filters: [{ Name: 'association.subnet-id', Values: [subnetId] }] }).expect(ExpectedResult.objectLike({
  RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: Match.stringLikeRegexp('^nat-') })]) }],
}));

const theBastion = { Filters: [{ Name: 'instance-id', Values: [bastion.instance.instanceId] }] };
ec2Call('DescribeInstances', theBastion).expect(ExpectedResult.objectLike({
  Reservations: [{ Instances: [{ PublicIpAddress: Match.stringLikeRegexp('^\\d+\\.'), SubnetId: vpc.publicSubnets[0].subnetId }] }],
}));

// CMP-03 encrypted volume
ec2Call('DescribeVolumes', { Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] }).expect(ExpectedResult.objectLike({
  Volumes: [{ Encrypted: true, KmsKeyId: encryptionKey.keyArn, VolumeType: 'gp3', Size: 20, Attachments: [{ DeleteOnTermination: true }] }],
}));

// CMP-07 closed security group
ec2Call('DescribeSecurityGroups', { GroupIds: [server.connections.securityGroups[0].securityGroupId] }).expect(ExpectedResult.objectLike({
  SecurityGroups: [{ IpPermissions: [], IpPermissionsEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }],
}));

// CMP-04 least privilege: two managed policies of our own, the one it starts with and the one of the grant, and nothing inline
iamCall('ListRolePolicies', { RoleName: server.role.roleName }).expect(ExpectedResult.objectLike({ PolicyNames: [] }));
iamCall('ListAttachedRolePolicies', { RoleName: server.role.roleName }).expect(ExpectedResult.objectLike({
  AttachedPolicies: [{ PolicyName: Match.stringLikeRegexp('^MonitoredInstance-') }, { PolicyName: Match.stringLikeRegexp('^MonitoredInstance-') }],
}));

// CMP-04, CMP-05: its job, what was granted, what is next to it, and a way to more
const decides = (decision: string, action: string, resource: string) => iamCall('SimulatePrincipalPolicy', {
  PolicySourceArn: server.role.roleArn, ActionNames: [action], ResourceArns: [resource],
}).expect(ExpectedResult.objectLike({ EvaluationResults: [{ EvalActionName: action, EvalDecision: decision }] }));
decides('allowed', 'logs:PutLogEvents', stack.formatArn({
  service: 'logs', resource: 'log-group', resourceName: `${server.logGroup.logGroupName}:log-stream:app`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
}));
decides('allowed', 's3:GetObject', bucket.arnForObjects('report'));
decides('implicitDeny', 's3:PutObject', bucket.arnForObjects('report'));
decides('implicitDeny', 'logs:CreateLogGroup', '*');
decides('explicitDeny', 'iam:PassRole', server.role.roleArn);
decides('explicitDeny', 'iam:AttachRolePolicy', server.role.roleArn);

// CMP-08, CMP-10: every alarm acts, and has the dimensions that are published
const { cpu, networkIn, networkOut, statusCheck, memory, disk } = server.alarms;
const theInstance = { Name: 'InstanceId', Value: instanceId };
for (const [alarm, metric, missing, dimensions] of [
  [cpu, 'CPUUtilization', 'notBreaching', [theInstance]],
  [networkIn, 'NetworkIn', 'notBreaching', [theInstance]],
  [networkOut, 'NetworkOut', 'notBreaching', [theInstance]],
  [statusCheck, 'StatusCheckFailed', 'breaching', [theInstance]],
  [memory!, 'mem_used_percent', 'breaching', [theInstance]],
  [disk!, 'disk_used_percent', 'breaching', [theInstance, { Name: 'path', Value: '/' }]],
] as const) {
  assertions.awsApiCall('@aws-sdk/client-cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] }).expect(ExpectedResult.objectLike({
    MetricAlarms: [{
      MetricName: metric, TreatMissingData: missing, Dimensions: [...dimensions],
      ActionsEnabled: true, AlarmActions: [alerts.topic.topicArn], OKActions: [alerts.topic.topicArn],
    }],
  }));
}

// CMP-09 logs leave the machine, into a group that is encrypted and kept
assertions.awsApiCall('@aws-sdk/client-cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: server.logGroup.logGroupName }).expect(
  ExpectedResult.objectLike({ logGroups: [{ kmsKeyId: encryptionKey.keyArn, retentionInDays: 365 }] }),
);
