import { Match } from '@aws-cdk/integ-tests-alpha';
import { stackName } from '../src/app';
import { AlertPaths } from './_helpers/alert-paths';
import { asksWhoCalls } from './_helpers/api-answers';
import { DataPath } from './_helpers/data-path';
import { DeployedEnvironment, filter, policyWith, SUFFIX } from './_helpers/deployed-environment';
import { trailLogs } from './_helpers/records';

export const environment = new DeployedEnvironment('data-platform', 'DataPlatformTest');
const exported = environment.exported.bind(environment);
const reads = environment.reads.bind(environment);

const vpcId = exported('VPCId');
const subnets = (tier: string) => [1, 2].map((zone) => exported(`${tier}Subnet${zone}Id`));
const [publicSubnets, privateSubnets, databaseSubnets] = ['Public', 'Private', 'Database'].map(subnets);
const [frontGroup, instanceGroup, databaseGroup] = ['Front', 'Instance', 'Database'].map((tier) => exported(`${tier}SecurityGroupId`));
const [lake, logging, cloudTrail] = ['DataLake', 'Logging', 'CloudTrail'].map((bucket) => exported(`${bucket}BucketName`));
const keyIds = ['Storage', 'Database', 'Audit'].map((key) => exported(`${key}KeyId`));
const [storageKey, databaseKey, auditKey] = keyIds.map((id) => Match.stringLikeRegexp(`:key/${id}$`));
const topicArn = exported('AlertsTopicArn');
const instances = [1, 2].map((nth) => exported(`Instance${nth}Id`));

// the name and the tags; X-04: the stage
environment.isTaggedAndUnprotected(`tap-vpc-${SUFFIX}`);

// D-01, X-06: three tiers in two zones each, the ways out, and none from the database
for (const [index, id] of [...publicSubnets, ...privateSubnets, ...databaseSubnets].entries()) {
  reads('ec2', 'DescribeSubnets', { SubnetIds: [id] }, {
    Subnets: [{
      VpcId: vpcId, CidrBlock: `10.0.${index + 1}.0/24`, AvailabilityZone: Match.stringLikeRegexp(index % 2 === 0 ? 'a$' : 'b$'), MapPublicIpOnLaunch: false,
    }],
  });
}
for (const attribute of ['enableDnsSupport', 'enableDnsHostnames']) {
  const answer = `E${attribute.slice(1)}`;
  reads('ec2', 'DescribeVpcAttribute', { VpcId: vpcId, Attribute: attribute }, { [answer]: { Value: true } });
}
for (const subnet of publicSubnets) {
  reads('ec2', 'DescribeNatGateways', { Filter: [{ Name: 'subnet-id', Values: [subnet] }] }, { NatGateways: [{ State: 'available', VpcId: vpcId }] });
}
for (const [ids, way] of [[publicSubnets, { GatewayId: Match.stringLikeRegexp('^igw-') }], [privateSubnets, { NatGatewayId: Match.stringLikeRegexp('^nat-') }]] as const) {
  for (const id of ids) {
    reads('ec2', 'DescribeRouteTables', filter('association.subnet-id', id), {
      RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', ...way })]) }],
    });
  }
}
for (const id of databaseSubnets) {
  reads('ec2', 'DescribeRouteTables', filter('association.subnet-id', id), { RouteTables: [{ Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local' }] }] });
}
reads('ec2', 'DescribeFlowLogs', { Filter: [{ Name: 'resource-id', Values: [vpcId] }] }, { FlowLogs: [{ FlowLogStatus: 'ACTIVE', TrafficType: 'ALL' }] });

// D-02: the buckets, and who read and wrote them
for (const [bucket, algorithm] of [[lake, 'aws:kms'], [logging, 'AES256'], [cloudTrail, 'AES256']]) {
  reads('s3', 'GetBucketEncryption', { Bucket: bucket }, {
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }] },
  }, ['s3:GetEncryptionConfiguration']);
  reads('s3', 'GetBucketVersioning', { Bucket: bucket }, { Status: 'Enabled' });
  reads('s3', 'GetPublicAccessBlock', { Bucket: bucket }, {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
  }, ['s3:GetBucketPublicAccessBlock']);
  reads('s3', 'GetBucketPolicy', { Bucket: bucket }, { Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }) });
}
for (const bucket of [lake, cloudTrail]) reads('s3', 'GetBucketLogging', { Bucket: bucket }, { LoggingEnabled: { TargetBucket: logging } });
reads('s3', 'GetBucketLifecycleConfiguration', { Bucket: logging }, {
  Rules: Match.arrayWith([Match.objectLike({ ID: 'Logs', Status: 'Enabled', Expiration: { Days: 365 } })]),
}, ['s3:GetLifecycleConfiguration']);

