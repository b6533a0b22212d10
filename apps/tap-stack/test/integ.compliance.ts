import { Match } from '@aws-cdk/integ-tests-alpha';
import { MonitoredActivity } from '@tapstack/audit-trail';
import { stackName } from '../src/app';
import { AlertPaths } from './_helpers/alert-paths';
import { DataPath } from './_helpers/data-path';
import { CUSTOMER_KEY, DeployedEnvironment, filter, policyWith, SUFFIX } from './_helpers/deployed-environment';
import { configurationIsRecorded, trailLogs } from './_helpers/records';

export const environment = new DeployedEnvironment('compliance', 'ComplianceTest');
const exported = environment.exported.bind(environment);
const reads = environment.reads.bind(environment);

const vpcId = exported('VPCId');
const privateSubnets = [1, 2].map((zone) => exported(`PrivateSubnet${zone}Id`));
const [serverGroup, databaseGroup] = ['Server', 'Database'].map((tier) => exported(`${tier}SecurityGroupId`));
const [secureStorage, logging, cloudTrail, config] = ['SecureStorage', 'Logging', 'CloudTrail', 'Config'].map((bucket) => exported(`${bucket}BucketName`));
const topicArn = exported('AlertsTopicArn');
const trailLogGroup = exported('TrailLogGroup');

// the name and the tags; X-04: the stage
environment.isTaggedAndUnprotected(`tap-vpc-${SUFFIX}`);

// C-01: the private subnets are in two zones, and the database is in them
for (const [index, id] of privateSubnets.entries()) {
  reads('ec2', 'DescribeSubnets', { SubnetIds: [id] }, {
    Subnets: [{ VpcId: vpcId, CidrBlock: `10.0.${index + 2}.0/24`, AvailabilityZone: Match.stringLikeRegexp(['a$', 'b$'][index]), MapPublicIpOnLaunch: false }],
  });
  reads('ec2', 'DescribeRouteTables', filter('association.subnet-id', id), {
    RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: Match.stringLikeRegexp('^nat-') })]) }],
  });
}

// C-02: what the server may do with buckets, and with which
environment.decides(exported('ServerRoleArn'), [
  ['allowed', 's3:PutObject', `arn:aws:s3:::${secureStorage}/report`],
  ['allowed', 's3:ListBucket', `arn:aws:s3:::${secureStorage}`],
  ['implicitDeny', 's3:PutObject', `arn:aws:s3:::${secureStorage}-2/report`],
  ['implicitDeny', 's3:PutObject', `arn:aws:s3:::${config}/report`],
  ['implicitDeny', 's3:GetObject', `arn:aws:s3:::${cloudTrail}/report`],
  ['implicitDeny', 's3:DeleteObjectVersion', `arn:aws:s3:::${secureStorage}/report`],
]);

// C-03: AWS Config records everything, delivers to the bucket of the stack, and checks
configurationIsRecorded(environment, [
  'CLOUD_TRAIL_ENCRYPTION_ENABLED', 'ROOT_ACCOUNT_MFA_ENABLED', 'RDS_STORAGE_ENCRYPTED', 'S3_BUCKET_VERSIONING_ENABLED', 'EC2_IMDSV2_CHECK', 'IAM_PASSWORD_POLICY',
]);

// C-04: the database and its logs
reads('rds', 'DescribeDBInstances', { DBInstanceIdentifier: exported('DatabaseInstanceId') }, {
  DBInstances: [{
    Engine: 'mysql',
    EngineVersion: Match.stringLikeRegexp('^8\\.4'),
    EnabledCloudwatchLogsExports: ['error', 'general', 'slowquery'],
    PubliclyAccessible: false,
    StorageEncrypted: true,
    KmsKeyId: CUSTOMER_KEY,
    DeletionProtection: false,
    VpcSecurityGroups: [{ VpcSecurityGroupId: databaseGroup }],
    DBSubnetGroup: { VpcId: vpcId, Subnets: privateSubnets.map((SubnetIdentifier) => ({ SubnetIdentifier })) },
  }],
});
for (const log of ['error', 'general', 'slowquery']) {
  environment.keepsLogs(`/aws/rds/instance/${exported('DatabaseInstanceId')}/${log}`, 30);
}

