import { MonitoredActivity } from '@tapstack/audit-trail';
import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { addStack } from '../src/app';
import { STAGE_NAMES as STAGES, stageNamed, StageName } from '../src/stage';
import { agentConfiguration } from './_helpers/agent-configuration';
import { templateOf } from './_helpers/every-environment';
import { accepts } from './_helpers/parameters';
import { Properties, statement, statements } from './_helpers/read-template';
import { CONTEXT } from './_helpers/synthesis';

const KEY = '${Key.Arn}';
const PRIVATE_SUBNETS = [1, 2].map((zone) => `\${NetworkVpcPrivateSubnet${zone}Subnet}`);

const compliance = (stage?: StageName) => templateOf('compliance', stage);

describe.each(STAGES)('C-01 zones (%s)', (stage) => {
  const zoneOf = (subnet: string) => compliance(stage).only('AWS::EC2::Subnet', subnet.slice(2, -1)).Properties.AvailabilityZone;

  test('the second private subnet is in another zone than the first, whatever the region calls them', () => {
    expect(PRIVATE_SUBNETS.map(zoneOf)).toEqual([0, 1].map((zone) => ({ 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] })));
  });

  test('each leads out through the NAT gateway of its own zone, and no public subnet is among them', () => {
    const routes = compliance(stage).ofType('AWS::EC2::Route').map(({ Properties: { RouteTableId, GatewayId, NatGatewayId } }) => [RouteTableId, GatewayId ?? NatGatewayId]);
    expect(routes).toEqual([
      ...[1, 2].map((zone) => [`\${NetworkVpcPublicSubnet${zone}RouteTable}`, '${NetworkVpcIGW}']),
      ...[1, 2].map((zone) => [`\${NetworkVpcPrivateSubnet${zone}RouteTable}`, `\${NetworkVpcPublicSubnet${zone}NATGateway}`]),
    ]);
  });

  test('the database has the private subnets and no other', () => {
    expect(compliance(stage).only('AWS::RDS::DBSubnetGroup').Properties.SubnetIds).toEqual(PRIVATE_SUBNETS);
    expect(compliance(stage).only('AWS::RDS::DBInstance').Properties).toMatchObject({ DBSubnetGroupName: '${DatabaseSubnetGroup}', PubliclyAccessible: false });
  });
});

describe.each(STAGES)('C-02 policies name buckets by ARN (%s)', (stage) => {
  const documents = () => compliance(stage).resources.filter(({ Type }) => /^AWS::IAM::|^AWS::S3::BucketPolicy$/.test(Type)).flatMap(({ Properties: { PolicyDocument, Policies } }) => (
    PolicyDocument ? [PolicyDocument] : (Policies as { PolicyDocument: unknown }[] | undefined ?? []).map((one) => one.PolicyDocument)
  ));
  const ofS3 = () => documents().flatMap((document) => statements(document)).filter(({ Action }) => [Action].flat().some((action) => action.startsWith('s3:')));

  test('the bucket itself for what is asked of it, and its objects for what is asked of them', () => {
    expect(statements(compliance(stage).only('AWS::IAM::ManagedPolicy', 'ServerRoleGrants').Properties.PolicyDocument)).toEqual([
      {
        Effect: 'Allow', Action: ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
        Resource: ['${SecureStorageBucket.Arn}', '${SecureStorageBucket.Arn}/*'],
      },
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY },
    ]);
  });

  test('no statement on S3 has a name, or everything, where an ARN belongs', () => {
    expect(ofS3().length).toBeGreaterThanOrEqual(12);
    for (const { Sid, Resource } of ofS3()) {
      for (const one of [Resource].flat()) expect([Sid, one]).toEqual([Sid, expect.stringMatching(/^(\$\{\w+Bucket\.Arn\}|arn:\$\{AWS::Partition\}:s3:::)/)]);
    }
  });
});

