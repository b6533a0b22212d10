import { StageName } from '../src/stage';
import { agentConfiguration } from './_helpers/agent-configuration';
import { ReadTemplate, statement, statements, tags } from './_helpers/read-template';
import { synthesize } from './_helpers/synthesis';

const SUFFIX = '${EnvironmentSuffix}';
const KEY = '${Key.Arn}';
const TO_ANYBODY = '0.0.0.0/0';

let template: ReadTemplate;
beforeAll(() => { ({ template } = synthesize({ environment: 'private-workload' })); });

describe('P-01 names', () => {
  test('the network is prod-<suffix>-vpc', () => {
    expect(tags(template.only('AWS::EC2::VPC')).Name).toBe(`prod-${SUFFIX}-vpc`);
  });

  test('the role of the instance is prod-<suffix>-ec2-role', () => {
    expect(template.only('AWS::IAM::Role', 'ServerRole').Properties.RoleName).toBe(`prod-${SUFFIX}-ec2-role`);
  });

  test('the bucket is prod-<suffix>-secure-bucket-<account>-<region>', () => {
    expect(template.only('AWS::S3::Bucket', 'Store').Properties.BucketName).toBe(`prod-${SUFFIX}-secure-bucket-\${AWS::AccountId}-\${AWS::Region}`);
  });

  test('the topic is prod-<suffix>-alerts', () => {
    expect(template.only('AWS::SNS::Topic').Properties.TopicName).toBe(`prod-${SUFFIX}-alerts`);
  });
});

