import { Match } from '@aws-cdk/integ-tests-alpha';
import { Aws } from 'aws-cdk-lib';
import { stackName } from '../src/app';
import { AlertPaths } from './_helpers/alert-paths';
import { DataPath } from './_helpers/data-path';
import { CUSTOMER_KEY, DeployedEnvironment, filter, policyWith, SUFFIX } from './_helpers/deployed-environment';
import { trailLogs } from './_helpers/records';

export const environment = new DeployedEnvironment('baseline', 'BaselineTest');
const exported = environment.exported.bind(environment);
const reads = environment.reads.bind(environment);

const vpcId = exported('VPCId');
const [publicSubnets, privateSubnets] = ['Public', 'Private'].map((tier) => [1, 2].map((zone) => exported(`${tier}Subnet${zone}Id`)));
const [publicGroup, privateGroup, databaseGroup] = ['Public', 'Private', 'Database'].map((tier) => exported(`${tier}SecurityGroupId`));
const [secureStorage, logging, cloudTrail] = ['SecureStorage', 'Logging', 'CloudTrail'].map((bucket) => exported(`${bucket}BucketName`));
const topicArn = exported('AlertsTopicArn');

// the name and the tags; X-04: the stage
environment.isTaggedAndUnprotected(`tap-vpc-${SUFFIX}`);

// B-01, X-06: exact addresses, each tier in two zones; B-02: the ways out
for (const [index, [id, cidr]] of [...publicSubnets, ...privateSubnets].map((id, i) => [id, `10.0.${i + 1}.0/24`]).entries()) {
  reads('ec2', 'DescribeSubnets', { SubnetIds: [id] }, {
    Subnets: [{ VpcId: vpcId, CidrBlock: cidr, AvailabilityZone: Match.stringLikeRegexp(index % 2 === 0 ? 'a$' : 'b$'), MapPublicIpOnLaunch: false }],
  });
}
for (const subnet of publicSubnets) {
  reads('ec2', 'DescribeNatGateways', { Filter: [{ Name: 'subnet-id', Values: [subnet] }] }, {
    NatGateways: [{ State: 'available', VpcId: vpcId, NatGatewayAddresses: [{ AllocationId: Match.stringLikeRegexp('^eipalloc-') }] }],
  });
  reads('ec2', 'DescribeRouteTables', filter('association.subnet-id', subnet), {
    RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: Match.stringLikeRegexp('^igw-') })]) }],
  });
}
for (const subnet of privateSubnets) {
  reads('ec2', 'DescribeRouteTables', filter('association.subnet-id', subnet), {
    RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: Match.stringLikeRegexp('^nat-') })]) }],
  });
}
reads('ec2', 'DescribeFlowLogs', { Filter: [{ Name: 'resource-id', Values: [vpcId] }] }, { FlowLogs: [{ FlowLogStatus: 'ACTIVE', TrafficType: 'ALL' }] });

// B-03: the instances and their volumes
for (const [id, subnet, group] of [
  [exported('PublicInstanceId'), publicSubnets[0], publicGroup],
  [exported('PrivateInstanceId'), privateSubnets[0], privateGroup],
]) {
  reads('ec2', 'DescribeInstances', { InstanceIds: [id] }, {
    Reservations: [{
      Instances: [{
        SubnetId: subnet,
        SecurityGroups: [{ GroupId: group }],
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        Monitoring: { State: 'enabled' },
      }],
    }],
  });
  reads('ec2', 'DescribeVolumes', filter('attachment.instance-id', id), {
    Volumes: [{ Encrypted: true, KmsKeyId: CUSTOMER_KEY, Attachments: [{ DeleteOnTermination: true }] }],
  });
}

// B-04: the database, its subnets and its secret
reads('rds', 'DescribeDBInstances', { DBInstanceIdentifier: exported('DatabaseInstanceId') }, {
  DBInstances: [{
    Engine: 'mysql',
    PubliclyAccessible: false,
    StorageEncrypted: true,
    KmsKeyId: CUSTOMER_KEY,
    MasterUsername: 'dboperator',
    MasterUserSecret: { SecretArn: exported('DatabaseSecretArn'), KmsKeyId: CUSTOMER_KEY },
    BackupRetentionPeriod: 7,
    DeletionProtection: false,
    MultiAZ: false,
    VpcSecurityGroups: [{ VpcSecurityGroupId: databaseGroup }],
    DBSubnetGroup: { VpcId: vpcId, Subnets: privateSubnets.map((SubnetIdentifier) => ({ SubnetIdentifier })) },
  }],
});
reads('secrets-manager', 'DescribeSecret', { SecretId: exported('DatabaseSecretArn') }, {
  KmsKeyId: CUSTOMER_KEY, RotationEnabled: true, RotationRules: { AutomaticallyAfterDays: 7 },
}, ['secretsmanager:DescribeSecret']);

