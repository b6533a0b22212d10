import { Match } from '@aws-cdk/integ-tests-alpha';
import { AlertPaths } from './_helpers/alert-paths';
import { asksWhoCalls } from './_helpers/api-answers';
import { DataPath } from './_helpers/data-path';
import { CUSTOMER_KEY, DeployedEnvironment, filter, policyWith, SUFFIX } from './_helpers/deployed-environment';
import { configurationIsRecorded, trailLogs } from './_helpers/records';

export const environment = new DeployedEnvironment('tap-stack', 'TapStackTest');
const exported = environment.exported.bind(environment);
const reads = environment.reads.bind(environment);

const vpcId = exported('VPCId');
const [lake, logging, cloudTrail, config] = ['DataLake', 'Logging', 'CloudTrail', 'Config'].map((bucket) => exported(`${bucket}BucketName`));

// the name and the tags; X-04: the stage
environment.isTaggedAndUnprotected(`tap-vpc-${SUFFIX}`);

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
  ['PublicSecurityGroupId', 22, { IpRanges: [Match.objectLike({ CidrIp: '10.0.0.0/16' })] }],
  ['InstanceSecurityGroupId', 443, groupRule(exported('FrontSecurityGroupId'))],
  ['InstanceSecurityGroupId', 22, { IpRanges: [Match.objectLike({ CidrIp: '10.0.0.0/16' })] }],
  ['DatabaseSecurityGroupId', 13306, groupRule(exported('InstanceSecurityGroupId'))],
] as const) {
  reads('ec2', 'DescribeSecurityGroups', { GroupIds: [exported(id)] }, {
    SecurityGroups: [{ IpPermissions: Match.arrayWith([Match.objectLike({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...peer })]) }],
  });
}

// B-03: the instance in the public tier and its volume, as those of the fleet
reads('ec2', 'DescribeInstances', { InstanceIds: [exported('PublicInstanceId')] }, {
  Reservations: [{
    Instances: [{
      SubnetId: exported('PublicSubnet1Id'),
      PublicIpAddress: Match.stringLikeRegexp('^\\d+\\.'),
      SecurityGroups: [{ GroupId: exported('PublicSecurityGroupId') }],
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Monitoring: { State: 'enabled' },
    }],
  }],
});
reads('ec2', 'DescribeVolumes', filter('attachment.instance-id', exported('PublicInstanceId')), {
  Volumes: [{ Encrypted: true, KmsKeyId: CUSTOMER_KEY, Attachments: [{ DeleteOnTermination: true }] }],
});

// B-04, D-06: the database
reads('rds', 'DescribeDBInstances', { DBInstanceIdentifier: exported('DatabaseInstanceId') }, {
  DBInstances: [{
    Engine: 'mysql', PubliclyAccessible: false, StorageEncrypted: true, KmsKeyId: CUSTOMER_KEY, BackupRetentionPeriod: 7, DeletionProtection: false,
    MasterUserSecret: { SecretArn: exported('DatabaseSecretArn'), KmsKeyId: CUSTOMER_KEY },
    VpcSecurityGroups: [{ VpcSecurityGroupId: exported('DatabaseSecurityGroupId') }],
  }],
});

// B-06, D-05: the role of the instances may its job and not what lies next to it
environment.decides(exported('InstanceRoleArn'), [
  ['allowed', 's3:PutObject', `arn:aws:s3:::${lake}/report`],
  ['implicitDeny', 's3:DeleteObjectVersion', `arn:aws:s3:::${lake}/report`],
  ['implicitDeny', 's3:GetObject', `arn:aws:s3:::${cloudTrail}/report`],
  ['explicitDeny', 'iam:PassRole', exported('InstanceRoleArn')],
]);

// B-03, B-06: that of the instance in the public tier has nothing to do with the data, and does not speak for the fleet
environment.decides(exported('PublicInstanceRoleArn'), [
  ['implicitDeny', 's3:GetObject', `arn:aws:s3:::${lake}/report`],
  ['implicitDeny', 'cloudformation:SignalResource', '*'],
  ['explicitDeny', 'iam:PassRole', exported('PublicInstanceRoleArn')],
]);

