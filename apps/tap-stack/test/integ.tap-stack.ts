import { ExpectedResult, Match } from '@aws-cdk/integ-tests-alpha';
import { stackName } from '../src/app';
import { AlertPaths } from './_helpers/alert-paths';
import { DeployedEnvironment, filter, policyWith, SUFFIX } from './_helpers/deployed-environment';

const environment = new DeployedEnvironment('tap-stack', 'TapStackTest');
const exported = environment.exported.bind(environment);
const call = environment.call.bind(environment);
const reads = environment.reads.bind(environment);

const vpcId = exported('VPCId');
const topicArn = exported('AlertsTopicArn');
const customerKey = Match.stringLikeRegexp(':key/');
const [lake, logging, cloudTrail, config] = ['DataLake', 'Logging', 'CloudTrail', 'Config'].map((bucket) => exported(`${bucket}BucketName`));

// the name and the tags, those of the stack included
const tagged = Object.entries({ Name: `tap-vpc-${SUFFIX}`, Environment: 'development', Project: 'tap-stack', Owner: 'platform' });
reads('ec2', 'DescribeVpcs', { Filters: tagged.map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })) }, {
  Vpcs: [{ VpcId: vpcId, CidrBlock: '10.0.0.0/16' }],
});

// B-01, D-01, X-06: exact addresses, each tier in two zones; B-02: private subnets lead out by a NAT gateway, those of the database nowhere
for (const [index, id] of ['Public', 'Private', 'Database'].flatMap((tier) => [1, 2].map((zone) => exported(`${tier}Subnet${zone}Id`))).entries()) {
  reads('ec2', 'DescribeSubnets', { SubnetIds: [id] }, {
    Subnets: [{ VpcId: vpcId, CidrBlock: `10.0.${index + 1}.0/24`, AvailabilityZone: Match.stringLikeRegexp(index % 2 === 0 ? 'a$' : 'b$'), MapPublicIpOnLaunch: false }],
  });
}
for (const zone of [1, 2]) {
  reads('ec2', 'DescribeRouteTables', filter('association.subnet-id', exported(`PrivateSubnet${zone}Id`)), {
    RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: Match.stringLikeRegexp('^nat-') })]) }],
  });
}

// D-04: two instances at least, in the private subnets; B-05, D-07: who reaches them and the database
reads('auto-scaling', 'DescribeAutoScalingGroups', { AutoScalingGroupNames: [exported('FleetName')] }, {
  AutoScalingGroups: [{ MinSize: 2, MaxSize: 4, HealthCheckType: 'EC2' }],
}, ['autoscaling:DescribeAutoScalingGroups']);
const groupRule = (GroupId: string) => ({ UserIdGroupPairs: Match.arrayWith([Match.objectLike({ GroupId })]) });
for (const [id, port, peer] of [
  ['InstanceSecurityGroupId', 443, groupRule(exported('FrontSecurityGroupId'))],
  ['InstanceSecurityGroupId', 22, { IpRanges: [Match.objectLike({ CidrIp: '10.0.0.0/16' })] }],
  ['DatabaseSecurityGroupId', 13306, groupRule(exported('InstanceSecurityGroupId'))],
] as const) {
  reads('ec2', 'DescribeSecurityGroups', { GroupIds: [exported(id)] }, {
    SecurityGroups: [{ IpPermissions: Match.arrayWith([Match.objectLike({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...peer })]) }],
  });
}

// B-04, D-06: the database
reads('rds', 'DescribeDBInstances', { DBInstanceIdentifier: exported('DatabaseInstanceId') }, {
  DBInstances: [{
    Engine: 'mysql', PubliclyAccessible: false, StorageEncrypted: true, KmsKeyId: customerKey, BackupRetentionPeriod: 7, DeletionProtection: false,
    MasterUserSecret: { SecretArn: exported('DatabaseSecretArn'), KmsKeyId: customerKey },
    VpcSecurityGroups: [{ VpcSecurityGroupId: exported('DatabaseSecurityGroupId') }],
  }],
});

// B-06, D-05: the role of the instances may its job and not what lies next to it
for (const [decision, action, resource] of [
  ['allowed', 's3:PutObject', `arn:aws:s3:::${lake}/report`],
  ['implicitDeny', 's3:DeleteObjectVersion', `arn:aws:s3:::${lake}/report`],
  ['implicitDeny', 's3:GetObject', `arn:aws:s3:::${cloudTrail}/report`],
  ['explicitDeny', 'iam:PassRole', exported('InstanceRoleArn')],
]) {
  reads('iam', 'SimulatePrincipalPolicy', { PolicySourceArn: exported('InstanceRoleArn'), ActionNames: [action], ResourceArns: [resource] }, {
    EvaluationResults: [{ EvalActionName: action, EvalDecision: decision }],
  });
}

