import { Drill } from '@tapstack/operator';
import { accessIsLogged, areSeparate, namesCannotConflict, servicesDeliverForThisAccount } from '../drills/buckets';
import { dashboardShows } from '../drills/dashboards';
import { databaseIsMySql } from '../drills/database';
import { holdsAtLeast, putsOut, stageIsOne } from '../drills/extent';
import { imageIsTheLatest } from '../drills/images';
import { standIn } from '../drills/instances';
import { keysAre } from '../drills/keys';
import { namesArePrefixed, roleHasTwoPolicies } from '../drills/names';
import { addressesAre, routesLeadOut, zonesDiffer } from '../drills/network';
import { parametersAreHeldTo } from '../drills/parameters';
import { ADMINISTRATORS, isReached, nothingElseLeaves } from '../drills/security-groups';
import { everythingIsTagged } from '../drills/tags';
import { useIsRecorded } from '../drills/trail';
import { Answers, Deployed, found } from './_helpers/drilled';

/** A drill: what it looks at, what AWS answers when all is well, and each thing that can be wrong. */
interface Drilled {
  readonly drill: Drill;
  readonly deployed: Deployed;
  readonly well: Answers;
  readonly wrong: [what: string, answers: Answers, reason: string, deployed?: Deployed][];
}

const refused = (name: string) => Object.assign(new Error(`Parameter '${name}' must be something else`), { name: 'ValidationError' });
const tags = (values: Record<string, string>, ResourceId?: string) => Object.entries(values).map(([Key, Value]) => ({ Key, Value, ResourceId }));
const subnet = (SubnetId: string, tier: string, type: string, AvailabilityZone: string, CidrBlock: string) => (
  { SubnetId, AvailabilityZone, CidrBlock, Tags: tags({ 'aws-cdk:subnet-name': tier, 'aws-cdk:subnet-type': type }) });