describe('P-02 one customer key', () => {
  const policy = () => template.only('AWS::KMS::Key').Properties.KeyPolicy;

  test('encrypts the bucket, the volume, every log group and the topic, and rotates', () => {
    expect(JSON.stringify(template.only('AWS::S3::Bucket', 'Store').Properties.BucketEncryption)).toContain(`"KMSMasterKeyID":"${KEY}"`);
    expect(JSON.stringify(template.only('AWS::EC2::Instance').Properties.BlockDeviceMappings)).toContain(`"KmsKeyId":"${KEY}"`);
    expect(template.only('AWS::SNS::Topic').Properties.KmsMasterKeyId).toBe(KEY);
    const groups = template.ofType('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(4);
    expect(groups.map((group) => group.Properties.KmsKeyId)).toEqual(groups.map(() => KEY));
    expect(template.only('AWS::KMS::Key').Properties.EnableKeyRotation).toBe(true);
  });

  test('lets CloudWatch alarms of this account publish through it, and nothing more', () => {
    expect(statement(policy(), 'AllowCloudWatchAlarms')).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Condition: { StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' } },
    });
  });

  test('lets log groups of this account use it', () => {
    expect(statement(policy(), 'AllowLogGroups')).toMatchObject({
      Principal: { Service: 'logs.${AWS::Region}.amazonaws.com' },
      Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*' } },
    });
  });

  test('no statement allows every action, and every principal is of this account or one of its two services', () => {
    const account = { AWS: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' };
    const services = [{ Service: 'cloudwatch.amazonaws.com' }, { Service: 'logs.${AWS::Region}.amazonaws.com' }];
    for (const { Effect, Action, Principal } of statements(policy())) {
      expect(Effect).toBe('Allow');
      expect([Action].flat()).not.toContain('kms:*');
      expect([account, ...services]).toContainEqual(Principal);
    }
  });

  test('who administers it cannot use it: no statement does both', () => {
    const uses = /^kms:(Encrypt|Decrypt|ReEncrypt|GenerateDataKey)/;
    const administers = /^kms:(PutKeyPolicy|ScheduleKeyDeletion|DisableKey)$/;
    for (const { Action } of statements(policy())) {
      const actions = [Action].flat();
      expect(actions.some((action) => uses.test(action)) && actions.some((action) => administers.test(action))).toBe(false);
    }
  });
});

describe('P-03 network', () => {
  test('VPC 10.0.0.0/16, public 10.0.1.0/24, private 10.0.2.0/24, and no other subnet', () => {
    expect(template.only('AWS::EC2::VPC').Properties).toMatchObject({ CidrBlock: '10.0.0.0/16', EnableDnsSupport: true, EnableDnsHostnames: true });
    expect(template.ofType('AWS::EC2::Subnet').map(({ Properties }) => Properties.CidrBlock)).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
  });

  test('one NAT gateway, in the public subnet, with an address of its own', () => {
    expect(template.only('AWS::EC2::NatGateway').Properties).toMatchObject({
      SubnetId: '${NetworkVpcPublicSubnet1Subnet}', AllocationId: '${NetworkVpcPublicSubnet1EIP.AllocationId}',
    });
    expect(template.ofType('AWS::EC2::EIP')).toHaveLength(1);
  });

  test('the private subnet leads out through the NAT gateway only, the public one through the internet gateway', () => {
    const routes = template.ofType('AWS::EC2::Route').map(({ Properties: { RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId } }) =>
      ({ RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId }));
    expect(routes).toEqual([
      { RouteTableId: '${NetworkVpcPublicSubnet1RouteTable}', DestinationCidrBlock: TO_ANYBODY, GatewayId: '${NetworkVpcIGW}' },
      { RouteTableId: '${NetworkVpcPrivateSubnet1RouteTable}', DestinationCidrBlock: TO_ANYBODY, NatGatewayId: '${NetworkVpcPublicSubnet1NATGateway}' },
    ]);
  });

  test('no subnet gives public addresses', () => {
    expect(template.ofType('AWS::EC2::Subnet').map(({ Properties }) => Properties.MapPublicIpOnLaunch ?? false)).toEqual([false, false]);
  });

  test('all traffic is recorded', () => {
    expect(template.only('AWS::EC2::FlowLog').Properties).toMatchObject({
      ResourceId: '${NetworkVpc}', TrafficType: 'ALL', LogGroupName: '${NetworkFlowLogsRecordsLogGroup}',
    });
  });

  test('the default security group is closed', () => {
    expect(template.only('Custom::ClosedDefaultGroup').Properties.GroupId).toBe('${NetworkVpc.DefaultSecurityGroup}');
  });
});

describe('P-04 security groups', () => {
  const instance = '${TiersInstance.GroupId}';
  const loadBalancer = '${TiersLoadBalancer.GroupId}';

  test('there are two, one for the instance and one for a load balancer to come', () => {
    expect(template.ofType('AWS::EC2::SecurityGroup').map(({ logicalId }) => logicalId).sort()).toEqual(['TiersInstance', 'TiersLoadBalancer']);
  });

  test('the instance is reached on 22 from AllowedSSHCIDR', () => {
    expect(template.only('AWS::EC2::SecurityGroup', 'TiersInstance').Properties.SecurityGroupIngress).toEqual([
      expect.objectContaining({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '${AllowedSSHCIDR}' }),
    ]);
  });

  test('the instance is reached on 443 from the group of a load balancer, and nothing else is reached', () => {
    const { Description: _, ...rule } = template.only('AWS::EC2::SecurityGroupIngress').Properties;
    expect(rule).toEqual({ GroupId: instance, SourceSecurityGroupId: loadBalancer, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 });
    expect(template.only('AWS::EC2::SecurityGroup', 'TiersLoadBalancer').Properties).not.toHaveProperty('SecurityGroupIngress');
  });

  test('the instance reaches HTTP and HTTPS anywhere, DNS inside the network, and nothing else', () => {
    const rules = template.only('AWS::EC2::SecurityGroup', 'TiersInstance').Properties.SecurityGroupEgress as { Description: string }[];
    expect(rules.map(({ Description: _, ...rule }) => rule)).toEqual([
      { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: TO_ANYBODY },
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: TO_ANYBODY },
      { IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '${NetworkVpc.CidrBlock}' },
      { IpProtocol: 'tcp', FromPort: 53, ToPort: 53, CidrIp: '${NetworkVpc.CidrBlock}' },
    ]);
  });

  test('a load balancer reaches the instance on 443, and nothing else', () => {
    const { Description: _, ...rule } = template.only('AWS::EC2::SecurityGroupEgress').Properties;
    expect(rule).toEqual({ GroupId: loadBalancer, DestinationSecurityGroupId: instance, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 });
    // a group without any rule would be given one that allows everything: this one matches nothing
    expect(template.only('AWS::EC2::SecurityGroup', 'TiersLoadBalancer').Properties.SecurityGroupEgress)
      .toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' })]);
  });

  test('there is no load balancer: one needs two zones', () => {
    expect(template.resources.filter(({ Type }) => Type.startsWith('AWS::ElasticLoadBalancing'))).toEqual([]);
  });
});