// B-08, D-03, P-02: the keys, and who may use them in its own name
for (const [key, ...services] of [
  ['KMSKeyId', 'AllowLogGroups', 'AllowCloudWatchAlarms', 'AllowEventBridgeRules', 'AllowConfig'],
  ['DatabaseKeyId', 'AllowLogGroups'],
  ['AuditKeyId', 'AllowCloudTrail', 'AllowLogGroups'],
]) {
  reads('kms', 'GetKeyRotationStatus', { KeyId: exported(key) }, { KeyRotationEnabled: true });
  reads('kms', 'GetKeyPolicy', { KeyId: exported(key), PolicyName: 'default' }, { Policy: policyWith(...services.map((Sid) => ({ Sid }))) });
}

// B-12, D-02: the buckets
for (const [bucket, algorithm] of [[lake, 'aws:kms'], [logging, 'AES256'], [cloudTrail, 'AES256'], [config, 'aws:kms']]) {
  reads('s3', 'GetBucketEncryption', { Bucket: bucket }, {
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }] },
  }, ['s3:GetEncryptionConfiguration']);
  reads('s3', 'GetBucketVersioning', { Bucket: bucket }, { Status: 'Enabled' });
  reads('s3', 'GetBucketPolicy', { Bucket: bucket }, { Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }) });
}

// D-08: the API asks who calls
reads('api-gateway', 'GetStages', { restApiId: exported('ApiId') }, { item: [{ stageName: 'prod', accessLogSettings: { destinationArn: Match.stringLikeRegexp('ApiAccessLogs') } }] }, ['apigateway:GET']);
asksWhoCalls(environment, '{"message":"no data yet"}');

// B-09, D-09: the trail records; C-05: and the use of the lake
trailLogs(environment);
reads('cloudtrail', 'GetEventSelectors', { TrailName: exported('TrailArn') }, {
  AdvancedEventSelectors: Match.arrayWith([Match.objectLike({
    FieldSelectors: Match.arrayWith([Match.objectLike({ Field: 'resources.ARN', StartsWith: [`arn:aws:s3:::${lake}/`] })]),
  })]),
});

// C-03, R-11: everything is recorded, and checked
configurationIsRecorded(environment, ['RDS_STORAGE_ENCRYPTED', 'S3_BUCKET_SSL_REQUESTS_ONLY', 'VPC_FLOW_LOGS_ENABLED']);
const checks = `tap-checks-${SUFFIX}`;
reads('config-service', 'DescribeConformancePackStatus', { ConformancePackNames: [checks] }, {
  ConformancePackStatusDetails: [{ ConformancePackName: checks, ConformancePackState: 'CREATE_COMPLETE' }],
}, ['config:DescribeConformancePackStatus']);

// C-09: what CIS asks to be told about is counted
for (const metricName of ['RootUsage', 'SecurityGroupChanges', 'CloudTrailChanges']) {
  reads('cloudwatch-logs', 'DescribeMetricFilters', { logGroupName: exported('TrailLogGroup'), filterNamePrefix: metricName }, {
    metricFilters: [{ metricTransformations: [{ metricName, metricNamespace: exported('SecurityAlarmsNamespace') }] }],
  });
}

// the outputs, described and exported
environment.putsOut('VPCId', 'DataLakeBucketName', 'FleetName', 'DatabaseEndpoint', 'ApiUrl', 'TrailArn', 'AlertsTopicArn', 'EnvironmentSuffix');

// B-10, B-14, C-09, R-01: alarms, changes of security groups and failed deployments reach a subscriber
new AlertPaths(environment).alarm('FleetAlarmsCpu').alarm('SecurityAlarmsRootUsage').worldOpen(exported('InstanceSecurityGroupId')).failedDeployment();

// B-12, D-02: data goes through the key; X-08: every bucket refuses plain HTTP; C-07, X-04: more than 1,000 versions go with the stack
new DataPath(environment).throughTheKey(lake).overTlsOnly(lake, logging, cloudTrail, config).manyVersions(lake);