// C-05: the trail records, and the use of the secure storage with it
trailLogs(environment);
reads('cloudtrail', 'GetEventSelectors', { TrailName: exported('TrailArn') }, {
  AdvancedEventSelectors: [
    { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    { FieldSelectors: Match.arrayWith([Match.objectLike({ Field: 'resources.ARN', StartsWith: [`arn:aws:s3:::${secureStorage}/`] })]) },
  ],
});

// C-06: the server and its image
reads('ec2', 'DescribeInstances', { InstanceIds: [exported('ServerInstanceId')] }, {
  Reservations: [{
    Instances: [{
      ImageId: Match.stringLikeRegexp('^ami-'), SubnetId: privateSubnets[0], SecurityGroups: [{ GroupId: serverGroup }], MetadataOptions: { HttpTokens: 'required' },
    }],
  }],
});

// C-07, C-08: the buckets; the function that empties them may list and delete every version
const SERVICES: Record<string, object[]> = {
  [cloudTrail]: [{ Sid: 'AllowTrailDelivery', Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } }],
  [config]: [{
    Sid: 'AllowConfigDelivery', Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' },
    Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': Match.stringLikeRegexp('^\\d{12}$') } },
  }],
};
for (const bucket of [secureStorage, logging, cloudTrail, config]) {
  reads('s3', 'GetBucketVersioning', { Bucket: bucket }, { Status: 'Enabled' });
  for (const statement of [{ Sid: 'DenyInsecureConnections', Effect: 'Deny' }, { Effect: 'Allow', Action: Match.arrayWith(['s3:DeleteObject*']) }, ...SERVICES[bucket] ?? []]) {
    reads('s3', 'GetBucketPolicy', { Bucket: bucket }, { Policy: policyWith(statement) });
  }
}
for (const bucket of [secureStorage, cloudTrail, config]) reads('s3', 'GetBucketLogging', { Bucket: bucket }, { LoggingEnabled: { TargetBucket: logging } });

// C-09: an alarm for whatever CIS asks about; what its filter finds among events of the trail, and what it leaves
for (const { id } of MonitoredActivity.all()) {
  reads('cloudwatch-logs', 'DescribeMetricFilters', { logGroupName: trailLogGroup, filterNamePrefix: id }, {
    metricFilters: [{ filterName: id, metricTransformations: [{ metricName: id, metricNamespace: `tap-security-${SUFFIX}`, metricValue: '1' }] }],
  });
  reads('cloudwatch', 'DescribeAlarms', { AlarmNamePrefix: `${stackName(SUFFIX)}-SecurityAlarms${id}` }, {
    MetricAlarms: [{ MetricName: id, Namespace: `tap-security-${SUFFIX}`, Threshold: 1, ActionsEnabled: true, AlarmActions: [topicArn] }],
  });
}
const refused = { errorCode: 'AccessDenied', eventName: 'GetObject', sourceIPAddress: '198.51.100.7', userIdentity: { type: 'IAMUser' } };
const byRoot = { eventName: 'CreateUser', eventType: 'AwsApiCall', userIdentity: { type: 'Root' } };
for (const [activity, event, nearMiss] of [
  [MonitoredActivity.UNAUTHORIZED_API_CALLS, refused, { ...refused, errorCode: 'NoSuchKey' }],
  [MonitoredActivity.ROOT_USAGE, byRoot, { ...byRoot, eventType: 'AwsServiceEvent' }],
] as const) {
  reads('cloudwatch-logs', 'TestMetricFilter', { filterPattern: activity.pattern(), logEventMessages: [event, nearMiss].map((one) => JSON.stringify(one)) }, {
    matches: [{ eventNumber: 1 }],
  }, ['logs:TestMetricFilter']);
}

// C-10: the logs
for (const logGroup of ['ApplicationLogGroup', 'FlowLogGroup']) environment.keepsLogs(exported(logGroup), 30);
environment.keepsLogs(exported('TrailLogGroup'), 365);
reads('ec2', 'DescribeFlowLogs', { Filter: [{ Name: 'resource-id', Values: [vpcId] }] }, { FlowLogs: [{ FlowLogStatus: 'ACTIVE', TrafficType: 'ALL', LogGroupName: exported('FlowLogGroup') }] });

// C-11: the ways out
const to = (CidrIp: string) => ({ IpRanges: [Match.objectLike({ CidrIp })] });
for (const [IpProtocol, port, peer] of [
  ['tcp', 443, to('0.0.0.0/0')],
  ['udp', 53, to('10.0.0.0/16')],
  ['tcp', 13306, { UserIdGroupPairs: [Match.objectLike({ GroupId: databaseGroup })] }],
] as const) {
  reads('ec2', 'DescribeSecurityGroups', { GroupIds: [serverGroup] }, {
    SecurityGroups: [{ IpPermissionsEgress: Match.arrayWith([Match.objectLike({ IpProtocol, FromPort: port, ToPort: port, ...peer })]) }],
  });
}
environment.closesDefaultGroup();

// the outputs, described and exported
environment.putsOut('VPCId', 'ConfigBucketName', 'TrailArn', 'ApplicationLogGroup', 'EnvironmentSuffix');

// C-09: alarms, those of CIS among them, and changes of security groups reach a subscriber
new AlertPaths(environment).alarm('ServerAlarmsCpu').alarm('SecurityAlarmsRootUsage').worldOpen(serverGroup);

// data goes through the key, and every bucket refuses plain HTTP; C-07, X-04: more than 1,000 versions go with the stack
new DataPath(environment).throughTheKey(secureStorage).overTlsOnly(secureStorage, logging, cloudTrail, config).manyVersions(secureStorage);