describe('P-05 instance', () => {
  test('is in the private subnet, without a public address, in the group of the instance', () => {
    const { SubnetId, SecurityGroupIds, NetworkInterfaces, KeyName } = template.only('AWS::EC2::Instance').Properties;
    expect({ SubnetId, SecurityGroupIds, NetworkInterfaces, KeyName }).toEqual({
      SubnetId: '${NetworkVpcPrivateSubnet1Subnet}', SecurityGroupIds: ['${TiersInstance.GroupId}'], NetworkInterfaces: undefined, KeyName: undefined,
    });
  });

  test('has one volume, encrypted with the customer key, which goes with it', () => {
    expect(template.only('AWS::EC2::Instance').Properties.BlockDeviceMappings).toEqual([
      { DeviceName: '/dev/xvda', Ebs: expect.objectContaining({ Encrypted: true, KmsKeyId: KEY, DeleteOnTermination: true }) },
    ]);
  });

  test('asks for IMDSv2 and reports in detail', () => {
    expect(template.only('AWS::EC2::Instance').Properties).toMatchObject({
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 }, Monitoring: true,
    });
  });

  test('installs the CloudWatch agent and configures it to write to the log group of the stack', () => {
    const { script, configuration } = agentConfiguration(template);
    expect(script).toMatch(/dnf install .*amazon-cloudwatch-agent/);
    expect(script).toContain('amazon-cloudwatch-agent-ctl -a fetch-config');
    const files = configuration.logs.logs_collected.files.collect_list;
    expect(files.map((file) => file.file_path)).toEqual(expect.arrayContaining(['/var/log/messages', '/var/log/secure']));
    expect(new Set(files.map((file) => file.log_group_name))).toEqual(new Set(['${LogsLogGroup}']));
  });

  test('starts after what it needs to start: its route out and the policies of its role', () => {
    expect(template.only('AWS::EC2::Instance').DependsOn).toEqual(expect.arrayContaining(['NetworkVpcPrivateSubnet1DefaultRoute', 'ServerRoleBaseline']));
  });
});

describe('P-06 role of the instance', () => {
  const ofTheRole = () => template.ofType('AWS::IAM::ManagedPolicy').filter(({ Properties }) => (Properties.Roles as string[] | undefined)?.includes('${ServerRole}'));

  test('has exactly two policies: one for the bucket, one for logging', () => {
    expect(ofTheRole().map(({ Properties }) => Properties.ManagedPolicyName)).toEqual([`prod-${SUFFIX}-cloudwatch-policy`, `prod-${SUFFIX}-s3-access-policy`]);
    const { ManagedPolicyArns, Policies } = template.only('AWS::IAM::Role', 'ServerRole').Properties;
    expect({ ManagedPolicyArns, Policies }).toEqual({ ManagedPolicyArns: undefined, Policies: undefined });
    expect(template.ofType('AWS::IAM::Policy')).toEqual([]);
  });

  test('is assumed by EC2 only', () => {
    expect(statements(template.only('AWS::IAM::Role', 'ServerRole').Properties.AssumeRolePolicyDocument)).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } },
    ]);
  });

  test('the first uses objects of the one bucket, through the key, and does not touch versions', () => {
    expect(statements(template.only('AWS::IAM::ManagedPolicy', 'StoreAccess').Properties.PolicyDocument)).toEqual([
      {
        Effect: 'Allow', Action: ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
        Resource: ['${StoreBucket.Arn}', '${StoreBucket.Arn}/*'],
      },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY },
    ]);
  });

  test('the second writes to the log group and the metrics of the agent; whatever else it says is a denial', () => {
    const allowed = statements(template.only('AWS::IAM::ManagedPolicy', 'ServerRoleBaseline').Properties.PolicyDocument).filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '${LogsLogGroup.Arn}' },
      { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringEquals: { 'cloudwatch:namespace': 'CWAgent' } } },
    ]);
  });

  test('Session Manager is switched off: nothing allows it, and its agent does not run', () => {
    expect(JSON.stringify(ofTheRole().flatMap(({ Properties }) => statements(Properties.PolicyDocument).filter(({ Effect }) => Effect === 'Allow')))).not.toMatch(/ssm/);
    expect(agentConfiguration(template).script).toContain('systemctl disable --now amazon-ssm-agent');
  });
});