// B-08, P-02: the key, and who may use it in its own name
reads('kms', 'GetKeyRotationStatus', { KeyId: exported('KMSKeyId') }, { KeyRotationEnabled: true });
reads('kms', 'GetKeyPolicy', { KeyId: exported('KMSKeyId'), PolicyName: 'default' }, {
  Policy: policyWith({ Sid: 'AllowLogGroups' }, { Sid: 'AllowCloudWatchAlarms' }, { Sid: 'AllowEventBridgeRules' }, { Sid: 'AllowCloudTrail' }, { Sid: 'AllowConfig' }),
});

// B-12, D-02: the buckets; what goes into the lake goes through the key
for (const [bucket, algorithm] of [[lake, 'aws:kms'], [logging, 'AES256'], [cloudTrail, 'AES256'], [config, 'aws:kms']]) {
  reads('s3', 'GetBucketEncryption', { Bucket: bucket }, {
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }] },
  }, ['s3:GetEncryptionConfiguration']);
  reads('s3', 'GetBucketVersioning', { Bucket: bucket }, { Status: 'Enabled' });
  reads('s3', 'GetBucketPolicy', { Bucket: bucket }, { Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }) });
}
call('s3', 'PutObject', { Bucket: lake, Key: 'report', Body: 'through the key' }, ['s3:PutObject', 'kms:GenerateDataKey'])
  .expect(ExpectedResult.objectLike({ ServerSideEncryption: 'aws:kms' }))
  .next(call('s3', 'GetObject', { Bucket: lake, Key: 'report' }, ['s3:GetObject', 'kms:Decrypt'])
    .expect(ExpectedResult.objectLike({ Body: 'through the key', SSEKMSKeyId: customerKey })));

// D-08: the API asks who calls
reads('api-gateway', 'GetStages', { restApiId: exported('ApiId') }, { item: [{ stageName: 'prod', accessLogSettings: { destinationArn: Match.stringLikeRegexp('ApiAccessLogs') } }] }, ['apigateway:GET']);

environment.asks(exported('ApiUrl'), exported('ApiMethodArn'), { signed: { status: 200, body: Match.stringLikeRegexp('no data yet') }, unsigned: { status: 403 } });

// B-09, D-09: the trail records; C-05: and the use of the lake
reads('cloudtrail', 'GetTrailStatus', { Name: exported('TrailArn') }, { IsLogging: true });
reads('cloudtrail', 'DescribeTrails', { trailNameList: [exported('TrailArn')] }, {
  trailList: [{ S3BucketName: cloudTrail, KmsKeyId: customerKey, IsMultiRegionTrail: true, LogFileValidationEnabled: true }],
});

// C-03, R-11: everything is recorded, and checked
reads('config-service', 'DescribeConfigurationRecorderStatus', {}, { ConfigurationRecordersStatus: [{ recording: true }] }, ['config:DescribeConfigurationRecorderStatus']);
reads('config-service', 'DescribeDeliveryChannels', {}, { DeliveryChannels: [{ s3BucketName: config }] }, ['config:DescribeDeliveryChannels']);
reads('config-service', 'DescribeConfigRules', {}, {
  ConfigRules: Match.arrayWith([Match.objectLike({ ConfigRuleState: 'ACTIVE', Source: { Owner: 'AWS', SourceIdentifier: 'RDS_STORAGE_ENCRYPTED' } })]),
}, ['config:DescribeConfigRules']);

// C-09: what CIS asks to be told about is counted
reads('cloudwatch-logs', 'DescribeMetricFilters', { logGroupName: exported('TrailLogGroup'), filterNamePrefix: 'RootUsage' }, {
  metricFilters: [{ metricTransformations: [{ metricName: 'RootUsage', metricNamespace: exported('SecurityAlarmsNamespace') }] }],
});

// B-10, B-14, R-01, P-08: from the cause to whoever is told
new AlertPaths(environment, topicArn)
  .alarm(`${stackName(SUFFIX)}-FleetAlarmsCpu`)
  .alarm(`${stackName(SUFFIX)}-SecurityAlarmsRootUsage`)
  .worldOpen(exported('InstanceSecurityGroupId'))
  .failedDeployment();
