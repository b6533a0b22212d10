import { Match } from '@aws-cdk/integ-tests-alpha';
import { stackName } from '../src/app';
import { AlertPaths } from './_helpers/alert-paths';
import { DataPath } from './_helpers/data-path';
import { CUSTOMER_KEY, DeployedEnvironment, filter, policyWith, SUFFIX } from './_helpers/deployed-environment';

export const environment = new DeployedEnvironment('private-workload', 'PrivateWorkloadTest');
const exported = environment.exported.bind(environment);
const reads = environment.reads.bind(environment);

const vpcId = exported('VPCId');
const privateSubnetId = exported('PrivateSubnetId');
const publicSubnetId = exported('PublicSubnetId');
const instanceId = exported('EC2InstanceId');
const [bucket, accessLogs] = [exported('S3BucketName'), exported('AccessLogsBucketName')];
const keyId = exported('KMSKeyId');
const topicArn = exported('AlertsTopicArn');
const roleName = `prod-${SUFFIX}-ec2-role`;

// P-01, X-03: the name and the tags; X-04: the stage
environment.isTaggedAndUnprotected(`prod-${SUFFIX}-vpc`);

// P-03: the network
for (const [id, cidr] of [[publicSubnetId, '10.0.1.0/24'], [privateSubnetId, '10.0.2.0/24']]) {
  reads('ec2', 'DescribeSubnets', { SubnetIds: [id] }, { Subnets: [{ VpcId: vpcId, CidrBlock: cidr, MapPublicIpOnLaunch: false }] });
}
reads('ec2', 'DescribeNatGateways', { Filter: [{ Name: 'vpc-id', Values: [vpcId] }] }, {
  NatGateways: [{ State: 'available', SubnetId: publicSubnetId, NatGatewayAddresses: [{ AllocationId: Match.stringLikeRegexp('^eipalloc-') }] }],
});
reads('ec2', 'DescribeRouteTables', filter('association.subnet-id', privateSubnetId), {
  RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: Match.stringLikeRegexp('^nat-') })]) }],
});
reads('ec2', 'DescribeRouteTables', filter('association.subnet-id', publicSubnetId), {
  RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: Match.stringLikeRegexp('^igw-') })]) }],
});
reads('ec2', 'DescribeFlowLogs', { Filter: [{ Name: 'resource-id', Values: [vpcId] }] }, { FlowLogs: [{ FlowLogStatus: 'ACTIVE', TrafficType: 'ALL' }] });

// P-04: the security groups, rule by rule (AWS lists them in any order), and the default one that nobody uses
const instanceGroup = exported('InstanceSecurityGroupId');
const loadBalancerGroup = exported('LoadBalancerSecurityGroupId');
const from = (CidrIp: string) => ({ IpRanges: [Match.objectLike({ CidrIp })] });
const group = (GroupId: string) => ({ UserIdGroupPairs: [Match.objectLike({ GroupId })] });
for (const [id, direction, IpProtocol, port, peer] of [
  [instanceGroup, 'IpPermissions', 'tcp', 22, from('10.0.0.0/16')],
  [instanceGroup, 'IpPermissions', 'tcp', 443, group(loadBalancerGroup)],
  [instanceGroup, 'IpPermissionsEgress', 'tcp', 80, from('0.0.0.0/0')],
  [instanceGroup, 'IpPermissionsEgress', 'tcp', 443, from('0.0.0.0/0')],
  [instanceGroup, 'IpPermissionsEgress', 'udp', 53, from('10.0.0.0/16')],
  [instanceGroup, 'IpPermissionsEgress', 'tcp', 53, from('10.0.0.0/16')],
  [loadBalancerGroup, 'IpPermissionsEgress', 'tcp', 443, group(instanceGroup)],
] as const) {
  reads('ec2', 'DescribeSecurityGroups', { GroupIds: [id] }, {
    SecurityGroups: [{ [direction]: Match.arrayWith([Match.objectLike({ IpProtocol, FromPort: port, ToPort: port, ...peer })]) }],
  });
}
reads('ec2', 'DescribeSecurityGroups', { GroupIds: [loadBalancerGroup] }, { SecurityGroups: [{ IpPermissions: [] }] });
environment.closesDefaultGroup();