// B-05: the security groups, rule by rule (AWS lists them in any order), and the default one that nobody uses
const from = (CidrIp: string) => ({ IpRanges: [Match.objectLike({ CidrIp })] });
const groupRule = (GroupId: string) => ({ UserIdGroupPairs: Match.arrayWith([Match.objectLike({ GroupId })]) });
for (const [id, direction, IpProtocol, port, peer] of [
  ...[publicGroup, privateGroup].flatMap((id) => [
    [id, 'IpPermissions', 'tcp', 22, from('10.0.0.0/16')],
    [id, 'IpPermissionsEgress', 'tcp', 443, from('0.0.0.0/0')],
    [id, 'IpPermissionsEgress', 'udp', 53, from('10.0.0.0/16')],
    [id, 'IpPermissionsEgress', 'tcp', 13306, groupRule(databaseGroup)],
    [databaseGroup, 'IpPermissions', 'tcp', 13306, groupRule(id)],
  ] as const),
]) {
  reads('ec2', 'DescribeSecurityGroups', { GroupIds: [id] }, {
    SecurityGroups: [{ [direction]: Match.arrayWith([Match.objectLike({ IpProtocol, FromPort: port, ToPort: port, ...peer })]) }],
  });
}
environment.closesDefaultGroup();

// B-06: the roles may their job and not what lies next to it
environment.decides(exported('PrivateInstanceRoleArn'), [
  ['allowed', 's3:PutObject', `arn:aws:s3:::${secureStorage}/report`],
  ['implicitDeny', 's3:DeleteObjectVersion', `arn:aws:s3:::${secureStorage}/report`],
  ['implicitDeny', 's3:PutObject', `arn:aws:s3:::${logging}/report`],
  ['implicitDeny', 's3:GetObject', `arn:aws:s3:::${cloudTrail}/report`],
  ['explicitDeny', 'iam:PassRole', exported('PrivateInstanceRoleArn')],
]);
environment.decides(exported('PublicInstanceRoleArn'), [
  ['implicitDeny', 's3:GetObject', `arn:aws:s3:::${secureStorage}/report`],
  ['explicitDeny', 'iam:PassRole', exported('PrivateInstanceRoleArn')],
]);

// B-07: whoever is in the group enrols without MFA, does nothing else without, and with MFA is not denied what others permit
reads('iam', 'ListAttachedGroupPolicies', { GroupName: exported('MFAGroupName') }, { AttachedPolicies: [{ PolicyArn: exported('MFAPolicyArn') }] });
const group = `arn:aws:iam::${Aws.ACCOUNT_ID}:group/${exported('MFAGroupName')}`;
const mfaDevice = `arn:aws:iam::${Aws.ACCOUNT_ID}:mfa/phone`;
for (const [decision, action, mfa] of [
  ['allowed', 'iam:CreateVirtualMFADevice', 'false'],
  ['allowed', 'iam:CreateVirtualMFADevice', undefined],
  ['explicitDeny', 's3:ListAllMyBuckets', 'false'],
  ['explicitDeny', 's3:ListAllMyBuckets', undefined],
  ['explicitDeny', 'iam:DeactivateMFADevice', 'false'],
  ['explicitDeny', 'iam:GetAccountPasswordPolicy', 'false'],
  ['allowed', 'iam:GetAccountPasswordPolicy', 'true'],
  // nobody permits it, and it is not denied either
  ['implicitDeny', 's3:ListAllMyBuckets', 'true'],
] as const) {
  const context = mfa === undefined ? [] : [{ ContextKeyName: 'aws:MultiFactorAuthPresent', ContextKeyType: 'boolean', ContextKeyValues: [mfa] }];
  environment.decides(group, [[decision, action, mfaDevice]], context);
}

// B-08: the key
reads('kms', 'DescribeKey', { KeyId: exported('KMSKeyId') }, { KeyMetadata: { KeyState: 'Enabled', KeyManager: 'CUSTOMER' } });
reads('kms', 'GetKeyRotationStatus', { KeyId: exported('KMSKeyId') }, { KeyRotationEnabled: true });
reads('kms', 'GetKeyPolicy', { KeyId: exported('KMSKeyId'), PolicyName: 'default' }, {
  Policy: policyWith({ Sid: 'AllowLogGroups' }, { Sid: 'AllowCloudWatchAlarms' }, { Sid: 'AllowEventBridgeRules' }, { Sid: 'AllowCloudTrail' }),
});