describe.each(STAGES)('C-03 AWS Config (%s)', (stage) => {
  const setting = () => compliance(stage).only('Custom::EnsuredConfigRecorder');

  test('the recorder is the account\'s: made where there is none, with the service-linked role, and otherwise used', () => {
    expect(setting().Properties).toMatchObject({
      BucketName: '${ConfigHistoryBucket}', KeyArn: KEY,
      RoleArn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
    });
  });

  test('what was made goes with the last ephemeral stack, and stays where data stays', () => {
    expect(setting().Properties.Stays).toBe(stage !== StageName.EPHEMERAL);
  });

  test('the bucket admits AWS Config before it is asked to deliver there', () => {
    expect(setting().DependsOn).toEqual(['ConfigHistoryBucketPolicy']);
  });

  test('every resource is checked against managed rules, each there once', () => {
    const rules = compliance(stage).ofType('AWS::Config::ConfigRule').map(({ Properties: { Source } }) => Source as { Owner: string; SourceIdentifier: string });
    expect(rules.filter(({ Owner }) => Owner !== 'AWS')).toEqual([]);
    const names = rules.map(({ SourceIdentifier }) => SourceIdentifier);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([
      'S3_BUCKET_SSL_REQUESTS_ONLY', 'S3_BUCKET_VERSIONING_ENABLED', 'RDS_STORAGE_ENCRYPTED', 'EC2_IMDSV2_CHECK', 'VPC_FLOW_LOGS_ENABLED', 'CLOUD_TRAIL_ENCRYPTION_ENABLED',
      'IAM_ROOT_ACCESS_KEY_CHECK', 'IAM_PASSWORD_POLICY', 'INCOMING_SSH_DISABLED',
    ]));
  });

  test('the function that sees to it takes no permission on other roles, and may hand on no role but that of AWS Config', () => {
    const { PolicyDocument } = compliance(stage).only('AWS::IAM::ManagedPolicy', 'ConfigEnsuredRolePolicy').Properties;
    const ofIam = statements(PolicyDocument).filter(({ Action }) => [Action].flat().some((action) => action.startsWith('iam:')));
    expect(ofIam.map(({ Action }) => Action)).toEqual(['iam:CreateServiceLinkedRole', 'iam:PassRole']);
    for (const { Resource } of ofIam) expect(Resource).toBe(setting().Properties.RoleArn);
  });
});

describe.each(STAGES)('C-04 database (%s)', (stage) => {
  const database = () => compliance(stage).only('AWS::RDS::DBInstance').Properties;

  test('is MySQL of a line that RDS offers, encrypted, and insists on TLS', () => {
    expect(database()).toMatchObject({ Engine: 'mysql', EngineVersion: '8.4', StorageEncrypted: true, KmsKeyId: KEY });
    expect(compliance(stage).only('AWS::RDS::DBParameterGroup').Properties.Parameters).toMatchObject({ require_secure_transport: '1' });
  });

  test('exports the logs error, general and slowquery, which it is told to write', () => {
    expect(database().EnableCloudwatchLogsExports).toEqual(['error', 'general', 'slowquery']);
    expect(compliance(stage).only('AWS::RDS::DBParameterGroup').Properties.Parameters).toMatchObject({ general_log: '1', slow_query_log: '1', log_output: 'FILE' });
  });

  test('its automated backups go with it where nothing is kept, and stay otherwise', () => {
    expect(database().DeleteAutomatedBackups).toBe(stage === StageName.EPHEMERAL);
    expect(database().DeletionProtection).toBe(stage !== StageName.EPHEMERAL);
  });
});

describe.each(STAGES)('C-05 use of the secure storage (%s)', (stage) => {
  test('the trail records the management events, and whatever is done with objects of this bucket: its ARN, and the slash that ends its name', () => {
    const { AdvancedEventSelectors, EventSelectors } = compliance(stage).only('AWS::CloudTrail::Trail').Properties;
    expect(EventSelectors).toBeUndefined();
    expect((AdvancedEventSelectors as { FieldSelectors: object[] }[]).map(({ FieldSelectors }) => FieldSelectors)).toEqual([
      [{ Field: 'eventCategory', Equals: ['Management'] }],
      [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
        { Field: 'resources.ARN', StartsWith: ['${SecureStorageBucket.Arn}/'] },
      ],
    ]);
  });
});