// P-05: the instance and its volume
reads('ec2', 'DescribeInstances', { InstanceIds: [instanceId] }, {
  Reservations: [{
    Instances: [{
      SubnetId: privateSubnetId,
      InstanceType: 't3.micro',
      SecurityGroups: [{ GroupId: instanceGroup }],
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Monitoring: { State: 'enabled' },
    }],
  }],
});
reads('ec2', 'DescribeVolumes', filter('attachment.instance-id', instanceId), {
  Volumes: [{ Encrypted: true, KmsKeyId: CUSTOMER_KEY, Attachments: [{ DeleteOnTermination: true }] }],
});

// P-06: the role has two policies of its own and nothing else; it may its job and not what lies next to it
reads('iam', 'ListRolePolicies', { RoleName: roleName }, { PolicyNames: [] });
for (const policy of ['cloudwatch-policy', 's3-access-policy']) {
  reads('iam', 'ListAttachedRolePolicies', { RoleName: roleName }, { AttachedPolicies: Match.arrayWith([Match.objectLike({ PolicyName: `prod-${SUFFIX}-${policy}` })]) });
}
environment.decides(exported('EC2RoleArn'), [
  ['allowed', 's3:PutObject', `arn:aws:s3:::${bucket}/report`],
  ['implicitDeny', 's3:PutObject', `arn:aws:s3:::${accessLogs}/report`],
  ['implicitDeny', 's3:DeleteObjectVersion', `arn:aws:s3:::${bucket}/report`],
  ['explicitDeny', 'iam:PassRole', exported('EC2RoleArn')],
]);

// P-02: the key
reads('kms', 'DescribeKey', { KeyId: keyId }, { KeyMetadata: { KeyState: 'Enabled', KeyManager: 'CUSTOMER' } });
reads('kms', 'GetKeyRotationStatus', { KeyId: keyId }, { KeyRotationEnabled: true });
reads('kms', 'GetKeyPolicy', { KeyId: keyId, PolicyName: 'default' }, { Policy: policyWith({ Sid: 'AllowLogGroups' }, { Sid: 'AllowCloudWatchAlarms' }) });

// P-07: the bucket
reads('s3', 'GetBucketEncryption', { Bucket: bucket }, {
  ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: CUSTOMER_KEY }, BucketKeyEnabled: true }] },
}, ['s3:GetEncryptionConfiguration']);
reads('s3', 'GetBucketVersioning', { Bucket: bucket }, { Status: 'Enabled' });
reads('s3', 'GetPublicAccessBlock', { Bucket: bucket }, {
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
}, ['s3:GetBucketPublicAccessBlock']);
reads('s3', 'GetBucketPolicy', { Bucket: bucket }, {
  Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }, { Sid: 'AllowEC2RoleAccess', Effect: 'Allow' }),
});
reads('s3', 'GetBucketLogging', { Bucket: bucket }, { LoggingEnabled: { TargetBucket: accessLogs } });

// P-08: the log group, the topic and the alarms
environment.keepsLogs(exported('CloudWatchLogGroup'), 30);
reads('sns', 'GetTopicAttributes', { TopicArn: topicArn }, {
  Attributes: { KmsMasterKeyId: CUSTOMER_KEY, Policy: policyWith({ Effect: 'Deny' }, { Sid: 'AllowCloudWatchAlarms' }) },
});
for (const [id, metric, threshold] of [['Cpu', 'CPUUtilization', 80], ['NetworkIn', 'NetworkIn', 1_000_000_000], ['NetworkOut', 'NetworkOut', 1_000_000_000]]) {
  reads('cloudwatch', 'DescribeAlarms', { AlarmNamePrefix: `${stackName(SUFFIX)}-ServerAlarms${id}` }, {
    MetricAlarms: [{
      MetricName: metric, Threshold: threshold, ComparisonOperator: 'GreaterThanThreshold', ActionsEnabled: true, AlarmActions: [topicArn],
      Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
    }],
  });
}

// P-09, X-05: the outputs, described and exported
environment.putsOut('VPCId', 'PrivateSubnetId', 'EC2InstanceId', 'S3BucketName', 'KMSKeyId', 'CloudWatchLogGroup', 'StackName', 'EnvironmentSuffix');

// P-02, P-08: alarms reach a subscriber
new AlertPaths(environment).alarm('ServerAlarmsCpu');

// P-02, P-07: data goes through the key; P-07, X-08: every bucket refuses plain HTTP; X-04: more than 1,000 versions go with the stack
new DataPath(environment).throughTheKey(bucket).overTlsOnly(bucket, accessLogs).manyVersions(bucket);
