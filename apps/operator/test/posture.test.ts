import { runChecks, Verdict } from '../src/verify/check';
import { alarms } from '../src/verify/posture/alarms';
import { buckets } from '../src/verify/posture/buckets';
import { fleets } from '../src/verify/posture/fleets';
import { functions } from '../src/verify/posture/functions';
import { instances } from '../src/verify/posture/instances';
import { keys } from '../src/verify/posture/keys';
import { logs } from '../src/verify/posture/logs';
import { network } from '../src/verify/posture/network';
import { outputs } from '../src/verify/posture/outputs';
import { roles } from '../src/verify/posture/roles';
import { topics } from '../src/verify/posture/topics';
import { Answers, stubClients } from './_helpers/clients';
import { ADMITS_PLAIN_HTTP, describeKinds, Kind, REFUSES_PLAIN_HTTP, resultsOf } from './_helpers/kinds';
import { stackOf } from './_helpers/stacks';

const everything = encodeURIComponent(JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }));
const little = encodeURIComponent(JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] }));

const instance = {
  State: { Name: 'running' }, IamInstanceProfile: { Arn: 'arn' }, MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
  Monitoring: { State: 'enabled' }, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-1', DeleteOnTermination: true } }],
};
const described = (changes: object) => ({ DescribeInstances: { Reservations: [{ Instances: [{ ...instance, ...changes }] }] } });
const RUNS = 'Server: runs with a profile, IMDSv2 only, detailed monitoring and no public address but one that was asked for';
const VOLUMES = 'Server: its volumes are encrypted with a customer key and end with it';

const ofKey = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'key' }, BucketKeyEnabled: true };
const encryption = (rule: object | undefined) => ({ GetBucketEncryption: { ServerSideEncryptionConfiguration: { Rules: rule ? [rule] : [] } } });
const block = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };

const launched = {
  MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 }, Monitoring: { Enabled: true },
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId: 'key' } }],
};
const launching = (changes: object) => ({
  DescribeLaunchTemplateVersions: { LaunchTemplateVersions: [{ LaunchTemplateData: { ...launched, ...changes } }] },
});
const LAUNCHES = 'Template: asks for IMDSv2 only, reports in detail, and encrypts volumes with a customer key';
const scaled = (DesiredCapacity: number, ...Instances: object[]) => ({
  DescribeAutoScalingGroups: { AutoScalingGroups: [{ DesiredCapacity, Instances }] },
});
const inService = (AvailabilityZone: string, LifecycleState = 'InService') => ({ AvailabilityZone, LifecycleState });
const SERVES = 'Fleet: has its instances in service, over several zones';

const func = { LoggingConfig: { LogFormat: 'JSON', LogGroup: 'group' }, DeadLetterConfig: { TargetArn: 'topic' }, Timeout: 60 };
const FUNCTION = 'Emptier: structured logs into a group of its own, and failures go somewhere';
const configured = (changes: object) => ({ GetFunctionConfiguration: { ...func, ...changes } });

const alarm = { ActionsEnabled: true, AlarmActions: ['topic'], AlarmDescription: 'what to do' };
const ALARM = 'Cpu: is switched on and tells somebody';
const alarmed = (changes: object) => ({ DescribeAlarms: { MetricAlarms: [{ ...alarm, ...changes }] } });

const group = { logGroupName: 'Group-1', kmsKeyId: 'key', retentionInDays: 30 };
const LOGS = 'Group: is encrypted and has a retention';
const TOPIC = 'Alerts: is encrypted with a customer key and denies plain HTTP';
const topic = (changes: object) => ({ GetTopicAttributes: { Attributes: { KmsMasterKeyId: 'key', Policy: REFUSES_PLAIN_HTTP, ...changes } } });

