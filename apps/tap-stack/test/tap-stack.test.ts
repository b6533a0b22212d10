import { MonitoredActivity } from '@tapstack/audit-trail';
import { ENVIRONMENT_NAMES } from '../src/environments';
import { STAGE_NAMES as STAGES, stageNamed, StageName } from '../src/stage';
import { agentConfiguration } from './_helpers/agent-configuration';
import { templateOf } from './_helpers/every-environment';
import { Properties, statement, statements } from './_helpers/read-template';

/*
 * The union of the environments: what each of them promises by its own tests holds here as well, under the same id.
 */

const [KEY, DATABASE_KEY, AUDIT_KEY] = ['Key', 'DatabaseKey', 'AuditKey'].map((id) => `\${${id}.Arn}`);
const TOPIC = '${AlertsTopic}';
const TO_ANYBODY = '0.0.0.0/0';
const ZONES = [1, 2];
const BUCKETS = ['LoggingBucket', 'LakeZonedataBucket', 'AuditLogFilesBucket', 'ConfigHistoryBucket'];

describe.each(STAGES)('%s', (stage) => {
  const template = () => templateOf('tap-stack', stage);
  const all = (type: string) => template().ofType(type).map(({ Properties }) => Properties);
  const only = (type: string, logicalId = '') => template().only(type, logicalId).Properties;
  const subnets = (tier: string) => ZONES.map((zone) => `\${NetworkVpc${tier}Subnet${zone}Subnet}`);
  const lasts = stage !== StageName.EPHEMERAL;

  describe('network', () => {
    test('B-01, D-01, P-03 three tiers at their addresses, each in two zones, and no other subnet', () => {
      expect(only('AWS::EC2::VPC')).toMatchObject({ CidrBlock: '10.0.0.0/16', EnableDnsSupport: true, EnableDnsHostnames: true });
      expect(template().ofType('AWS::EC2::Subnet').map(({ logicalId, Properties: { CidrBlock, AvailabilityZone } }) => [logicalId, CidrBlock, AvailabilityZone])).toEqual(
        ['Public', 'Private', 'Database'].flatMap((tier, index) => ZONES.map((zone) => [
          `NetworkVpc${tier}Subnet${zone}Subnet`, `10.0.${2 * index + zone}.0/24`, { 'Fn::Select': [zone - 1, { 'Fn::GetAZs': '' }] },
        ])),
      );
    });

    test('B-02, C-01, D-01 public subnets lead out by the internet gateway, private ones by the NAT gateway of their zone, those of the database nowhere', () => {
      const routes = all('AWS::EC2::Route').map(({ RouteTableId, DestinationCidrBlock, GatewayId, NatGatewayId }) => [RouteTableId, DestinationCidrBlock, GatewayId ?? NatGatewayId]);
      expect(routes).toEqual([
        ...ZONES.map((zone) => [`\${NetworkVpcPublicSubnet${zone}RouteTable}`, TO_ANYBODY, '${NetworkVpcIGW}']),
        ...ZONES.map((zone) => [`\${NetworkVpcPrivateSubnet${zone}RouteTable}`, TO_ANYBODY, `\${NetworkVpcPublicSubnet${zone}NATGateway}`]),
      ]);
      expect(all('AWS::EC2::NatGateway').map(({ SubnetId, AllocationId }) => [SubnetId, AllocationId]))
        .toEqual(ZONES.map((zone) => [subnets('Public')[zone - 1], `\${NetworkVpcPublicSubnet${zone}EIP.AllocationId}`]));
    });

    test('C-10 all traffic is recorded', () => {
      expect(only('AWS::EC2::FlowLog')).toMatchObject({ ResourceId: '${NetworkVpc}', TrafficType: 'ALL', LogGroupName: '${NetworkFlowLogsRecordsLogGroup}' });
    });
  });

  describe('security groups', () => {
    const rules = (type: string) => all(type).map(({ GroupId, SourceSecurityGroupId, DestinationSecurityGroupId, FromPort, ToPort, IpProtocol }) =>
      [GroupId, SourceSecurityGroupId ?? DestinationSecurityGroupId, IpProtocol, FromPort, ToPort]);
    const [front, instance, database] = ['Front', 'Instance', 'Database'].map((tier) => `\${Tiers${tier}.GroupId}`);
    const open = (property: string) => Object.fromEntries(template().ofType('AWS::EC2::SecurityGroup').map(({ logicalId, Properties }) => [
      logicalId, (Properties[property] as Properties[] | undefined ?? []).map(({ CidrIp, IpProtocol, FromPort }) => [CidrIp, IpProtocol, FromPort]),
    ]));

    test('D-07, B-05, P-04 front, then instances, then the database: each is reached from the one before on its port', () => {
      expect(rules('AWS::EC2::SecurityGroupIngress')).toEqual(expect.arrayContaining([[instance, front, 'tcp', 443, 443], [database, instance, 'tcp', 13306, 13306]]));
      expect(rules('AWS::EC2::SecurityGroupEgress')).toEqual(expect.arrayContaining([[front, instance, 'tcp', 443, 443], [instance, database, 'tcp', 13306, 13306]]));
      expect(all('AWS::EC2::SecurityGroupIngress')).toHaveLength(2);
    });

    test('B-05, P-04 SSH comes from the administrators only, and nothing from any address', () => {
      expect(open('SecurityGroupIngress')).toEqual({
        TiersPublic: [['${AllowedSSHCIDR}', 'tcp', 22]], TiersFront: [], TiersInstance: [['${AllowedSSHCIDR}', 'tcp', 22]], TiersDatabase: [], WatchSecurityGroup: [],
      });
    });

    test('B-05, C-11 nothing is let out but HTTPS, and DNS inside; the default group is closed', () => {
      expect(open('SecurityGroupEgress')).toEqual({
        TiersPublic: [[TO_ANYBODY, 'tcp', 443]],
        TiersFront: [['255.255.255.255/32', 'icmp', 252]],
        TiersInstance: [[TO_ANYBODY, 'tcp', 443], ['${NetworkVpc.CidrBlock}', 'udp', 53], ['${NetworkVpc.CidrBlock}', 'tcp', 53]],
        TiersDatabase: [['255.255.255.255/32', 'icmp', 252]],
        WatchSecurityGroup: [[TO_ANYBODY, 'tcp', 443]],
      });
      expect(only('Custom::ClosedDefaultGroup').GroupId).toBe('${NetworkVpc.DefaultSecurityGroup}');
    });
  });

  describe('instances', () => {
    const launch = () => only('AWS::EC2::LaunchTemplate').LaunchTemplateData as Properties;

    const policiesOf = (role: string) => template().ofType('AWS::IAM::ManagedPolicy')
      .filter(({ Properties }) => (Properties.Roles as string[] | undefined)?.includes(`\${${role}}`)).map(({ logicalId }) => logicalId);

    test('B-03, D-04, P-05 two at least, replaced when they fail, in the private subnets of both zones, without an address', () => {
      expect(only('AWS::AutoScaling::AutoScalingGroup')).toMatchObject({ MinSize: '2', VPCZoneIdentifier: subnets('Private') });
    });

    test('B-03 one more is in the public tier, with an address and the group of that tier; the rest is said by the launch template of the fleet', () => {
      expect(only('AWS::EC2::Instance')).toEqual({
        LaunchTemplate: { LaunchTemplateId: '${FleetTemplate}', Version: '${FleetTemplate.LatestVersionNumber}' },
        NetworkInterfaces: [
          { DeviceIndex: '0', AssociatePublicIpAddress: true, SubnetId: subnets('Public')[0], GroupSet: ['${TiersPublic.GroupId}'] },
        ],
        IamInstanceProfile: '${PublicServerProfile}',
        PropagateTagsToVolumeOnCreation: true,
        Tags: expect.anything(),
      });
    });

    test('B-03, B-06 its role has what an instance needs by itself, and nothing of what the fleet may: no data, and no word for the fleet', () => {
      expect(only('AWS::IAM::InstanceProfile', 'PublicServer').Roles).toEqual(['${PublicServerRole}']);
      expect(policiesOf('PublicServerRole')).toEqual(['FleetRoleBaseline']);
      expect(policiesOf('FleetRole')).toEqual(['FleetRoleGrants', 'FleetRoleBaseline']);
      const allowed = statements(only('AWS::IAM::ManagedPolicy', 'FleetRoleBaseline').PolicyDocument).filter(({ Effect }) => Effect === 'Allow');
      expect(allowed.flatMap(({ Action }) => Action).filter((action) => /^(s3|kms|rds|cloudformation):/.test(action))).toEqual([]);
    });

    test('B-03, P-08 its alarms tell the topic; memory and disk are watched by those of the fleet, under whose name its agent reports', () => {
      const own = all('AWS::CloudWatch::Alarm').filter(({ Dimensions }) => JSON.stringify(Dimensions ?? []).includes('${PublicServerInstance}'));
      expect(own.map(({ MetricName, AlarmActions }) => [MetricName, AlarmActions])).toEqual(
        ['CPUUtilization', 'NetworkIn', 'NetworkOut', 'StatusCheckFailed'].map((metric) => [metric, [TOPIC]]));
      const { metrics } = agentConfiguration(template(), 'Fleet').configuration;
      expect(metrics.aggregation_dimensions).toEqual(expect.arrayContaining([['Fleet'], ['Fleet', 'path']]));
    });

    test('B-03, C-06, D-04 the image of an SSM parameter, detailed monitoring, IMDSv2, an encrypted volume that goes with it, no key pair', () => {
      expect(launch()).toMatchObject({
        ImageId: '${EC2AMIId}', InstanceType: '${EC2InstanceType}', Monitoring: { Enabled: true },
        NetworkInterfaces: [{ AssociatePublicIpAddress: false, Groups: ['${TiersInstance.GroupId}'] }],
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId: KEY, DeleteOnTermination: true } }],
      });
      expect(launch()).not.toHaveProperty('KeyName');
    });

    test('P-05, D-09 the CloudWatch agent sends their logs to an encrypted group, and reports memory and disk', () => {
      const { configuration: { logs, metrics } } = agentConfiguration(template(), 'Fleet');
      expect(new Set(logs.logs_collected.files.collect_list.map((file) => file.log_group_name))).toEqual(new Set(['${FleetLogsLogGroup}']));
      expect(Object.keys(metrics.metrics_collected)).toEqual(expect.arrayContaining(['mem', 'disk']));
    });

    test('B-06, C-02, D-05, P-06 their role uses the objects of the lake, by ARN and through the key, and is denied more permissions', () => {
      expect(statements(only('AWS::IAM::ManagedPolicy', 'FleetRoleGrants').PolicyDocument)).toEqual([
        // how an instance says that it works
        { Effect: 'Allow', Action: 'cloudformation:SignalResource', Resource: '${AWS::StackId}' },
        { Effect: 'Allow', Action: ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'], Resource: ['${LakeZonedataBucket.Arn}', '${LakeZonedataBucket.Arn}/*'] },
        { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY },
      ]);
      const denied = statements(only('AWS::IAM::ManagedPolicy', 'FleetRoleBaseline').PolicyDocument).filter(({ Effect }) => Effect === 'Deny').flatMap(({ Action }) => Action);
      expect(denied).toEqual(expect.arrayContaining(['iam:PassRole', 'lambda:UpdateFunctionCode']));
    });
  });

  describe('database', () => {
    const database = () => only('AWS::RDS::DBInstance');

    test('B-04, C-01, C-04, D-06 is MySQL in the database subnets, encrypted, not public, with a password that RDS keeps', () => {
      expect(database()).toMatchObject({
        Engine: 'mysql', EngineVersion: '8.4', PubliclyAccessible: false, StorageEncrypted: true, KmsKeyId: DATABASE_KEY, ManageMasterUserPassword: true, MasterUsername: '${DBUsername}',
      });
      expect(only('AWS::RDS::DBSubnetGroup').SubnetIds).toEqual(subnets('Database'));
      expect(only('AWS::RDS::DBParameterGroup').Parameters).toMatchObject({ require_secure_transport: '1', log_output: 'FILE' });
    });

    test('B-04, C-04, D-06 backups, enhanced monitoring and log exports are as the stage says', () => {
      expect(database()).toMatchObject({
        BackupRetentionPeriod: stage === StageName.REGULATED ? 35 : 7, MonitoringInterval: 60, EnableCloudwatchLogsExports: ['error', 'general', 'slowquery'],
        DeletionProtection: lasts, MultiAZ: lasts, DeleteAutomatedBackups: !lasts,
      });
      expect(all('AWS::RDS::EventSubscription').map(({ SnsTopicArn }) => SnsTopicArn)).toEqual([TOPIC, TOPIC]);
    });
  });

  describe('data', () => {
    test.each(BUCKETS)('B-12, D-02, P-07 %s is private, versioned, encrypted, and refuses plain HTTP', (id) => {
      expect(only('AWS::S3::Bucket', id)).toMatchObject({
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        VersioningConfiguration: { Status: 'Enabled' }, BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
      });
      expect(statement(only('AWS::S3::BucketPolicy', id.replace(/Bucket$/, '')).PolicyDocument, 'DenyInsecureConnections')).toMatchObject({
        Effect: 'Deny', Resource: [`\${${id}.Arn}`, `\${${id}.Arn}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    });

    test('B-12, B-13, D-02 there are no others, and the access to all but the log bucket is logged there', () => {
      expect(template().ofType('AWS::S3::Bucket').map(({ logicalId, Properties }) => [logicalId, (Properties.LoggingConfiguration as Properties | undefined)?.DestinationBucketName]))
        .toEqual(BUCKETS.map((id) => [id, id === 'LoggingBucket' ? undefined : '${LoggingBucket}']));
    });

    test('B-08, D-03, P-02 the database has a key of its own, so has what the trail records, and one encrypts the rest; each rotates', () => {
      for (const id of ['Key', 'DatabaseKey', 'AuditKey']) expect(only('AWS::KMS::Key', id)).toMatchObject({ EnableKeyRotation: true, RotationPeriodInDays: 365 });
      expect(all('AWS::KMS::Key')).toHaveLength(3);
      expect(only('AWS::RDS::DBInstance')).toMatchObject({ KmsKeyId: DATABASE_KEY, MasterUserSecret: { KmsKeyId: DATABASE_KEY } });
      expect(only('AWS::CloudTrail::Trail').KMSKeyId).toBe(AUDIT_KEY);
      for (const [type, property] of [['AWS::SNS::Topic', 'KmsMasterKeyId'], ['AWS::SQS::Queue', 'KmsMasterKeyId']]) {
        expect(all(type).map((one) => one[property])).toEqual(all(type).map(() => KEY));
      }
      const keyOfLogs = (id: string) => (id.startsWith('DatabaseLog') ? DATABASE_KEY : id === 'AuditEventsLogGroup' ? AUDIT_KEY : KEY);
      const logGroups = template().ofType('AWS::Logs::LogGroup').map(({ logicalId, Properties }) => [logicalId, Properties.KmsKeyId] as const);
      expect(logGroups).toEqual(logGroups.map(([logicalId]) => [logicalId, keyOfLogs(logicalId)]));
      expect(JSON.stringify(only('AWS::S3::Bucket', 'LakeZonedata').BucketEncryption)).toContain(`"KMSMasterKeyID":"${KEY}"`);
    });

    test('C-07 buckets are emptied when the stack goes, where data goes with it', () => {
      expect(all('Custom::S3AutoDeleteObjects').map(({ BucketName }) => BucketName)).toEqual(lasts ? [] : BUCKETS.map((id) => `\${${id}}`));
    });
  });

  describe('API', () => {
    test('D-08 GET /data is a mock on the regional stage prod, asks who calls, and is the only method', () => {
      expect(only('AWS::ApiGateway::RestApi')).toMatchObject({ EndpointConfiguration: { Types: ['REGIONAL'] } });
      expect(only('AWS::ApiGateway::Method')).toMatchObject({ HttpMethod: 'GET', AuthorizationType: 'AWS_IAM', Integration: { Type: 'MOCK' }, ResourceId: '${Apidata}' });
      expect(only('AWS::ApiGateway::Resource').PathPart).toBe('data');
    });

    test('D-08 it writes down who called, and is throttled', () => {
      expect(only('AWS::ApiGateway::Stage')).toMatchObject({
        StageName: 'prod', AccessLogSetting: { DestinationArn: '${ApiAccessLogsLogGroup.Arn}' }, MethodSettings: [expect.objectContaining({ ThrottlingRateLimit: 100 })],
      });
    });
  });

  describe('records', () => {
    test('B-09, C-10, D-09 the trail records every region, encrypted and validated, and is kept as long as the stage says', () => {
      expect(only('AWS::CloudTrail::Trail')).toMatchObject({
        IsLogging: true, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, EnableLogFileValidation: true,
        S3BucketName: '${AuditLogFilesBucket}', CloudWatchLogsLogGroupArn: '${AuditEventsLogGroup.Arn}', KMSKeyId: AUDIT_KEY,
      });
      expect(only('AWS::Logs::LogGroup', 'AuditEvents').RetentionInDays).toBe(stageNamed(stage).trailRetention);
    });

    test('C-05 and whatever is done with objects of the lake: its ARN, and the slash that ends its name', () => {
      expect((only('AWS::CloudTrail::Trail').AdvancedEventSelectors as { FieldSelectors: object[] }[]).map(({ FieldSelectors }) => FieldSelectors)).toEqual([
        [{ Field: 'eventCategory', Equals: ['Management'] }],
        [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'resources.ARN', StartsWith: ['${LakeZonedataBucket.Arn}/'] },
        ],
      ]);
    });

    test('B-10, B-11 every change of a security group reaches a function in the network, which tells the topic or keeps what it could not tell', () => {
      const { detail: { eventName } } = only('AWS::Events::Rule', 'WatchSecurityGroupChanges').EventPattern as { detail: { eventName: string[] } };
      expect(eventName).toEqual(expect.arrayContaining(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupEgress', 'ModifySecurityGroupRules']));
      expect(only('AWS::Lambda::Function', 'WatchFunction')).toMatchObject({
        VpcConfig: { SubnetIds: subnets('Private') }, Environment: { Variables: { TOPIC_ARN: TOPIC } }, DeadLetterConfig: { TargetArn: '${WatchFailedEventsQueue.Arn}' },
      });
    });

    test('R-01 a stack that fails is told, rolled back or not, and an alarm on the rule goes off', () => {
      const { EventPattern, Targets } = only('AWS::Events::Rule', 'DeploymentsFailures') as { EventPattern: { detail: { 'status-details': { status: string[] } } }; Targets: Properties[] };
      expect(EventPattern.detail['status-details'].status).toEqual(expect.arrayContaining(['ROLLBACK_COMPLETE', 'CREATE_FAILED', 'UPDATE_ROLLBACK_COMPLETE', 'DELETE_FAILED', 'IMPORT_ROLLBACK_COMPLETE']));
      expect(Targets).toEqual([expect.objectContaining({ Arn: TOPIC })]);
      expect(only('AWS::CloudWatch::Alarm', 'DeploymentsAlarm')).toMatchObject({
        Namespace: 'AWS/Events', MetricName: 'TriggeredRules', Dimensions: [{ Name: 'RuleName', Value: '${DeploymentsFailures}' }], AlarmActions: [TOPIC],
      });
    });

    test('C-09 every activity of CIS has its filter, and its alarm at the first event', () => {
      const expected = MonitoredActivity.all().map(({ id }) => id);
      expect(all('AWS::Logs::MetricFilter').map(({ FilterName, LogGroupName }) => [FilterName, LogGroupName])).toEqual(expected.map((id) => [id, '${AuditEventsLogGroup}']));
      for (const id of expected) {
        expect(all('AWS::CloudWatch::Alarm').filter(({ Namespace, MetricName }) => Namespace === 'tap-security-${EnvironmentSuffix}' && MetricName === id)).toEqual([
          expect.objectContaining({ Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', AlarmActions: [TOPIC] }),
        ]);
      }
    });

    test('C-03, C-08, R-11 the account records every resource, which rules check, and delivers where the bucket lets it', () => {
      expect(only('Custom::EnsuredConfigRecorder')).toMatchObject({ BucketName: '${ConfigHistoryBucket}', KeyArn: KEY, Stays: lasts });
      const alone = templateOf('compliance', stage).ofType('AWS::Config::ConfigRule').map(({ Properties }) => (Properties.Source as Properties).SourceIdentifier);
      const { TemplateBody } = only('AWS::Config::ConformancePack');
      expect([...(TemplateBody as string).matchAll(/SourceIdentifier: (\w+)/g)].map(([, identifier]) => identifier)).toEqual(alone);
      expect(alone).toHaveLength(28);
    });

    test('R-11 a dashboard shows the instances, and the states of their alarms', () => {
      expect(JSON.stringify(only('AWS::CloudWatch::Dashboard'))).toMatch(/AutoScalingGroupName.*FleetAlarmsCpu|FleetAlarmsCpu.*AutoScalingGroupName/);
    });

    test('B-07 a group of users does nothing without MFA but enrol', () => {
      const { Groups, PolicyDocument } = only('AWS::IAM::ManagedPolicy', 'IdentityMfaPolicy');
      expect(Groups).toEqual(['${IdentityGroup}']);
      expect(statement(PolicyDocument, 'DenyAllExceptEnrolmentWithoutMfa')).toMatchObject({
        Effect: 'Deny', Resource: '*', Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      });
      // the name is IAM's to put in, not CloudFormation's
      expect(statement(PolicyDocument, 'AllowManageOwnMfa').Resource).toContain('arn:${AWS::Partition}:iam::${AWS::AccountId}:user/${aws:username}');
    });

    test('B-14, P-08, D-09 every alarm tells the topic when it goes off, and when it is over, but for what was done and is never over', () => {
      expect(all('AWS::CloudWatch::Alarm').length).toBeGreaterThanOrEqual(30);
      for (const { AlarmActions, OKActions, Namespace } of all('AWS::CloudWatch::Alarm')) {
        expect([AlarmActions, OKActions]).toEqual([[TOPIC], Namespace === 'tap-security-${EnvironmentSuffix}' ? undefined : [TOPIC]]);
      }
      expect(all('AWS::CloudWatch::Alarm').map(({ MetricName }) => MetricName)).toEqual(expect.arrayContaining(['CPUUtilization', 'NetworkIn', 'NetworkOut']));
    });
  });

  test('B-15, D-10 more than 50 resources, and the outputs that the other environments have for the same things', () => {
    expect(template().resources.length).toBeGreaterThanOrEqual(50);
    const of = (environment: string) => Object.keys(templateOf(environment).outputs);
    const others = new Set(ENVIRONMENT_NAMES.filter((name) => name !== 'tap-stack').flatMap(of));
    expect(of('tap-stack').length).toBeGreaterThanOrEqual(16);
    expect(of('tap-stack').filter((name) => !others.has(name))).toEqual(['FleetName']);
  });
});
