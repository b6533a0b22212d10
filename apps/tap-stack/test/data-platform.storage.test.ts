import { STAGE_NAMES as STAGES, StageName } from '../src/stage';
import { templateOf } from './_helpers/every-environment';
import { statement, statements, tags } from './_helpers/read-template';

const TO_ANYBODY = '0.0.0.0/0';
const [STORAGE, DATABASE, AUDIT] = ['Storage', 'Database', 'Audit'].map((key) => `\${${key}Key.Arn}`);
const ZONES = [1, 2];

const platform = (stage: StageName) => templateOf('data-platform', stage);
const only = (type: string, logicalId: string, stage: StageName) => platform(stage).only(type, logicalId).Properties;

describe.each(STAGES)('D-01 network (%s)', (stage) => {
  const subnet = (tier: string, zone: number) => `\${NetworkVpc${tier}Subnet${zone}Subnet}`;
  const routes = () => platform(stage).ofType('AWS::EC2::Route').map(({ Properties: { RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId } }) =>
    ({ RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId }));

  test('three tiers, each in both zones, and no other subnet', () => {
    expect(platform(stage).ofType('AWS::EC2::Subnet').map(({ logicalId, Properties: { CidrBlock, AvailabilityZone } }) => [logicalId, CidrBlock, AvailabilityZone])).toEqual(
      ['Public', 'Private', 'Database'].flatMap((tier, index) => ZONES.map((zone) => [
        `NetworkVpc${tier}Subnet${zone}Subnet`, `10.0.${2 * index + zone}.0/24`, { 'Fn::Select': [zone - 1, { 'Fn::GetAZs': '' }] },
      ])),
    );
  });

  test('names are resolved, and hosts have names', () => {
    expect(only('AWS::EC2::VPC', '', stage)).toMatchObject({ CidrBlock: '10.0.0.0/16', EnableDnsSupport: true, EnableDnsHostnames: true });
  });

  test('public subnets lead out by the internet gateway, private ones by the NAT gateway of their zone, and those of the database nowhere', () => {
    expect(platform(stage).ofType('AWS::EC2::InternetGateway')).toHaveLength(1);
    expect(routes()).toEqual([
      ...ZONES.map((zone) => ({ RouteTableId: `\${NetworkVpcPublicSubnet${zone}RouteTable}`, DestinationCidrBlock: TO_ANYBODY, GatewayId: '${NetworkVpcIGW}' })),
      ...ZONES.map((zone) => ({
        RouteTableId: `\${NetworkVpcPrivateSubnet${zone}RouteTable}`, DestinationCidrBlock: TO_ANYBODY, NatGatewayId: `\${NetworkVpcPublicSubnet${zone}NATGateway}`,
      })),
    ]);
  });

  test('each database subnet has a route table of its own, which no route is in', () => {
    const tables = platform(stage).ofType('AWS::EC2::SubnetRouteTableAssociation').map(({ Properties }) => [Properties.SubnetId, Properties.RouteTableId]);
    const databaseTables = ZONES.map((zone) => `\${NetworkVpcDatabaseSubnet${zone}RouteTable}`);
    expect(tables).toEqual(expect.arrayContaining(ZONES.map((zone, index) => [subnet('Database', zone), databaseTables[index]])));
    expect(routes().filter(({ RouteTableId }) => databaseTables.includes(RouteTableId as string))).toEqual([]);
  });

  test('a NAT gateway with its own address stands in the public subnet of each zone', () => {
    expect(platform(stage).ofType('AWS::EC2::NatGateway').map(({ Properties: { SubnetId, AllocationId } }) => [SubnetId, AllocationId]))
      .toEqual(ZONES.map((zone) => [subnet('Public', zone), `\${NetworkVpcPublicSubnet${zone}EIP.AllocationId}`]));
  });

  test('all traffic is recorded', () => {
    expect(only('AWS::EC2::FlowLog', '', stage)).toMatchObject({ ResourceId: '${NetworkVpc}', TrafficType: 'ALL', LogGroupName: '${NetworkFlowLogsRecordsLogGroup}' });
  });
});