const SUBNETS = [
  subnet('public', 'Public', 'Public', 'a', '10.0.1.0/24'), subnet('private', 'Private', 'Private', 'a', '10.0.2.0/24'),
  subnet('database', 'Database', 'Isolated', 'a', '10.0.3.0/24'),
];
const NETWORK: Deployed = { resources: { vpc: 'AWS::EC2::VPC', public: 'AWS::EC2::Subnet' }, outputs: { WebId: 'i-1', OtherId: 'i-2' } };
const leads = (SubnetId: string, ...Routes: object[]) => ({ Associations: [{ SubnetId }], Routes: [{ GatewayId: 'local' }, ...Routes] });
const ROUTES = [leads('public', { GatewayId: 'igw-1' }), leads('private', { NatGatewayId: 'nat-1' }, { DestinationPrefixListId: 'pl-1' }), leads('database')];
const NAT = { NatGateways: [{ NatGatewayId: 'nat-1', SubnetId: 'public' }] };
const GROUPS: Deployed = { resources: { web: 'AWS::EC2::SecurityGroup' }, outputs: { WebGroup: 'web', FrontGroup: 'front' } };
const rule = (port: number, from: object) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...from });
const group = (IpPermissions: object[], IpPermissionsEgress: object[] = []) => ({
  DescribeSecurityGroups: { SecurityGroups: [{ IpPermissions, IpPermissionsEgress }] },
});
const TIERS: Deployed = { resources: { web: 'AWS::EC2::SecurityGroup', data: 'AWS::EC2::SecurityGroup', vpc: 'AWS::EC2::VPC' } };
const TO_ANYBODY = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const TO_DATA = { UserIdGroupPairs: [{ GroupId: 'data' }] };
const MEANT = [
  rule(443, TO_ANYBODY), rule(53, { IpRanges: [{ CidrIp: '10.0.0.0/16' }] }), rule(3306, TO_DATA),
  { IpProtocol: 'icmp', FromPort: 252, ToPort: 86, IpRanges: [{ CidrIp: '255.255.255.255/32' }] },
];
/** What one of two groups lets out; the other lets it in on one port. */
const leaves = (...out: object[]) => ({
  DescribeVpcs: { Vpcs: [{ CidrBlock: '10.0.0.0/16' }] },
  DescribeSecurityGroups: ({ GroupIds: [id] }: { GroupIds: string[] }) => ({
    SecurityGroups: [id === 'web' ? { IpPermissionsEgress: out } : { IpPermissions: [rule(3306, { UserIdGroupPairs: [{ GroupId: 'web' }] })] }],
  }),
});
const FROM_FRONT = rule(443, { UserIdGroupPairs: [{ GroupId: 'front' }] });
const FROM_ADMINISTRATORS = rule(22, { IpRanges: [{ CidrIp: '10.1.0.0/16' }] });
const NAME = 'tap-data-dev-111122223333-us-east-1-an';
const BUCKETS: Deployed = {
  resources: { [NAME]: 'AWS::S3::Bucket', logs: 'AWS::S3::Bucket' }, outputs: { Data: NAME, Logs: 'logs', EnvironmentSuffix: 'dev' },
};
const policy = (...Statement: object[]) => ({ GetBucketPolicy: { Policy: JSON.stringify({ Statement }) } });
const delivers = (Condition?: object) => ({ Sid: 'Deliver', Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' }, Condition });
const launched = (ImageId: string) => ({ DescribeLaunchTemplateVersions: { LaunchTemplateVersions: [{ LaunchTemplateData: { ImageId } }] } });
const kept = (DeletionPolicy: string, other = DeletionPolicy): Deployed => ({
  ...BUCKETS, template: { Resources: { [NAME]: { Type: 'AWS::S3::Bucket', DeletionPolicy }, logs: { Type: 'AWS::S3::Bucket', DeletionPolicy: other } } },
});
const protection = (EnableTerminationProtection: boolean) => ({ DescribeStacks: { Stacks: [{ EnableTerminationProtection }] } });
const database = (changes: object) => ({ DescribeDBInstances: { DBInstances: [{ Engine: 'mysql', EngineVersion: '8.4.3', MonitoringInterval: 60, ...changes }] } });
const selects = (StartsWith: string[]) => ({ GetEventSelectors: { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'resources.ARN', StartsWith }] }] } });
const shows = (...widgets: object[]) => ({ GetDashboard: { DashboardBody: JSON.stringify({ widgets }) } });
const METRIC = { type: 'metric', properties: {} };
const KEYS = {
  GetBucketEncryption: { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { KMSMasterKeyID: 'key/s3' } }] } },
  DescribeDBInstances: { DBInstances: [{ KmsKeyId: 'key/rds' }] }, GetTrail: { Trail: { KmsKeyId: 'key/trail' } },
};
const WORKLOAD: Deployed = {
  outputs: {
    EnvironmentSuffix: 'dev', VPCId: 'vpc', EC2RoleArn: 'arn:aws:iam::1:role/prod-dev-ec2-role', AlertsTopicArn: 'arn:aws:sns:us-east-1:1:prod-dev-alerts',
    S3BucketName: 'prod-dev-secure-bucket-111122223333-us-east-1',
  },
};
const attached = (...names: string[]) => ({ ListAttachedRolePolicies: { AttachedPolicies: names.map((PolicyName) => ({ PolicyName })) } });
const TAGGED: Deployed = { resources: { vpc: 'AWS::EC2::VPC', role: 'AWS::IAM::Role' }, outputs: { EnvironmentSuffix: 'dev' } };
const OF_VPC = { Name: 'tap-vpc-dev', Environment: 'test', Project: 'tap', Owner: 'team' };
const placed = (places: Record<string, string>) => ({
  DescribeSubnets: { Subnets: [...SUBNETS, subnet('private-b', 'Private', 'Private', 'b', '10.0.4.0/24')] },
  DescribeInstances: ({ InstanceIds: [id] }: { InstanceIds: string[] }) => ({ Reservations: [{ Instances: [{ SubnetId: places[id] }] }] }),
});