// B-09: the trail
trailLogs(environment);

// B-10, B-11: who hears of changes of security groups
const functionArn = exported('SecurityChangeFunctionArn');
reads('lambda', 'GetFunctionConfiguration', { FunctionName: functionArn }, {
  VpcConfig: { VpcId: vpcId, SubnetIds: privateSubnets },
  Environment: { Variables: { TOPIC_ARN: topicArn } },
  DeadLetterConfig: { TargetArn: Match.stringLikeRegexp('-WatchFailedEventsQueue-') },
  KMSKeyArn: CUSTOMER_KEY,
  LoggingConfig: { LogFormat: 'JSON' },
}, ['lambda:GetFunctionConfiguration']);
reads('eventbridge', 'ListRuleNamesByTarget', { TargetArn: functionArn }, { RuleNames: [Match.stringLikeRegexp('^TapStackinteg-Watch')] }, ['events:ListRuleNamesByTarget']);
reads('sqs', 'GetQueueAttributes', { QueueUrl: exported('FailedEventsQueueUrl'), AttributeNames: ['All'] }, { Attributes: { KmsMasterKeyId: CUSTOMER_KEY } });

// B-12, B-13: the buckets, and who read and wrote them
for (const [bucket, algorithm] of [[secureStorage, 'aws:kms'], [logging, 'AES256'], [cloudTrail, 'AES256']]) {
  reads('s3', 'GetBucketEncryption', { Bucket: bucket }, {
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm } }] },
  }, ['s3:GetEncryptionConfiguration']);
  reads('s3', 'GetBucketVersioning', { Bucket: bucket }, { Status: 'Enabled' });
  reads('s3', 'GetPublicAccessBlock', { Bucket: bucket }, {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
  }, ['s3:GetBucketPublicAccessBlock']);
  reads('s3', 'GetBucketPolicy', { Bucket: bucket }, { Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }) });
  reads('s3', 'GetBucketLifecycleConfiguration', { Bucket: bucket }, {
    Rules: Match.arrayWith([Match.objectLike({ ID: 'SupersededVersions', Status: 'Enabled' })]),
  }, ['s3:GetLifecycleConfiguration']);
}
for (const bucket of [secureStorage, cloudTrail]) {
  reads('s3', 'GetBucketLogging', { Bucket: bucket }, { LoggingEnabled: { TargetBucket: logging } });
}
for (const logGroup of ['PublicInstanceLogGroup', 'PrivateInstanceLogGroup']) environment.keepsLogs(exported(logGroup), 30);
environment.keepsLogs(exported('TrailLogGroup'), 365);

// B-14: the topic, and an alarm of each kind
reads('sns', 'GetTopicAttributes', { TopicArn: topicArn }, {
  Attributes: { KmsMasterKeyId: CUSTOMER_KEY, Policy: policyWith({ Effect: 'Deny' }, { Sid: 'AllowCloudWatchAlarms' }) },
});
for (const [alarm, metric] of [['PublicServerAlarmsCpu', 'CPUUtilization'], ['PrivateServerAlarmsNetworkOut', 'NetworkOut'], ['DatabaseAlarmsConnections', 'DatabaseConnections']]) {
  reads('cloudwatch', 'DescribeAlarms', { AlarmNamePrefix: `${stackName(SUFFIX)}-${alarm}` }, {
    MetricAlarms: [{ MetricName: metric, ActionsEnabled: true, AlarmActions: [topicArn] }],
  });
}

// B-15, X-05: the outputs, described and exported
environment.putsOut('VPCId', 'DatabaseEndpoint', 'SecureStorageBucketName', 'TrailArn', 'AlertsTopicArn', 'MFAGroupName', 'EnvironmentSuffix');

// B-10, B-14: alarms and changes of security groups reach a subscriber
new AlertPaths(environment).alarm('DatabaseAlarmsConnections').worldOpen(privateGroup);

// B-08, B-12: data goes through the key; X-08: every bucket refuses plain HTTP; X-04: more than 1,000 versions go with the stack
new DataPath(environment).throughTheKey(secureStorage).overTlsOnly(secureStorage, logging, cloudTrail).manyVersions(secureStorage);