describe.each(STAGES)('D-02 buckets (%s)', (stage) => {
  const BUCKETS = ['LoggingBucket', 'LakeZonedataBucket', 'AuditLogFilesBucket'];
  const bucket = (id: string) => only('AWS::S3::Bucket', id, stage);

  test('there are three: the lake, the logging bucket and that of CloudTrail', () => {
    expect(platform(stage).ofType('AWS::S3::Bucket').map((one) => [one.logicalId, tags(one).Name])).toEqual([
      ['LoggingBucket', 'tap-logging-${EnvironmentSuffix}'],
      ['LakeZonedataBucket', 'tap-data-lake-${EnvironmentSuffix}'],
      ['AuditLogFilesBucket', 'tap-cloudtrail-${EnvironmentSuffix}'],
    ]);
  });

  test.each(BUCKETS)('%s is private and versioned, and old versions expire', (id) => {
    expect(bucket(id)).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: { Rules: expect.arrayContaining([expect.objectContaining({ Id: 'SupersededVersions', Status: 'Enabled' })]) as unknown },
    });
  });

  test.each(BUCKETS)('%s refuses plain HTTP to everybody', (id) => {
    const { PolicyDocument } = only('AWS::S3::BucketPolicy', id.replace(/Bucket$/, ''), stage);
    expect(statement(PolicyDocument, 'DenyInsecureConnections')).toEqual({
      Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*',
      Resource: [`\${${id}.Arn}`, `\${${id}.Arn}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  test('the lake is encrypted with the key for S3; the trail asks for its own; access logs arrive under no customer key', () => {
    type Encryption = { ServerSideEncryptionConfiguration: { ServerSideEncryptionByDefault: object }[] };
    const encryption = (id: string) => (bucket(id).BucketEncryption as Encryption).ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault;
    expect(encryption('LakeZonedataBucket')).toEqual({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: STORAGE });
    expect(encryption('LoggingBucket')).toEqual({ SSEAlgorithm: 'AES256' });
    expect(only('AWS::CloudTrail::Trail', '', stage)).toMatchObject({ S3BucketName: '${AuditLogFilesBucket}', KMSKeyId: AUDIT });
  });

  test('who read and wrote the lake and the files of the trail is logged, each below its own path', () => {
    expect(Object.fromEntries(BUCKETS.map((id) => [id, bucket(id).LoggingConfiguration]))).toEqual({
      LoggingBucket: undefined,
      LakeZonedataBucket: { DestinationBucketName: '${LoggingBucket}', LogFilePrefix: 'TapStack/Lake/Zone-data/' },
      AuditLogFilesBucket: { DestinationBucketName: '${LoggingBucket}', LogFilePrefix: 'TapStack/Audit/LogFiles/' },
    });
  });

  test('logs expire, data does not', () => {
    const rules = (id: string) => (bucket(id).LifecycleConfiguration as { Rules: { ExpirationInDays?: number }[] }).Rules;
    const expiring = (id: string) => rules(id).some(({ ExpirationInDays }) => ExpirationInDays);
    expect(BUCKETS.filter(expiring)).toEqual(['LoggingBucket', 'AuditLogFilesBucket']);
  });
});

describe.each(STAGES)('D-03 keys (%s)', (stage) => {
  const keysOf = (type: string, property: string) => platform(stage).ofType(type)
    .map(({ logicalId, Properties: { [property]: key } }) => [logicalId, key]);

  test('there are three, and each rotates', () => {
    expect(platform(stage).ofType('AWS::KMS::Key').map(({ logicalId, Properties }) => [logicalId, Properties.EnableKeyRotation])).toEqual([
      ['StorageKey', true], ['DatabaseKey', true], ['AuditKey', true],
    ]);
  });

  test('the key for S3 encrypts the lake and the volumes of those that work on it', () => {
    const { BlockDeviceMappings } = only('AWS::EC2::LaunchTemplate', '', stage).LaunchTemplateData as { BlockDeviceMappings: { Ebs: object }[] };
    expect(BlockDeviceMappings.map(({ Ebs }) => Ebs)).toEqual([
      expect.objectContaining({ Encrypted: true, KmsKeyId: STORAGE, DeleteOnTermination: true }),
    ]);
  });

  test('the key for RDS encrypts the database, its secret and insights, and its logs, which hold what was asked', () => {
    expect(only('AWS::RDS::DBInstance', '', stage)).toMatchObject({
      StorageEncrypted: true, KmsKeyId: DATABASE, PerformanceInsightsKMSKeyId: DATABASE, MasterUserSecret: { KmsKeyId: DATABASE },
    });
    expect(keysOf('AWS::Logs::LogGroup', 'KmsKeyId').filter(([, key]) => key === DATABASE).map(([id]) => id)).toEqual(
      ['error', 'general', 'slowquery'].map((log) => `DatabaseLog${log}LogGroup`),
    );
  });

  test('the key for CloudTrail encrypts whatever else records and tells: every other log group, the topic, the queue, the environment of functions', () => {
    const recording = [['AWS::Logs::LogGroup', 'KmsKeyId', 8], ['AWS::SNS::Topic', 'KmsMasterKeyId', 1], ['AWS::SQS::Queue', 'KmsMasterKeyId', 1]] as const;
    for (const [type, property, atLeast] of recording) {
      const others = keysOf(type, property).filter(([, key]) => key !== DATABASE);
      expect(others.length).toBeGreaterThanOrEqual(atLeast);
      expect(others.filter(([, key]) => key !== AUDIT)).toEqual([]);
    }
    const functions = keysOf('AWS::Lambda::Function', 'KmsKeyArn').filter(([, key]) => key !== undefined);
    expect(functions).toEqual(expect.arrayContaining([['WatchFunction', AUDIT]]));
    expect(functions.filter(([, key]) => key !== AUDIT)).toEqual([]);
  });

  test.each([
    ['StorageKey', ['s3', 'ec2'], []],
    ['DatabaseKey', ['rds', 'secretsmanager'], ['AllowLogGroups']],
    ['AuditKey', ['s3', 'sns', 'sqs', 'lambda'], [
      'AllowLogGroups', 'AllowCloudWatchAlarms', 'AllowRdsEvents', 'AllowEventBridgeRules', 'AllowCloudTrail', 'AllowCloudTrail2',
    ]],
  ])('%s is used through %j only, and by the services %j in their own name', (key, via, writers) => {
    const { KeyPolicy } = only('AWS::KMS::Key', key, stage);
    expect(statement(KeyPolicy, 'AccountDelegatesUse').Condition).toEqual({
      StringEquals: { 'kms:ViaService': via.map((service) => `${service}.\${AWS::Region}.amazonaws.com`) },
    });
    expect(statements(KeyPolicy).map(({ Sid }) => Sid!).filter((sid) => sid.startsWith('Allow')).sort()).toEqual([...writers].sort());
  });

  test('the role of the instances may use the key of the data, and not those of the database and of the records', () => {
    const grants = statements(only('AWS::IAM::ManagedPolicy', 'FleetRoleGrants', stage).PolicyDocument);
    expect(grants.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')))).toEqual([{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: STORAGE }]);
  });
});