// D-03: the keys
for (const KeyId of keyIds) {
  reads('kms', 'DescribeKey', { KeyId }, { KeyMetadata: { KeyState: 'Enabled', KeyManager: 'CUSTOMER' } });
  reads('kms', 'GetKeyRotationStatus', { KeyId }, { KeyRotationEnabled: true });
}
reads('kms', 'GetKeyPolicy', { KeyId: keyIds[2], PolicyName: 'default' }, {
  Policy: policyWith({ Sid: 'AllowLogGroups' }, { Sid: 'AllowCloudWatchAlarms' }, { Sid: 'AllowRdsEvents' }, { Sid: 'AllowEventBridgeRules' }, { Sid: 'AllowCloudTrail' }),
});
reads('sns', 'GetTopicAttributes', { TopicArn: topicArn }, { Attributes: { KmsMasterKeyId: auditKey } });

// D-04, D-09: the instances, their template and their volumes
for (const [index, id] of instances.entries()) {
  reads('ec2', 'DescribeInstances', { InstanceIds: [id] }, {
    Reservations: [{
      Instances: [{
        SubnetId: privateSubnets[index],
        SecurityGroups: [{ GroupId: instanceGroup }],
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        Monitoring: { State: 'enabled' },
        IamInstanceProfile: { Arn: Match.stringLikeRegexp(':instance-profile/') },
      }],
    }],
  });
  reads('ec2', 'DescribeVolumes', filter('attachment.instance-id', id), {
    Volumes: [{ Encrypted: true, KmsKeyId: storageKey, Attachments: [{ DeleteOnTermination: true }] }],
  });
}
reads('ec2', 'DescribeLaunchTemplateVersions', { LaunchTemplateId: exported('LaunchTemplateId'), Versions: ['$Latest'] }, {
  LaunchTemplateVersions: [{ LaunchTemplateData: { Monitoring: { Enabled: true }, UserData: Match.stringLikeRegexp('.+') } }],
});

// D-05: the role may its job and not what lies next to it, and never more than that
environment.decides(exported('InstanceRoleArn'), [
  ['allowed', 's3:PutObject', `arn:aws:s3:::${lake}/report`],
  ['allowed', 's3:GetObject', `arn:aws:s3:::${lake}/report`],
  ['implicitDeny', 's3:DeleteObjectVersion', `arn:aws:s3:::${lake}/report`],
  ['implicitDeny', 's3:PutObject', `arn:aws:s3:::${logging}/report`],
  ['implicitDeny', 's3:GetObject', `arn:aws:s3:::${cloudTrail}/report`],
  ['explicitDeny', 'iam:PassRole', exported('InstanceRoleArn')],
  ['explicitDeny', 'iam:AttachRolePolicy', exported('InstanceRoleArn')],
  ['explicitDeny', 'iam:CreatePolicyVersion', '*'],
  ['explicitDeny', 'lambda:UpdateFunctionCode', exported('SecurityChangeFunctionArn')],
]);

// D-06: the database, its subnets, its monitoring, its logs and its secret
reads('rds', 'DescribeDBInstances', { DBInstanceIdentifier: exported('DatabaseInstanceId') }, {
  DBInstances: [{
    Engine: 'mysql',
    PubliclyAccessible: false,
    StorageEncrypted: true,
    KmsKeyId: databaseKey,
    MasterUserSecret: { SecretArn: exported('DatabaseSecretArn'), KmsKeyId: databaseKey },
    BackupRetentionPeriod: 7,
    MonitoringInterval: 60,
    EnabledCloudwatchLogsExports: ['error', 'general', 'slowquery'],
    VpcSecurityGroups: [{ VpcSecurityGroupId: databaseGroup }],
    DBSubnetGroup: { VpcId: vpcId, Subnets: databaseSubnets.map((SubnetIdentifier) => ({ SubnetIdentifier })) },
  }],
});
for (const log of ['error', 'general', 'slowquery']) {
  environment.keepsLogs(`/aws/rds/instance/${exported('DatabaseInstanceId')}/${log}`, 30, databaseKey);
}

