import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { stackName } from '../src/app';
import { AlertPaths } from './_helpers/alert-paths';
import { DeployedEnvironment, filter, policyWith, SUFFIX } from './_helpers/deployed-environment';

const environment = new DeployedEnvironment('private-workload', 'PrivateWorkloadTest');
const exported = environment.exported.bind(environment);
const call = environment.call.bind(environment);
const reads = environment.reads.bind(environment);

const vpcId = exported('VPCId');
const privateSubnetId = exported('PrivateSubnetId');
const publicSubnetId = exported('PublicSubnetId');
const instanceId = exported('EC2InstanceId');
const bucket = exported('S3BucketName');
const keyId = exported('KMSKeyId');
const topicArn = exported('AlertsTopicArn');
const roleName = `prod-${SUFFIX}-ec2-role`;

// P-01, X-03: the name and the tags; X-04: the stage
const tagged = Object.entries({ Name: `prod-${SUFFIX}-vpc`, Environment: 'development', Project: 'tap-stack', Owner: 'platform' });
reads('ec2', 'DescribeVpcs', { Filters: tagged.map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })) }, {
  Vpcs: [{ VpcId: vpcId, CidrBlock: '10.0.0.0/16' }],
});
reads('cloudformation', 'DescribeStacks', { StackName: stackName(SUFFIX) }, { Stacks: [{ EnableTerminationProtection: false }] });

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
reads('ec2', 'DescribeSecurityGroups', { Filters: [...filter('vpc-id', vpcId).Filters, ...filter('group-name', 'default').Filters] }, {
  SecurityGroups: [{ IpPermissions: [], IpPermissionsEgress: [] }],
});

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
  Volumes: [{ Encrypted: true, KmsKeyId: Match.stringLikeRegexp(':key/'), Attachments: [{ DeleteOnTermination: true }] }],
});

// P-06: the role has two policies of its own and nothing else; it may its job and not what lies next to it
reads('iam', 'ListRolePolicies', { RoleName: roleName }, { PolicyNames: [] });
for (const policy of ['cloudwatch-policy', 's3-access-policy']) {
  reads('iam', 'ListAttachedRolePolicies', { RoleName: roleName }, { AttachedPolicies: Match.arrayWith([Match.objectLike({ PolicyName: `prod-${SUFFIX}-${policy}` })]) });
}
for (const [decision, action, resource] of [
  ['allowed', 's3:PutObject', `arn:aws:s3:::${bucket}/report`],
  ['implicitDeny', 's3:PutObject', `arn:aws:s3:::${exported('AccessLogsBucketName')}/report`],
  ['implicitDeny', 's3:DeleteObjectVersion', `arn:aws:s3:::${bucket}/report`],
  ['explicitDeny', 'iam:PassRole', exported('EC2RoleArn')],
]) {
  reads('iam', 'SimulatePrincipalPolicy', { PolicySourceArn: exported('EC2RoleArn'), ActionNames: [action], ResourceArns: [resource] }, {
    EvaluationResults: [{ EvalActionName: action, EvalDecision: decision }],
  });
}

// P-02: the key
reads('kms', 'DescribeKey', { KeyId: keyId }, { KeyMetadata: { KeyState: 'Enabled', KeyManager: 'CUSTOMER' } });
reads('kms', 'GetKeyRotationStatus', { KeyId: keyId }, { KeyRotationEnabled: true });
reads('kms', 'GetKeyPolicy', { KeyId: keyId, PolicyName: 'default' }, { Policy: policyWith({ Sid: 'AllowLogGroups' }, { Sid: 'AllowCloudWatchAlarms' }) });

// P-07: the bucket, and an object that goes through the key
reads('s3', 'GetBucketEncryption', { Bucket: bucket }, {
  ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: Match.stringLikeRegexp(':key/') }, BucketKeyEnabled: true }] },
}, ['s3:GetEncryptionConfiguration']);
reads('s3', 'GetBucketVersioning', { Bucket: bucket }, { Status: 'Enabled' });
reads('s3', 'GetPublicAccessBlock', { Bucket: bucket }, {
  PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
}, ['s3:GetBucketPublicAccessBlock']);
reads('s3', 'GetBucketPolicy', { Bucket: bucket }, {
  Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }, { Sid: 'AllowEC2RoleAccess', Effect: 'Allow' }),
});
reads('s3', 'GetBucketLogging', { Bucket: bucket }, { LoggingEnabled: { TargetBucket: exported('AccessLogsBucketName') } });
call('s3', 'PutObject', { Bucket: bucket, Key: 'report', Body: 'through the key' }, ['s3:PutObject', 'kms:GenerateDataKey'])
  .expect(ExpectedResult.objectLike({ ServerSideEncryption: 'aws:kms' }))
  .next(call('s3', 'GetObject', { Bucket: bucket, Key: 'report' }, ['s3:GetObject', 'kms:Decrypt'])
    .expect(ExpectedResult.objectLike({ Body: 'through the key', SSEKMSKeyId: Match.stringLikeRegexp(':key/') })));

// P-08: the log group, the topic and the alarms
reads('cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: exported('CloudWatchLogGroup') }, {
  logGroups: [{ retentionInDays: 30, kmsKeyId: Match.stringLikeRegexp(':key/') }],
});
reads('sns', 'GetTopicAttributes', { TopicArn: topicArn }, {
  Attributes: { KmsMasterKeyId: Match.stringLikeRegexp(':key/'), Policy: policyWith({ Effect: 'Deny' }, { Sid: 'AllowCloudWatchAlarms' }) },
});
for (const [id, metric, threshold] of [['Cpu', 'CPUUtilization', 80], ['NetworkIn', 'NetworkIn', 1_000_000_000], ['NetworkOut', 'NetworkOut', 1_000_000_000]]) {
  reads('cloudwatch', 'DescribeAlarms', { AlarmNamePrefix: `${stackName(SUFFIX)}-ServerAlarms${id}` }, {
    MetricAlarms: [{
      MetricName: metric, Threshold: threshold, ComparisonOperator: 'GreaterThanThreshold', ActionsEnabled: true, AlarmActions: [topicArn],
      Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
    }],
  });
}

new AlertPaths(environment, topicArn).alarm(`${stackName(SUFFIX)}-ServerAlarmsCpu`);

// P-09, X-05: the outputs, described and exported
for (const name of ['VPCId', 'PrivateSubnetId', 'EC2InstanceId', 'S3BucketName', 'KMSKeyId', 'CloudWatchLogGroup', 'StackName', 'EnvironmentSuffix']) {
  reads('cloudformation', 'DescribeStacks', { StackName: stackName(SUFFIX) }, {
    Stacks: [{
      Outputs: Match.arrayWith([Match.objectLike({ OutputKey: name, ExportName: `${stackName(SUFFIX)}-${name}`, Description: Match.stringLikeRegexp('.+') })]),
    }],
  });
}