const DRILLS: Record<string, Drilled> = {
  'parameters are held to their constraints': {
    drill: parametersAreHeldTo, deployed: { template: { Parameters: { AllowedSSHCIDR: { Description: 'who' }, DBUsername: { Description: 'whom' } } } },
    well: { CreateChangeSet: ({ Parameters }: { Parameters: Record<string, string>[] }) => refused(Parameters.find((one) => 'ParameterValue' in one)!.ParameterKey) },
    wrong: [
      ['the change set is made', { CreateChangeSet: {} }, 'the change set was made; the change set was made'],
      ['another parameter is at fault', { CreateChangeSet: refused('Environment') }, "Parameter 'Environment' must be"],
      ['the call fails otherwise', { CreateChangeSet: new Error('later') }, 'Error: the change set failed otherwise'],
      ['one is not described', {}, 'Suffix is not described', { template: { Parameters: { Suffix: {} } } }],
      ['one asks for a password', {}, 'DBPassword may be a password', { template: { Parameters: { DBPassword: { Description: 'x' } } } }],
      ['one is hidden', {}, 'Pin may be a password', { template: { Parameters: { Pin: { Description: 'x', NoEcho: true } } } }],
    ],
  },
  'names cannot conflict': {
    drill: namesCannotConflict, deployed: { ...BUCKETS, resources: { [NAME]: 'AWS::S3::Bucket' } }, well: {},
    wrong: [['a name has no account in it', {}, 'tap-data-dev has not', { ...BUCKETS, resources: { 'tap-data-dev': 'AWS::S3::Bucket' } }]],
  },
  'everything is tagged': {
    drill: everythingIsTagged, deployed: TAGGED,
    well: { DescribeTags: { Tags: tags(OF_VPC, 'vpc') }, ListRoleTags: { Tags: tags({ Name: 'tap-role-dev', Environment: 'test' }) } },
    wrong: [
      ['the network has no owner', { DescribeTags: { Tags: tags({ ...OF_VPC, Owner: '' }, 'vpc') } }, 'vpc has no Owner'],
      ['the tags are of something else', { DescribeTags: { Tags: tags(OF_VPC, 'other') } }, 'vpc has no Name and no Environment'],
      ['the name has another suffix', { DescribeTags: { Tags: tags({ ...OF_VPC, Name: 'tap-vpc-other' }, 'vpc') } }, 'vpc is called tap-vpc-other'],
      ['a role has none', { ListRoleTags: { Tags: [] } }, 'role has no Name and no Environment'],
    ],
  },
  'a stage is one: its data go': {
    drill: stageIsOne, deployed: kept('Delete'), well: protection(false),
    wrong: [
      ['the stack is protected', protection(true), 'protection from deletion is on'],
      ['one bucket stays', protection(true), '1 of 2 buckets stay', kept('Delete', 'RetainExceptOnCreate')],
    ],
  },
  'a stage is one: its data stay': {
    drill: stageIsOne, deployed: kept('RetainExceptOnCreate'), well: protection(true), wrong: [['the stack is not protected', protection(false), 'protection from deletion is off']],
  },
  'zones differ': {
    drill: zonesDiffer, deployed: NETWORK, well: { DescribeSubnets: { Subnets: SUBNETS } },
    wrong: [
      ['two of a tier are in one zone', { DescribeSubnets: { Subnets: [...SUBNETS, SUBNETS[1]] } }, 'two of Private in a'],
      ['a zone stands in the template', {}, 'the zone of public stands in the template', {
        ...NETWORK, template: { Resources: { public: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: 'us-east-1a' } } } },
      }],
    ],
  },
  'addresses': {
    drill: addressesAre('10.0.0.0/16', { Public: ['10.0.1.0/24'], Private: ['10.0.2.0/24'], Database: ['10.0.3.0/24'] }), deployed: NETWORK,
    well: { DescribeVpcs: { Vpcs: [{ CidrBlock: '10.0.0.0/16' }] }, DescribeSubnets: { Subnets: SUBNETS } },
    wrong: [
      ['the network is larger', { DescribeVpcs: { Vpcs: [{ CidrBlock: '10.0.0.0/8' }] } }, 'it is 10.0.0.0/8'],
      ['a subnet is missing', { DescribeSubnets: { Subnets: SUBNETS.slice(1) } }, 'its subnets are Database 10.0.3.0/24, Private 10.0.2.0/24'],
    ],
  },
  'ways out': {
    drill: routesLeadOut, deployed: NETWORK,
    well: { DescribeSubnets: { Subnets: SUBNETS }, DescribeRouteTables: { RouteTables: ROUTES }, DescribeNatGateways: NAT },
    wrong: [
      ['a private subnet leads to the internet gateway', { DescribeRouteTables: { RouteTables: [ROUTES[0], leads('private', { GatewayId: 'igw-1' }), ROUTES[2]] } }, '10.0.2.0/24 leads to'],
      ['the database leads out', { DescribeRouteTables: { RouteTables: [...ROUTES.slice(0, 2), leads('database', { NatGatewayId: 'nat-1' })] } }, '10.0.3.0/24 leads to'],
      ['a public subnet leads nowhere', { DescribeRouteTables: { RouteTables: ROUTES.slice(1) } }, '10.0.1.0/24 leads to []'],
      ['the gateway is in another zone', { DescribeNatGateways: { NatGateways: [{ NatGatewayId: 'nat-1', SubnetId: 'elsewhere' }] } }, '10.0.2.0/24 leads to'],
    ],
  },
  'places of instances': {
    drill: standIn({ WebId: 'Private', OtherId: 'Private' }), deployed: NETWORK, well: placed({ 'i-1': 'private', 'i-2': 'private-b' }),
    wrong: [
      ['one is public', placed({ 'i-1': 'public', 'i-2': 'private-b' }), 'WebId is in Public'],
      ['both are in one zone', placed({ 'i-1': 'private', 'i-2': 'private' }), 'two are in Private in a'],
    ],
  },
  'the database': {
    drill: databaseIsMySql, deployed: { resources: { database: 'AWS::RDS::DBInstance' } }, well: database({}),
    wrong: [
      ['it is another line', database({ EngineVersion: '8.40' }), 'it is mysql 8.40'],
      ['it is looked at seldom', database({ MonitoringInterval: 0 }), 'it is looked at every 0 seconds'],
    ],
  },
  'who reaches a group': {
    drill: isReached('WebGroup', [443, 'FrontGroup'], [22, ADMINISTRATORS]), deployed: GROUPS,
    well: {
      ...group([FROM_ADMINISTRATORS, FROM_FRONT]),
      DescribeStacks: { Stacks: [{ Parameters: [{ ParameterKey: 'AllowedSSHCIDR', ParameterValue: '10.1.0.0/16' }] }] },
    },
    wrong: [
      ['somebody else does', group([FROM_ADMINISTRATORS, FROM_FRONT, rule(443, { Ipv6Ranges: [{ CidrIpv6: '::/0' }] })]), 'tcp 443 ::/0'],
      ['more ports are open', group([FROM_ADMINISTRATORS, { ...FROM_FRONT, ToPort: 65535 }]), 'tcp 443-65535 front'],
      ['nobody does', group([]), 'its rules are '],
      ['SSH comes from elsewhere', group([FROM_FRONT, rule(22, { IpRanges: [{ CidrIp: '10.0.0.0/8' }] })]), 'tcp 22 10.0.0.0/8'],
    ],
  },
  'what leaves': {
    drill: nothingElseLeaves, deployed: TIERS, well: leaves(...MEANT),
    wrong: [
      ['everything does', leaves({ IpProtocol: '-1', ...TO_ANYBODY }), 'web lets everything out to 0.0.0.0/0'],
      ['a port does that is not of the web', leaves(...MEANT, rule(25, TO_ANYBODY)), 'web lets tcp 25 out to 0.0.0.0/0'],
      ['ports do, and not one', leaves({ ...rule(0, TO_ANYBODY), ToPort: 65535 }), 'web lets tcp 0-65535 out to 0.0.0.0/0'],
      ['IPv6 is forgotten', leaves(rule(22, { Ipv6Ranges: [{ CidrIpv6: '::/0' }] })), 'web lets tcp 22 out to ::/0'],
      ['a name is asked of somebody else', leaves(rule(53, TO_ANYBODY)), 'web lets tcp 53 out to 0.0.0.0/0'],
      ['another group does not let it in', leaves(rule(22, TO_DATA)), 'web lets tcp 22 out to data'],
      ['it goes to a group of somebody else', leaves(rule(3306, { UserIdGroupPairs: [{ GroupId: 'other' }] })), 'web lets tcp 3306 out to other'],
    ],
  },
  'separate buckets': {
    drill: areSeparate('Data', 'Logs'), deployed: BUCKETS, well: {},
    wrong: [
      ['they are one', {}, 'they are logs, logs', { ...BUCKETS, outputs: { Data: 'logs', Logs: 'logs' } }],
      ['one is not of the stack', {}, 'other is not of the stack', { ...BUCKETS, outputs: { Data: 'other', Logs: 'logs' } }],
    ],
  },
  'access logs': {
    drill: accessIsLogged('Logs'), deployed: BUCKETS,
    well: { GetBucketLogging: ({ Bucket }: { Bucket: string }) => Bucket === 'logs' ? {} : { LoggingEnabled: { TargetBucket: 'logs' } } },
    wrong: [
      ['access is not logged', { GetBucketLogging: {} }, `that of ${NAME} goes to nobody`],
      ['the log bucket logs into itself', { GetBucketLogging: { LoggingEnabled: { TargetBucket: 'logs' } } }, 'that of logs goes to logs'],
    ],
  },
  'deliveries': {
    drill: servicesDeliverForThisAccount, deployed: { resources: { [NAME]: 'AWS::S3::Bucket' } },
    well: policy(delivers({ StringEquals: { 'AWS:SourceAccount': '111122223333' } }), { Effect: 'Allow', Principal: { AWS: 'arn' } }),
    wrong: [
      ['a service delivers for anybody', policy(delivers()), 'Deliver'],
      ['a service delivers for another account', policy(delivers({ StringEquals: { 'aws:SourceAccount': '444455556666' } })), 'Deliver'],
    ],
  },
  'extent': {
    drill: holdsAtLeast(2, 3), deployed: BUCKETS, well: {},
    wrong: [
      ['there is less', {}, 'it holds 1', { ...BUCKETS, resources: { logs: 'AWS::S3::Bucket' } }],
      ['less is exported', {}, 'it exports 1', { ...BUCKETS, outputs: { Data: NAME } }],
    ],
  },
  'use on record': {
    drill: useIsRecorded('Data'), deployed: { outputs: { Data: 'data', TrailArn: 'trail' } }, well: selects(['arn:aws:s3:::data/']),
    wrong: [
      ['the slash is missing: other buckets begin like it', selects(['arn:aws:s3:::data']), 'it records arn:aws:s3:::data'],
      ['an asterisk ends it', selects(['arn:aws:s3:::data/*']), 'it records arn:aws:s3:::data/*'],
      ['nothing is on record', { GetEventSelectors: {} }, 'it records no object'],
    ],
  },
  'the image': {
    drill: imageIsTheLatest,
    deployed: { resources: { template: 'AWS::EC2::LaunchTemplate' }, template: { Parameters: { EC2AMIId: { Default: '/aws/al2023-ami-x' } } } },
    well: { ...launched('ami-1'), GetParameter: { Parameter: { Value: 'ami-1' } } },
    wrong: [
      ['it is another one', launched('ami-2'), 'it is ami-2, and the parameter holds ami-1'],
      ['the parameter is of another system', {}, "the parameter is '/aws/al2'", {
        resources: { template: 'AWS::EC2::LaunchTemplate' }, template: { Parameters: { EC2AMIId: { Default: '/aws/al2' } } },
      }],
      ['there is none', {}, 'nothing is launched', { template: { Parameters: { EC2AMIId: { Default: '/aws/al2023-ami-x' } } } }],
    ],
  },
  'keys': {
    drill: keysAre({ bucket: 'Data', ofBucket: 'StorageKey', ofDatabase: 'DatabaseKey', ofTrail: 'AuditKey' }),
    deployed: { outputs: { Data: NAME, StorageKey: 's3', DatabaseKey: 'rds', AuditKey: 'trail', DatabaseInstanceId: 'db', TrailArn: 'arn' } }, well: KEYS,
    wrong: [
      ['the database has that of the bucket', { DescribeDBInstances: { DBInstances: [{ KmsKeyId: 'key/s3' }] } }, 'key/s3 is not DatabaseKey'],
      ['the trail has none', { GetTrail: { Trail: {} } }, 'undefined is not AuditKey'],
    ],
  },
  'names': {
    drill: namesArePrefixed, deployed: WORKLOAD, well: { DescribeTags: { Tags: tags({ Name: 'prod-dev-vpc' }) } },
    wrong: [
      ['the network is called otherwise', { DescribeTags: { Tags: [] } }, 'prod-dev-vpc is called undefined'],
      ['the bucket is', {}, 'secure-bucket-111122223333-us-east-1 is called data', { outputs: { ...WORKLOAD.outputs, S3BucketName: 'data' } }],
    ],
  },
  'two policies': {
    drill: roleHasTwoPolicies, deployed: WORKLOAD, well: attached('prod-dev-s3-access-policy', 'prod-dev-cloudwatch-policy'),
    wrong: [
      ['there is a third one', attached('prod-dev-s3-access-policy', 'prod-dev-cloudwatch-policy', 'Admin'), 'it has Admin'],
      ['one is written into the role', { ListRolePolicies: { PolicyNames: ['inline'] } }, 'it has inline'],
    ],
  },
  'outputs': {
    drill: putsOut('Data'), deployed: BUCKETS, well: {}, wrong: [['one is empty', {}, 'Data is missing', { outputs: { Data: '' } }]],
  },
  'the dashboard': {
    drill: dashboardShows, deployed: { resources: { health: 'AWS::CloudWatch::Dashboard', cpu: 'AWS::CloudWatch::Alarm' } },
    well: shows(METRIC, { type: 'alarm', properties: { alarms: ['arn:aws:cloudwatch:us-east-1:1:alarm:cpu'] } }),
    wrong: [
      ['it is empty', shows(), 'it shows no metric; it shows no alarm'],
      ['it shows the alarm of somebody else', shows(METRIC, { type: 'alarm', properties: { alarms: ['alarm:other'] } }), 'other is no alarm of the stack'],
    ],
  },
};

describe.each(Object.entries(DRILLS))('the drill of %s', (_, { drill, deployed, well, wrong }) => {
  test('finds nothing when all is well', async () => {
    expect(await found(drill, deployed, well)).toBe('');
  });

  test.each(wrong)('fails if %s', async (__, answers, reason, otherwise = deployed) => {
    expect(await found(drill, otherwise, { ...well, ...answers })).toContain(reason);
  });
});

test('in an AWS account, the drill of the database fails if its version can no longer be ordered', async () => {
  const deployed = { resources: { database: 'AWS::RDS::DBInstance' } };
  const orderable = { DescribeOrderableDBInstanceOptions: { OrderableDBInstanceOptions: [{}] } };
  expect(await found(databaseIsMySql, deployed, { ...database({}), ...orderable }, false)).toBe('');
  expect(await found(databaseIsMySql, deployed, database({}), false)).toBe('mysql 8.4.3 cannot');
});