// D-07: the security groups, rule by rule (AWS lists them in any order), and the default one that nobody uses
const from = (CidrIp: string) => ({ IpRanges: [Match.objectLike({ CidrIp })] });
const group = (GroupId: string) => ({ UserIdGroupPairs: [Match.objectLike({ GroupId })] });
for (const [id, direction, port, peer] of [
  [frontGroup, 'IpPermissionsEgress', 443, group(instanceGroup)],
  [instanceGroup, 'IpPermissions', 443, group(frontGroup)],
  [instanceGroup, 'IpPermissionsEgress', 443, from('0.0.0.0/0')],
  [instanceGroup, 'IpPermissionsEgress', 13306, group(databaseGroup)],
] as const) {
  reads('ec2', 'DescribeSecurityGroups', { GroupIds: [id] }, {
    SecurityGroups: [{ [direction]: Match.arrayWith([Match.objectLike({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...peer })]) }],
  });
}
reads('ec2', 'DescribeSecurityGroups', { GroupIds: [frontGroup] }, { SecurityGroups: [{ IpPermissions: [] }] });
// the database is reached from the instances, and from nowhere else
reads('ec2', 'DescribeSecurityGroups', { GroupIds: [databaseGroup] }, {
  SecurityGroups: [{ IpPermissions: [{ IpProtocol: 'tcp', FromPort: 13306, ToPort: 13306, IpRanges: [], ...group(instanceGroup) }] }],
});
environment.closesDefaultGroup();

// D-08: the API answers who signs, and nobody else
const restApiId = exported('ApiId');
reads('api-gateway', 'GetRestApi', { restApiId }, { name: `tap-api-${SUFFIX}` }, ['apigateway:GET']);
reads('api-gateway', 'GetStage', { restApiId, stageName: 'prod' }, { tracingEnabled: true, accessLogSettings: { destinationArn: Match.stringLikeRegexp('ApiAccessLogs') } }, ['apigateway:GET']);
asksWhoCalls(environment, '{"message":"no data yet"}');

// D-09: the trail records, its log files can be validated, and logs end some day
trailLogs(environment, auditKey);
for (const logGroup of ['InstanceLogGroup', 'ApiAccessLogGroup']) environment.keepsLogs(exported(logGroup), 30, auditKey);
environment.keepsLogs(exported('TrailLogGroup'), 365, auditKey);
// what the agent measures, beside what EC2 sees
for (const [nth, InstanceId] of instances.entries()) {
  for (const [alarm, namespace, metric] of [['Memory', 'CWAgent', 'mem_used_percent'], ['Disk', 'CWAgent', 'disk_used_percent'], ['Cpu', 'AWS/EC2', 'CPUUtilization']]) {
    reads('cloudwatch', 'DescribeAlarms', { AlarmNamePrefix: `${stackName(SUFFIX)}-FleetAlarms${nth + 1}${alarm}` }, {
      MetricAlarms: [{
        Namespace: namespace, MetricName: metric, ActionsEnabled: true, AlarmActions: [topicArn],
        Dimensions: Match.arrayWith([Match.objectLike({ Name: 'InstanceId', Value: InstanceId })]),
      }],
    });
  }
}

// D-10, X-05: the outputs, described and exported
environment.putsOut('VPCId', 'DataLakeBucketName', 'LaunchTemplateId', 'DatabaseEndpoint', 'ApiUrl', 'TrailArn', 'AlertsTopicArn', 'EnvironmentSuffix');

// D-09: alarms and changes of security groups reach a subscriber
new AlertPaths(environment).alarm('FleetAlarms1Cpu').worldOpen(instanceGroup);

// D-02: data goes through the key; X-08: every bucket refuses plain HTTP; X-04: more than 1,000 versions go with the stack
new DataPath(environment).throughTheKey(lake, storageKey).overTlsOnly(lake, logging, cloudTrail).manyVersions(lake);