describe('C-06 image', () => {
  test('is the latest Amazon Linux 2023, by an SSM parameter that can be pinned', () => {
    const { EC2AMIId } = compliance().parameters;
    expect(EC2AMIId).toMatchObject({ Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' });
    expect(accepts(EC2AMIId, `${EC2AMIId.Default}:7`)).toBe(true);
    expect(compliance().only('AWS::EC2::Instance').Properties).toMatchObject({ ImageId: '${EC2AMIId}', MetadataOptions: { HttpTokens: 'required' } });
  });
});

describe('C-07 emptied buckets', () => {
  test('where nothing is kept every bucket is emptied before it goes, by a function with a quarter of an hour for it', () => {
    const emptied = compliance().ofType('Custom::S3AutoDeleteObjects').map(({ Properties }) => Properties.BucketName);
    expect(emptied).toEqual(compliance().ofType('AWS::S3::Bucket').map(({ logicalId }) => `\${${logicalId}}`));
    expect(compliance().only('AWS::Lambda::Function', 'CustomS3AutoDeleteObjects').Properties).toMatchObject({ Timeout: 900, Role: '${CustomS3AutoDeleteObjectsCustomResourceProviderRole.Arn}' });
  });

  test('the policy of each lets it list and delete versions', () => {
    for (const { Properties: { PolicyDocument, Bucket } } of compliance().ofType('AWS::S3::BucketPolicy')) {
      const allowed = statements(PolicyDocument).filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('CustomS3AutoDeleteObjects'));
      expect([Bucket, allowed.flatMap(({ Action }) => Action)]).toEqual([Bucket, expect.arrayContaining(['s3:List*', 's3:DeleteObject*'])]);
    }
  });

  test.each([StageName.STANDARD, StageName.REGULATED])('%s: nothing empties anything', (stage) => {
    expect(compliance(stage).ofType('Custom::S3AutoDeleteObjects')).toEqual([]);
  });
});

describe.each(STAGES)('C-08 buckets of logs (%s)', (stage) => {
  const policyOf = (bucket: string) => compliance(stage).only('AWS::S3::BucketPolicy', bucket).Properties.PolicyDocument;

  test.each([
    ['AuditLogFiles', 'cloudtrail.amazonaws.com', { ArnLike: { 'aws:SourceArn': 'arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/*' } }],
    ['ConfigHistory', 'config.amazonaws.com', { StringEquals: expect.objectContaining({ 'aws:SourceAccount': '${AWS::AccountId}' }) as object }],
    ['Logging', 'logging.s3.amazonaws.com', { StringEquals: expect.objectContaining({ 'aws:SourceAccount': '${AWS::AccountId}' }) as object }],
  ])('%s: %s may write to it, for this account, and nobody else', (bucket, service, condition) => {
    const writers = statements(policyOf(bucket)).filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('s3:PutObject'));
    expect(writers).toEqual([expect.objectContaining({ Principal: { Service: service }, Condition: expect.objectContaining(condition) as object })]);
  });

  test.each(['Logging', 'SecureStorage', 'AuditLogFiles', 'ConfigHistory'])('%s refuses plain HTTP to everybody, for itself and its objects', (bucket) => {
    expect(statement(policyOf(bucket), 'DenyInsecureConnections')).toEqual({
      Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*',
      Resource: [`\${${bucket}Bucket.Arn}`, `\${${bucket}Bucket.Arn}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  test('who reads and writes the others is on record', () => {
    const logged = compliance(stage).ofType('AWS::S3::Bucket').map(({ logicalId, Properties }) => (
      [logicalId, (Properties.LoggingConfiguration as Properties | undefined)?.DestinationBucketName]
    ));
    expect(Object.fromEntries(logged)).toEqual({
      LoggingBucket: undefined, SecureStorageBucket: '${LoggingBucket}', AuditLogFilesBucket: '${LoggingBucket}', ConfigHistoryBucket: '${LoggingBucket}',
    });
  });
});

describe.each(STAGES)('C-09 security alarms (%s)', (stage) => {
  const filters = () => compliance(stage).ofType('AWS::Logs::MetricFilter');
  const alarmOf = (id: string) => compliance(stage).ofType('AWS::CloudWatch::Alarm').find(({ logicalId }) => logicalId === `SecurityAlarms${id}`)!.Properties;

  test('there is one for each activity that CIS asks about', () => {
    expect(filters().map(({ Properties }) => Properties.FilterName)).toEqual(MonitoredActivity.all().map(({ id }) => id));
  });

  test.each(MonitoredActivity.all().map(({ id }) => id))('%s: the first event among those of the trail sets it off, and the topic is told', (id) => {
    expect(compliance(stage).only('AWS::Logs::MetricFilter', `SecurityAlarms${id}Filter`).Properties).toMatchObject({
      LogGroupName: '${AuditEventsLogGroup}', MetricTransformations: [{ MetricName: id, MetricNamespace: 'tap-security-${EnvironmentSuffix}', MetricValue: '1' }],
    });
    expect(alarmOf(id)).toMatchObject({
      MetricName: id, Namespace: 'tap-security-${EnvironmentSuffix}', Statistic: 'Sum', Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1, TreatMissingData: 'notBreaching', AlarmActions: ['${AlertsTopic}'],
    });
  });
});

describe.each(STAGES)('C-10 logs (%s)', (stage) => {
  const { logRetention, trailRetention } = stageNamed(stage);
  const group = (id: string) => compliance(stage).only('AWS::Logs::LogGroup', id).Properties;

  test('what the application logs goes to a group of its own', () => {
    const files = agentConfiguration(compliance(stage), 'Server').configuration.logs.logs_collected.files.collect_list;
    expect(files).toContainEqual(expect.objectContaining({ file_path: '/var/log/application.log', log_group_name: '${ServerLogsLogGroup}' }));
    expect(group('ServerLogs')).toMatchObject({ KmsKeyId: KEY, RetentionInDays: logRetention });
  });

  test('all traffic of the network is recorded, by a role that writes there and nowhere else', () => {
    expect(compliance(stage).only('AWS::EC2::FlowLog').Properties).toMatchObject({
      ResourceId: '${NetworkVpc}', TrafficType: 'ALL', LogGroupName: '${NetworkFlowLogsRecordsLogGroup}', DeliverLogsPermissionArn: '${NetworkFlowLogsRole.Arn}',
    });
    const [{ Resource }] = statements(compliance(stage).only('AWS::IAM::ManagedPolicy', 'NetworkFlowLogs').Properties.PolicyDocument);
    expect(Resource).toBe('${NetworkFlowLogsRecordsLogGroup.Arn}');
    expect(group('NetworkFlowLogsRecords')).toMatchObject({ KmsKeyId: KEY, RetentionInDays: logRetention });
  });

  test('the events of the trail are kept longer', () => {
    expect(group('AuditEvents')).toMatchObject({ KmsKeyId: KEY, RetentionInDays: trailRetention });
    expect(trailRetention).toBeGreaterThan(logRetention);
    expect(compliance(stage).only('AWS::CloudTrail::Trail').Properties).toMatchObject({ CloudWatchLogsLogGroupArn: '${AuditEventsLogGroup.Arn}', IsLogging: true, EnableLogFileValidation: true });
  });

  test('every log group is encrypted and kept for a time', () => {
    const groups = compliance(stage).ofType('AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThanOrEqual(9);
    for (const { logicalId, Properties } of groups) {
      expect({ logicalId, ...Properties }).toMatchObject({ logicalId, KmsKeyId: KEY, RetentionInDays: expect.any(Number) as number });
    }
  });
});

describe('C-11 security groups', () => {
  const rules = (id: string, direction: 'Ingress' | 'Egress') => (
    (compliance().only('AWS::EC2::SecurityGroup', id).Properties[`SecurityGroup${direction}`] as Properties[] | undefined ?? []).map(({ Description: _, ...rule }) => rule)
  );

  test('the server reaches HTTPS anywhere, DNS inside the network, the database, and nothing else', () => {
    expect(rules('TiersServer', 'Egress')).toEqual([
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' },
      { IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '${NetworkVpc.CidrBlock}' },
      { IpProtocol: 'tcp', FromPort: 53, ToPort: 53, CidrIp: '${NetworkVpc.CidrBlock}' },
    ]);
    expect(compliance().only('AWS::EC2::SecurityGroupEgress').Properties).toMatchObject({
      GroupId: '${TiersServer.GroupId}', DestinationSecurityGroupId: '${TiersDatabase.GroupId}', FromPort: 13306, ToPort: 13306,
    });
  });

  test('the database reaches nothing, and the function that tells about changes HTTPS', () => {
    // a group without any rule would be given one that allows everything: this one matches nothing
    expect(rules('TiersDatabase', 'Egress')).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' })]);
    expect(rules('WatchSecurityGroup', 'Egress')).toEqual([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }]);
  });

  test('the server is reached on 22 from AllowedSSHCIDR, the database on its port from the server, and the function by nothing', () => {
    expect(rules('TiersServer', 'Ingress')).toEqual([{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '${AllowedSSHCIDR}' }]);
    expect(rules('TiersDatabase', 'Ingress')).toEqual([]);
    expect(rules('WatchSecurityGroup', 'Ingress')).toEqual([]);
    expect(compliance().only('AWS::EC2::SecurityGroupIngress').Properties).toMatchObject({
      GroupId: '${TiersDatabase.GroupId}', SourceSecurityGroupId: '${TiersServer.GroupId}', FromPort: 13306, ToPort: 13306,
    });
  });

  describe('who reaches whom is proven at synthesis', () => {
    const build = () => addStack(new App({ context: CONTEXT }), { environment: 'compliance', stage: 'ephemeral', suffix: 'dev' });
    const synthesis = (stack: Stack) => () => (stack.node.root as App).synth();
    const groupOf = (stack: Stack, tier: string) => stack.node.findChild('Tiers').node.findChild(tier) as ec2.SecurityGroup;

    test('fails when the database may call out', () => {
      const stack = build();
      groupOf(stack, 'Database').addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS);
      expect(synthesis(stack)).toThrow(/no path from TapStack\/Database to the internet, but there is one for tcp 443/);
    });

    test('fails when something else reaches the server', () => {
      const stack = build();
      groupOf(stack, 'Server').addIngressRule(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.tcp(8080));
      expect(synthesis(stack)).toThrow(/no path to TapStack\/Server but [^]*but there is one for tcp 8080/);
    });

    test('fails when something else reaches the database', () => {
      const stack = build();
      groupOf(stack, 'Database').addIngressRule(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.tcp(13306));
      expect(synthesis(stack)).toThrow(/no path to TapStack\/Database but [^]*but there is one for tcp 13306/);
    });
  });
});

describe('X-05 outputs of what is recorded', () => {
  test.each([
    ['SecureStorageBucketName', '${SecureStorageBucket}'],
    ['CloudTrailBucketName', '${AuditLogFilesBucket}'],
    ['ConfigBucketName', '${ConfigHistoryBucket}'],
    ['LoggingBucketName', '${LoggingBucket}'],
    ['TrailArn', '${AuditTrail.Arn}'],
    ['TrailLogGroup', '${AuditEventsLogGroup}'],
    ['ApplicationLogGroup', '${ServerLogsLogGroup}'],
    ['FlowLogGroup', '${NetworkFlowLogsRecordsLogGroup}'],
    ['SecurityAlarmsNamespace', 'tap-security-${EnvironmentSuffix}'],
    ['ServerInstanceId', '${ServerInstance}'],
    ['DatabaseInstanceId', '${DatabaseInstance}'],
    ['AlertsTopicArn', '${AlertsTopic}'],
    ['KMSKeyId', '${Key}'],
  ])('output %s is %s', (name, value) => {
    expect(compliance().outputs[name].Value).toBe(value);
  });
});