describe('P-07 bucket', () => {
  const policy = () => template.only('AWS::S3::BucketPolicy', 'Store').Properties.PolicyDocument;

  test('encrypts with the customer key and a bucket key', () => {
    expect(template.only('AWS::S3::Bucket', 'Store').Properties.BucketEncryption).toMatchObject({
      ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } }],
    });
  });

  test('blocks public access and keeps versions', () => {
    expect(template.only('AWS::S3::Bucket', 'Store').Properties).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  });

  test('access is logged to a bucket that holds nothing but access logs', () => {
    expect(template.only('AWS::S3::Bucket', 'Store').Properties.LoggingConfiguration).toMatchObject({ DestinationBucketName: '${AccessLogsBucket}' });
    const writers = statements(template.only('AWS::S3::BucketPolicy', 'AccessLogs').Properties.PolicyDocument)
      .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().some((action) => action.startsWith('s3:PutObject')));
    expect(writers.map(({ Principal }) => Principal)).toEqual([{ Service: 'logging.s3.amazonaws.com' }]);
  });

  test('DenyInsecureConnections refuses plain HTTP to everybody, for the bucket and its objects', () => {
    expect(statement(policy(), 'DenyInsecureConnections')).toEqual({
      Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*',
      Resource: ['${StoreBucket.Arn}', '${StoreBucket.Arn}/*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  test('AllowEC2RoleAccess admits the role of the instance, and nobody else is admitted but who empties the bucket', () => {
    expect(statement(policy(), 'AllowEC2RoleAccess')).toEqual({
      Sid: 'AllowEC2RoleAccess', Effect: 'Allow', Principal: { AWS: '${ServerRole.Arn}' },
      Action: ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'], Resource: ['${StoreBucket.Arn}', '${StoreBucket.Arn}/*'],
    });
    const admitted = statements(policy()).filter(({ Effect }) => Effect === 'Allow').map(({ Principal }) => Principal);
    expect(admitted).toEqual([{ AWS: '${CustomS3AutoDeleteObjectsCustomResourceProviderRole.Arn}' }, { AWS: '${ServerRole.Arn}' }]);
  });
});

describe('P-08 logs and alarms', () => {
  test('the log group is encrypted and kept for 30 days', () => {
    expect(template.only('AWS::Logs::LogGroup', 'LogsLogGroup').Properties).toMatchObject({ KmsKeyId: KEY, RetentionInDays: 30 });
  });

  test('the topic is encrypted and refuses plain HTTP', () => {
    expect(template.only('AWS::SNS::Topic').Properties.KmsMasterKeyId).toBe(KEY);
    expect(statements(template.only('AWS::SNS::TopicPolicy').Properties.PolicyDocument)).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test.each([
    ['Cpu', 'CPUUtilization', 'Average', 80],
    ['NetworkIn', 'NetworkIn', 'Sum', 1_000_000_000],
    ['NetworkOut', 'NetworkOut', 'Sum', 1_000_000_000],
  ])('alarm %s: %s, %s above %d', (id, MetricName, Statistic, Threshold) => {
    expect(template.only('AWS::CloudWatch::Alarm', `ServerAlarms${id}`).Properties).toMatchObject({
      Namespace: 'AWS/EC2', MetricName, Statistic, Threshold, ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [{ Name: 'InstanceId', Value: '${ServerInstance}' }],
    });
  });

  test('every alarm notifies the topic when it goes off and when it is over', () => {
    const alarms = template.ofType('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThanOrEqual(3);
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({ AlarmActions: ['${AlertsTopic}'], OKActions: ['${AlertsTopic}'] });
      expect(Properties).not.toHaveProperty('ActionsEnabled', false);
    }
  });

  test('an e-mail address is subscribed if one was given', () => {
    const subscription = template.only('AWS::SNS::Subscription');
    expect(subscription.Properties).toMatchObject({ Protocol: 'email', Endpoint: '${AlertEmail}', TopicArn: '${AlertsTopic}' });
    expect(template.json.Conditions).toEqual({ [subscription.Condition!]: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlertEmail' }, ''] }] } });
  });
});

describe('P-09 parameters and outputs', () => {
  test('the parameters are those of X-01 that this environment has a use for, and the one of the CDK', () => {
    expect(Object.keys(template.parameters).sort()).toEqual([
      'AlertEmail', 'AllowedSSHCIDR', 'EC2AMIId', 'EC2InstanceType', 'Environment', 'EnvironmentSuffix',
    ]);
  });

  test.each([
    ['VPCId', '${NetworkVpc}'],
    ['PrivateSubnetId', '${NetworkVpcPrivateSubnet1Subnet}'],
    ['EC2InstanceId', '${ServerInstance}'],
    ['S3BucketName', '${StoreBucket}'],
    ['KMSKeyId', '${Key}'],
    ['CloudWatchLogGroup', '${LogsLogGroup}'],
    ['StackName', '${AWS::StackName}'],
    ['EnvironmentSuffix', SUFFIX],
  ])('output %s is %s', (name, value) => {
    expect(template.outputs[name].Value).toBe(value);
  });
});

describe('P-10 size', () => {
  test.each(Object.values(StageName))('%s has 21 resources or more', (stage) => {
    expect(synthesize({ environment: 'private-workload', stage }).template.resources.length).toBeGreaterThanOrEqual(21);
  });
});