const KINDS: Record<string, Kind> = {
  'alarms': {
    posture: alarms, resources: { Cpu: 'AWS::CloudWatch::Alarm' }, checks: [ALARM], well: alarmed({}),
    wrong: [
      ['it is gone', { DescribeAlarms: { MetricAlarms: [] } }, ALARM, 'there is no such alarm'],
      ['it is switched off', alarmed({ ActionsEnabled: false }), ALARM, 'its actions are switched off'],
      ['it tells nobody', alarmed({ AlarmActions: [] }), ALARM, 'it has no action'],
      ['it says nothing', alarmed({ AlarmDescription: undefined }), ALARM, 'nothing says what it means'],
    ],
  },
  'buckets': {
    posture: buckets, resources: { Store: 'AWS::S3::Bucket' },
    checks: ['Store: encrypts what it is given', 'Store: blocks every kind of public access', 'Store: keeps versions', 'Store: has a policy that denies plain HTTP'],
    well: {
      ...encryption(ofKey), GetPublicAccessBlock: { PublicAccessBlockConfiguration: block }, GetBucketVersioning: { Status: 'Enabled' }, GetBucketPolicy: { Policy: REFUSES_PLAIN_HTTP },
    },
    wrong: [
      ['S3 encrypts with its own key', encryption({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }), 'Store: encrypts what it is given', 'no customer key with a bucket key'],
      ['it has no bucket key', encryption({ ...ofKey, BucketKeyEnabled: false }), 'Store: encrypts what it is given', 'no customer key with a bucket key'],
      ['nothing is encrypted', encryption(undefined), 'Store: encrypts what it is given', 'no default encryption'],
      ...Object.keys(block).map((setting): Kind['wrong'][number] => [
        `${setting} is off`, { GetPublicAccessBlock: { PublicAccessBlockConfiguration: { ...block, [setting]: false } } }, 'Store: blocks every kind of public access', `${setting} is off`,
      ]),
      ['versioning is suspended', { GetBucketVersioning: { Status: 'Suspended' } }, 'Store: keeps versions', 'versioning is Suspended'],
      ['versioning was never on', { GetBucketVersioning: {} }, 'Store: keeps versions', 'versioning is off'],
      ['plain HTTP is admitted', { GetBucketPolicy: { Policy: ADMITS_PLAIN_HTTP } }, 'Store: has a policy that denies plain HTTP', 'no statement denies requests without TLS'],
    ],
  },
  'buckets of access logs': {
    posture: buckets, resources: { Logs: 'AWS::S3::Bucket' },
    template: { Resources: { Store: { Type: 'AWS::S3::Bucket', Properties: { LoggingConfiguration: { DestinationBucketName: { Ref: 'Logs' } } } } } },
    checks: ['Logs: encrypts what it is given', 'Logs: blocks every kind of public access', 'Logs: keeps versions', 'Logs: has a policy that denies plain HTTP'],
    well: {
      ...encryption({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }), GetPublicAccessBlock: { PublicAccessBlockConfiguration: block },
      GetBucketVersioning: { Status: 'Enabled' }, GetBucketPolicy: { Policy: REFUSES_PLAIN_HTTP },
    },
    wrong: [['nothing is encrypted', encryption(undefined), 'Logs: encrypts what it is given', 'no default encryption']],
  },
  'buckets of trails with a key of their own': {
    posture: buckets, resources: { Files: 'AWS::S3::Bucket' },
    template: { Resources: { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Files' }, KMSKeyId: 'key' } } } },
    checks: ['Files: encrypts what it is given', 'Files: blocks every kind of public access', 'Files: keeps versions', 'Files: has a policy that denies plain HTTP'],
    well: {
      ...encryption({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }), GetPublicAccessBlock: { PublicAccessBlockConfiguration: block },
      GetBucketVersioning: { Status: 'Enabled' }, GetBucketPolicy: { Policy: REFUSES_PLAIN_HTTP },
    },
    wrong: [['nothing is encrypted', encryption(undefined), 'Files: encrypts what it is given', 'no default encryption']],
  },
  'launch templates': {
    posture: fleets, resources: { Template: 'AWS::EC2::LaunchTemplate' }, checks: [LAUNCHES], well: launching({}),
    wrong: [
      ['IMDSv1 is taken too', launching({ MetadataOptions: { ...launched.MetadataOptions, HttpTokens: 'optional' } }), LAUNCHES, 'HttpTokens is optional'],
      ['containers reach the metadata', launching({ MetadataOptions: { ...launched.MetadataOptions, HttpPutResponseHopLimit: 2 } }), LAUNCHES, 'the hop limit is 2'],
      ['it reports every five minutes', launching({ Monitoring: { Enabled: false } }), LAUNCHES, 'detailed monitoring is off'],
      ['it says nothing of volumes', launching({ BlockDeviceMappings: [] }), LAUNCHES, 'it leaves volumes to the image'],
      ['a volume is not encrypted', launching({ BlockDeviceMappings: [{ DeviceName: '/dev/xvdb', Ebs: { KmsKeyId: 'key' } }] }), LAUNCHES, '/dev/xvdb is not encrypted'],
      ['the key is AWS\'s', launching({ BlockDeviceMappings: [{ DeviceName: '/dev/xvdb', Ebs: { Encrypted: true } }] }), LAUNCHES, '/dev/xvdb is not encrypted'],
    ],
  },
  'groups of instances': {
    posture: fleets, resources: { Fleet: 'AWS::AutoScaling::AutoScalingGroup' }, checks: [SERVES], well: scaled(2, inService('a'), inService('b')),
    wrong: [
      ['one is not there yet', scaled(3, inService('a'), inService('b'), inService('a', 'Pending')), SERVES, '2 of 3 are in service'],
      ['none is wanted', scaled(0), SERVES, '0 of 0 are in service'],
      ['all are in one zone', scaled(2, inService('a'), inService('a')), SERVES, 'they are in 1 zone'],
    ],
  },
  'groups of one instance': {
    posture: fleets, resources: { Fleet: 'AWS::AutoScaling::AutoScalingGroup' }, checks: [SERVES], well: scaled(1, inService('a')),
    wrong: [['it is not there yet', scaled(1), SERVES, '0 of 1 are in service']],
  },
  'functions': {
    posture: functions, resources: { Emptier: 'AWS::Lambda::Function' }, checks: [FUNCTION],
    well: { ...configured({}), DescribeLogGroups: { logGroups: [{ logGroupName: 'group' }] } },
    wrong: [
      ['it logs text', configured({ LoggingConfig: { LogFormat: 'Text', LogGroup: 'group' } }), FUNCTION, 'the log format is Text'],
      ['its group is another', { DescribeLogGroups: { logGroups: [{ logGroupName: 'group-of-another' }] } }, FUNCTION, "its log group 'group' does not exist"],
      ['its failures vanish', { ...configured({ DeadLetterConfig: undefined }), GetFunctionEventInvokeConfig: {} }, FUNCTION, 'its failures go nowhere'],
      ['it has no timeout', configured({ Timeout: undefined }), FUNCTION, 'no timeout'],
    ],
  },
  'functions whose failures have a destination': {
    posture: functions, resources: { Emptier: 'AWS::Lambda::Function' }, checks: [FUNCTION],
    well: {
      ...configured({ DeadLetterConfig: undefined }), DescribeLogGroups: { logGroups: [{ logGroupName: 'group' }] },
      GetFunctionEventInvokeConfig: { DestinationConfig: { OnFailure: { Destination: 'queue' } } },
    },
    wrong: [['the destination is for successes', { GetFunctionEventInvokeConfig: { DestinationConfig: { OnSuccess: { Destination: 'queue' } } } }, FUNCTION, 'its failures go nowhere']],
  },
  'instances': {
    posture: instances, resources: { Server: 'AWS::EC2::Instance' }, checks: [RUNS, VOLUMES],
    well: { ...described({}), DescribeVolumes: { Volumes: [{ VolumeId: 'vol-1', Encrypted: true, KmsKeyId: 'key' }] } },
    wrong: [
      ['it stopped', described({ State: { Name: 'stopped' } }), RUNS, 'it is stopped'],
      ['it has no profile', described({ IamInstanceProfile: undefined }), RUNS, 'no instance profile'],
      ['IMDSv1 answers', described({ MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 1 } }), RUNS, 'HttpTokens is optional'],
      ['containers reach the metadata', described({ MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 } }), RUNS, 'the hop limit is 2'],
      ['it reports every five minutes', described({ Monitoring: { State: 'disabled' } }), RUNS, 'monitoring is disabled'],
      ['the internet knows it', described({ PublicIpAddress: '203.0.113.7' }), RUNS, 'it has the public address 203.0.113.7'],
      ['it has no volume', { ...described({ BlockDeviceMappings: [] }), DescribeVolumes: { Volumes: [] } }, VOLUMES, 'it has no volume'],
      ['its volume outlives it', described({ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-1', DeleteOnTermination: false } }] }), VOLUMES, '/dev/xvda outlives it'],
      ['its volume is not encrypted', { DescribeVolumes: { Volumes: [{ VolumeId: 'vol-1', Encrypted: false, KmsKeyId: 'key' }] } }, VOLUMES, 'vol-1 is not encrypted'],
      ['its volume has the key of AWS', { DescribeVolumes: { Volumes: [{ VolumeId: 'vol-1', Encrypted: true }] } }, VOLUMES, 'vol-1 has no customer key'],
    ],
  },
  'instances of a public tier': {
    posture: instances, resources: { Server: 'AWS::EC2::Instance' }, checks: [RUNS, VOLUMES],
    template: { Resources: { Server: { Type: 'AWS::EC2::Instance', Properties: { NetworkInterfaces: [{ AssociatePublicIpAddress: true }] } } } },
    well: { ...described({ PublicIpAddress: '203.0.113.7' }), DescribeVolumes: { Volumes: [{ VolumeId: 'vol-1', Encrypted: true, KmsKeyId: 'key' }] } },
    wrong: [['IMDSv1 answers', described({ MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 1 } }), RUNS, 'HttpTokens is optional']],
  },
  'keys': {
    posture: keys, resources: { Key: 'AWS::KMS::Key' }, checks: ['Key: is enabled and rotates'],
    well: { DescribeKey: { KeyMetadata: { KeyState: 'Enabled' } }, GetKeyRotationStatus: { KeyRotationEnabled: true } },
    wrong: [
      ['it is about to go', { DescribeKey: { KeyMetadata: { KeyState: 'PendingDeletion' } } }, 'Key: is enabled and rotates', 'the key is PendingDeletion'],
      ['it stays the same', { GetKeyRotationStatus: { KeyRotationEnabled: false } }, 'Key: is enabled and rotates', 'rotation is off'],
    ],
  },
  'logs': {
    posture: logs, resources: { Group: 'AWS::Logs::LogGroup' }, checks: [LOGS], well: { DescribeLogGroups: { logGroups: [group] } },
    wrong: [
      ['only one of a longer name is there', { DescribeLogGroups: { logGroups: [{ ...group, logGroupName: 'Group-12' }] } }, LOGS, 'there is no such group'],
      ['it has the key of AWS', { DescribeLogGroups: { logGroups: [{ ...group, kmsKeyId: undefined }] } }, LOGS, 'no customer key'],
      ['it is kept for ever', { DescribeLogGroups: { logGroups: [{ ...group, retentionInDays: undefined }] } }, LOGS, 'it never ends'],
    ],
  },
  'roles': {
    posture: roles, resources: { Role: 'AWS::IAM::Role' }, checks: ['Role: no wildcard action on a wildcard resource'],
    well: {
      ListRolePolicies: { PolicyNames: ['inline'] }, GetRolePolicy: { PolicyDocument: little }, ListAttachedRolePolicies: { AttachedPolicies: [{ PolicyArn: 'arn', PolicyName: 'managed' }] },
      GetPolicy: { Policy: { DefaultVersionId: 'v1' } }, GetPolicyVersion: { PolicyVersion: { Document: little } },
    },
    wrong: [
      ['an inline policy allows everything', { GetRolePolicy: { PolicyDocument: everything } }, 'Role: no wildcard action on a wildcard resource', 'inline allows too much'],
      ['an attached policy does', { GetPolicyVersion: { PolicyVersion: { Document: everything } } }, 'Role: no wildcard action on a wildcard resource', 'managed allows too much'],
    ],
  },
  'topics': {
    posture: topics, resources: { Alerts: 'AWS::SNS::Topic' }, checks: [TOPIC], well: topic({}),
    wrong: [
      ['it is not encrypted', topic({ KmsMasterKeyId: undefined }), TOPIC, 'no customer key'],
      ['it has the key of AWS', topic({ KmsMasterKeyId: 'alias/aws/sns' }), TOPIC, 'the key is AWS\'s'],
      ['it admits plain HTTP', topic({ Policy: ADMITS_PLAIN_HTTP }), TOPIC, 'no statement denies requests without TLS'],
      ['it has no policy', topic({ Policy: undefined }), TOPIC, 'no statement denies requests without TLS'],
    ],
  },
};

describeKinds(KINDS);

describe('network', () => {
  const resources = {
    Vpc: 'AWS::EC2::VPC', Subnet: 'AWS::EC2::Subnet', Nat: 'AWS::EC2::NatGateway', Table: 'AWS::EC2::RouteTable', Group: 'AWS::EC2::SecurityGroup',
  };
  const attributes = (Value: boolean) => ({
    DescribeVpcAttribute: ({ Attribute }: { Attribute: string }) => ({ [Attribute === 'enableDnsSupport' ? 'EnableDnsSupport' : 'EnableDnsHostnames']: { Value } }),
  });
  const groups = (changes: object) => ({ DescribeSecurityGroups: { SecurityGroups: [{ IpPermissions: [], IpPermissionsEgress: [], ...changes }] } });
  const tables = (changes: object) => ({ DescribeRouteTables: { RouteTables: [{ Associations: [{}], Routes: [{ State: 'active' }], ...changes }] } });
  const well: Answers = {
    ...attributes(true), ...groups({}), ...tables({}), DescribeFlowLogs: { FlowLogs: [{ FlowLogStatus: 'ACTIVE', TrafficType: 'ALL' }] },
    DescribeSubnets: { Subnets: [{ MapPublicIpOnLaunch: false }] }, DescribeNatGateways: { NatGateways: [{ State: 'available' }] },
  };
  const kind: Kind = { posture: network, resources, checks: [], well, wrong: [] };
  const failures = async (answers: Answers) => (await resultsOf(kind, { ...well, ...answers }))
    .filter(({ verdict }) => verdict === Verdict.FAILED).map(({ title, reason }) => `${title} | ${reason}`);

  test('passes when all is well', async () => {
    expect(await failures({})).toEqual([]);
  });

  test.each<[string, Answers, string[]]>([
    ['names are not resolved', attributes(false), ['Vpc: resolves names | DNS support is off; DNS host names are off']],
    ['traffic is not logged', { DescribeFlowLogs: { FlowLogs: [] } }, ['Vpc: its traffic is logged | no active flow log of all traffic']],
    ['only what was refused is logged', { DescribeFlowLogs: { FlowLogs: [{ FlowLogStatus: 'ACTIVE', TrafficType: 'REJECT' }] } }, ['Vpc: its traffic is logged | no active flow log of all traffic']],
    ['the default group lets something in', groups({ IpPermissions: [{ IpProtocol: '-1' }] }), ['Vpc: its default security group lets nothing through | it has ingress rules']],
    ['the default group lets something out', groups({ IpPermissionsEgress: [{ IpProtocol: '-1' }] }), ['Vpc: its default security group lets nothing through | it has egress rules']],
    ['there is no default group', { DescribeSecurityGroups: {} }, ['Vpc: its default security group lets nothing through | there is no default group']],
    ['a subnet gives public addresses', { DescribeSubnets: { Subnets: [{ MapPublicIpOnLaunch: true }] } }, ['Subnet: gives no public addresses | it gives every instance a public address']],
    ['a subnet is gone', { DescribeSubnets: {} }, ['Subnet: gives no public addresses | it gives every instance a public address']],
    ['a gateway failed', { DescribeNatGateways: { NatGateways: [{ State: 'failed' }] } }, ['Nat: is available | it is failed']],
    ['a table has no subnet', tables({ Associations: [] }), ['Table: no route ends nowhere | no subnet uses it']],
    ['a route is a black hole', tables({ Routes: [{ State: 'blackhole', DestinationCidrBlock: '0.0.0.0/0' }] }), ['Table: no route ends nowhere | 0.0.0.0/0 is a black hole']],
  ])('fails if %s', async (_, answers, expected) => {
    expect(await failures(answers)).toEqual(expected);
  });

  test.each([{ IpRanges: [{ CidrIp: '0.0.0.0/0' }] }, { Ipv6Ranges: [{ CidrIpv6: '::/0' }] }])('fails if a group is open to the world: %j', async (range) => {
    expect(await failures(groups({ IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ...range }] }))).toContain('Group: opens nothing to the whole world | tcp 22 is open to anybody');
  });
});

describe('outputs', () => {
  const output = { OutputKey: 'VPCId', OutputValue: 'vpc-1', Description: 'The network', ExportName: 'TapStackdev-VPCId' };
  const verdict = async (changes: object) => {
    const stack = stackOf({}, undefined, [{ ...output, ...changes }]);
    return (await runChecks(outputs(stack, stubClients({}).clients), () => {}))[0];
  };

  test('pass with a value, a description and the export', async () => {
    expect(await verdict({})).toEqual({ title: 'output VPCId: described and exported', verdict: Verdict.PASSED });
  });

  test.each([
    [{ OutputValue: '' }, 'it is empty'], [{ Description: undefined }, 'no description'], [{ ExportName: undefined }, 'exported as nothing'], [{ ExportName: 'VPCId' }, 'exported as VPCId'],
  ])('fail with %j', async (changes, reason) => {
    expect(await verdict(changes)).toMatchObject({ verdict: Verdict.FAILED, reason });
  });
});
