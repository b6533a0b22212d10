import { STAGE_NAMES as STAGES, StageName } from '../src/stage';
import { agentConfiguration } from './_helpers/agent-configuration';
import { templateOf } from './_helpers/every-environment';
import { Properties, statement, statements } from './_helpers/read-template';

const TO_ANYBODY = '0.0.0.0/0';
const AUDIT = '${AuditKey.Arn}';
const ZONES = [1, 2];

const platform = (stage?: StageName) => templateOf('data-platform', stage);
const only = (type: string, logicalId: string, stage: StageName) => platform(stage).only(type, logicalId).Properties;
const policyOf = (id: string, stage: StageName) => only('AWS::IAM::ManagedPolicy', id, stage).PolicyDocument;

describe.each(STAGES)('D-04 instances (%s)', (stage) => {
  test('two, launched from the newest version of one template, in the private subnets of two zones', () => {
    expect(platform(stage).ofType('AWS::EC2::Instance').map(({ Properties }) => Properties)).toMatchObject(ZONES.map((zone) => ({
      LaunchTemplate: { LaunchTemplateId: '${FleetTemplate}', Version: '${FleetTemplate.LatestVersionNumber}' },
      NetworkInterfaces: [
        { AssociatePublicIpAddress: false, SubnetId: `\${NetworkVpcPrivateSubnet${zone}Subnet}`, GroupSet: ['${TiersInstance.GroupId}'] },
      ],
    })));
  });

  test('the template: the image of an SSM parameter, detailed monitoring, IMDSv2, the group of the instances, no key pair, no public address', () => {
    expect(launchTemplate(stage)).toMatchObject({
      ImageId: '${EC2AMIId}', InstanceType: '${EC2InstanceType}', Monitoring: { Enabled: true },
      NetworkInterfaces: [{ AssociatePublicIpAddress: false, Groups: ['${TiersInstance.GroupId}'] }],
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 }, IamInstanceProfile: { Arn: '${FleetTemplateProfile.Arn}' },
    });
    expect(launchTemplate(stage)).not.toHaveProperty('KeyName');
  });

  test('the CloudWatch agent is installed at every boot and sends the log files of the system to the log group of the fleet', () => {
    const { script, configuration } = agentConfiguration(platform(stage), 'Fleet');
    expect(script).toContain('dnf install --assumeyes amazon-cloudwatch-agent');
    const files = configuration.logs.logs_collected.files.collect_list;
    expect(files.map((file) => file.file_path)).toEqual(expect.arrayContaining(['/var/log/messages', '/var/log/secure']));
    expect(new Set(files.map((file) => file.log_group_name))).toEqual(new Set(['${FleetLogsLogGroup}']));
  });

  test('Inspector scans them where the stage asks for it, and the key of their volumes lets it read snapshots through EC2', () => {
    const asked = platform(stage).ofType('Custom::ThreatDetection').map(({ Properties }) => Properties.Service);
    expect(asked.includes('INSPECTOR')).toBe(stage === StageName.REGULATED);
    const { Action, Principal, Condition } = statement(only('AWS::KMS::Key', 'StorageKey', stage).KeyPolicy, 'AccountDelegatesUse');
    expect([Principal, Action]).toEqual([{ AWS: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' }, expect.arrayContaining(['kms:Decrypt'])]);
    expect(Condition!.StringEquals['kms:ViaService']).toContain('ec2.${AWS::Region}.amazonaws.com');
  });
});

describe.each(STAGES)('D-05 the role of the instances (%s)', (stage) => {
  test('is for EC2 only, is in the one profile, and has two managed policies of the stack', () => {
    expect(statements(only('AWS::IAM::Role', 'Fleet', stage).AssumeRolePolicyDocument)).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } },
    ]);
    expect(only('AWS::IAM::Role', 'Fleet', stage)).not.toHaveProperty('ManagedPolicyArns');
    expect(only('AWS::IAM::InstanceProfile', '', stage).Roles).toEqual(['${FleetRole}']);
    const attached = platform(stage).ofType('AWS::IAM::ManagedPolicy').filter(({ Properties }) => (Properties.Roles as string[] | undefined)?.includes('${FleetRole}'));
    expect(attached.map(({ logicalId }) => logicalId)).toEqual(['FleetRoleGrants', 'FleetRoleBaseline']);
  });

  test('may use the objects of the lake, and does not touch versions', () => {
    expect(statements(policyOf('FleetRoleGrants', stage))[0]).toEqual({
      Effect: 'Allow', Action: ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
      Resource: ['${LakeZonedataBucket.Arn}', '${LakeZonedataBucket.Arn}/*'],
    });
  });

  test('allows no wildcard action, and on every resource only what knows none: sessions, and metrics of one namespace', () => {
    const allowed = ['FleetRoleGrants', 'FleetRoleBaseline'].flatMap((id) => statements(policyOf(id, stage))).filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    expect(allowed.filter(({ Resource }) => Resource === '*').map(({ Sid, Action, Condition }) => [Sid ?? Action, Condition])).toEqual([
      ['SessionManager', undefined],
      ['cloudwatch:PutMetricData', { StringEquals: { 'cloudwatch:namespace': 'CWAgent' } }],
    ]);
  });

  test.each([
    'iam:PassRole', 'iam:CreatePolicyVersion', 'iam:Attach*Policy', 'iam:Put*Policy', 'iam:UpdateAssumeRolePolicy', 'iam:CreateAccessKey', 'lambda:UpdateFunctionCode',
    'ssm:SendCommand', 'ec2:ModifyInstanceAttribute',
  ])('is denied %s on everything, whatever else allows it', (action) => {
    const denials = statements(policyOf('FleetRoleBaseline', stage)).filter(({ Effect }) => Effect === 'Deny');
    expect(denials.filter(({ Resource, Condition }) => Resource === '*' && !Condition).flatMap(({ Action }) => Action)).toContain(action);
  });
});

describe.each(STAGES)('D-06 database (%s)', (stage) => {
  const database = () => only('AWS::RDS::DBInstance', '', stage);

  test('is MySQL, encrypted, not public, and in the database subnets of both zones only', () => {
    expect(database()).toMatchObject({ Engine: 'mysql', EngineVersion: '8.4', StorageEncrypted: true, PubliclyAccessible: false, DBSubnetGroupName: '${DatabaseSubnetGroup}' });
    expect(only('AWS::RDS::DBSubnetGroup', '', stage).SubnetIds).toEqual(ZONES.map((zone) => `\${NetworkVpcDatabaseSubnet${zone}Subnet}`));
  });

  test('is backed up for seven days, in the regulated stage longer', () => {
    expect(database().BackupRetentionPeriod).toBe(stage === StageName.REGULATED ? 35 : 7);
  });

  test('is looked at every 60 seconds by enhanced monitoring, with a role of its own', () => {
    expect(database()).toMatchObject({ MonitoringInterval: 60, MonitoringRoleArn: '${DatabaseMonitoringRole.Arn}' });
    expect(statements(only('AWS::IAM::Role', 'DatabaseMonitoring', stage).AssumeRolePolicyDocument)[0].Principal).toEqual({ Service: 'monitoring.rds.amazonaws.com' });
  });

  test('exports its logs to groups that are there before it', () => {
    expect(database().EnableCloudwatchLogsExports).toEqual(['error', 'general', 'slowquery']);
    expect(platform(stage).only('AWS::RDS::DBInstance').DependsOn).toEqual(['error', 'general', 'slowquery'].map((log) => `DatabaseLog${log}LogGroup`));
  });

  test('insists on TLS, and RDS makes, keeps and rotates its password', () => {
    expect(only('AWS::RDS::DBParameterGroup', '', stage).Parameters).toMatchObject({ require_secure_transport: '1' });
    expect(database()).toMatchObject({ ManageMasterUserPassword: true, MasterUsername: '${DBUsername}' });
    expect(database()).not.toHaveProperty('MasterUserPassword');
  });

  test('what happens to it and to its parameters is told', () => {
    expect(platform(stage).ofType('AWS::RDS::EventSubscription').map(({ Properties: { SnsTopicArn, SourceIds } }) => [SnsTopicArn, SourceIds])).toEqual([
      ['${AlertsTopic}', ['${DatabaseInstance}']], ['${AlertsTopic}', ['${DatabaseParameterGroup}']],
    ]);
    expect(statement(only('AWS::SNS::TopicPolicy', '', stage).PolicyDocument, 'AllowRdsEvents')).toMatchObject({ Principal: { Service: 'events.rds.amazonaws.com' }, Action: 'sns:Publish' });
  });
});

describe.each(STAGES)('D-07 security groups (%s)', (stage) => {
  const group = (id: string) => only('AWS::EC2::SecurityGroup', id, stage);
  const chain = (direction: 'Ingress' | 'Egress') => platform(stage).ofType(`AWS::EC2::SecurityGroup${direction}`)
    .map(({ Properties: { Description: _, ...rule } }) => rule);

  test('front, then instances, then the database: each is reached from the one before on its port, and the one before may reach it', () => {
    const links = [['Front', 'Instance', 443], ['Instance', 'Database', 13306]] as const;
    expect(chain('Ingress')).toEqual(links.map(([from, to, port]) => ({
      GroupId: `\${Tiers${to}.GroupId}`, SourceSecurityGroupId: `\${Tiers${from}.GroupId}`, IpProtocol: 'tcp', FromPort: port, ToPort: port,
    })));
    expect(chain('Egress')).toEqual(links.map(([from, to, port]) => ({
      GroupId: `\${Tiers${from}.GroupId}`, DestinationSecurityGroupId: `\${Tiers${to}.GroupId}`, IpProtocol: 'tcp', FromPort: port, ToPort: port,
    })));
  });

  test.each(['TiersFront', 'TiersInstance', 'TiersDatabase', 'WatchSecurityGroup'])('%s is reached from no address', (id) => {
    expect(group(id)).not.toHaveProperty('SecurityGroupIngress');
  });

  test('the instances reach HTTPS anywhere and DNS inside; front and database reach no address', () => {
    const egress = (id: string) => (group(id).SecurityGroupEgress as Properties[]).map(({ Description: _, ...rule }) => rule);
    expect(egress('TiersInstance')).toEqual([
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: TO_ANYBODY },
      { IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '${NetworkVpc.CidrBlock}' },
      { IpProtocol: 'tcp', FromPort: 53, ToPort: 53, CidrIp: '${NetworkVpc.CidrBlock}' },
    ]);
    // a group without any rule would be given one that allows everything: this one matches nothing
    for (const id of ['TiersFront', 'TiersDatabase']) expect(egress(id)).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' })]);
  });

  test('the group of the database is the database\'s, that of the instances the fleet\'s', () => {
    expect(only('AWS::RDS::DBInstance', '', stage)).toMatchObject({ Port: '13306', VPCSecurityGroups: ['${TiersDatabase.GroupId}'] });
    expect(launchTemplate(stage).NetworkInterfaces).toMatchObject([{ Groups: ['${TiersInstance.GroupId}'] }]);
  });
});

describe.each(STAGES)('D-08 API (%s)', (stage) => {
  const api = (kind: string) => only(`AWS::ApiGateway::${kind}`, '', stage);

  test('is regional, and known by a name of its own', () => {
    expect(api('RestApi')).toMatchObject({ Name: 'tap-api-${EnvironmentSuffix}', EndpointConfiguration: { Types: ['REGIONAL'] } });
  });

  test('GET /data is a mock, asks who calls, and is the only method', () => {
    expect(api('Resource')).toEqual({ ParentId: '${Api.RootResourceId}', PathPart: 'data', RestApiId: '${Api}' });
    expect(api('Method')).toMatchObject({ HttpMethod: 'GET', AuthorizationType: 'AWS_IAM', ResourceId: '${Apidata}', Integration: { Type: 'MOCK' } });
  });

  test('is deployed to the stage prod', () => {
    expect(api('Stage')).toMatchObject({ StageName: 'prod', RestApiId: '${Api}' });
    expect(platform(stage).ofType('AWS::ApiGateway::Deployment').map(({ logicalId }) => `\${${logicalId}}`)).toEqual([api('Stage').DeploymentId]);
  });

  test('writes down who called, by an encrypted log group, and is throttled and traced', () => {
    expect(api('Stage')).toMatchObject({
      AccessLogSetting: { DestinationArn: '${ApiAccessLogsLogGroup.Arn}', Format: expect.stringContaining('$context.identity.caller') as string },
      MethodSettings: [expect.objectContaining({ ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 })],
      TracingEnabled: true,
    });
    expect(only('AWS::Logs::LogGroup', 'ApiAccessLogs', stage).KmsKeyId).toBe(AUDIT);
  });

  test('the account\'s role for logs of APIs is there first, and not the stack\'s', () => {
    expect(platform(stage).only('AWS::ApiGateway::Stage').DependsOn).toContain('ApiGatewayAccountRole');
    expect(platform(stage).ofType('AWS::ApiGateway::Account')).toEqual([]);
  });
});

describe.each(STAGES)('D-09 records (%s)', (stage) => {
  test('the trail records every region and the global services, and lets log files be validated', () => {
    expect(only('AWS::CloudTrail::Trail', '', stage)).toMatchObject({
      IsLogging: true, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, EnableLogFileValidation: true, CloudWatchLogsLogGroupArn: '${AuditEventsLogGroup.Arn}',
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
    });
  });

  test('every log group has a retention', () => {
    const groups = platform(stage).ofType('AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThanOrEqual(12);
    for (const { logicalId, Properties } of groups) expect([logicalId, Properties.RetentionInDays]).toEqual([logicalId, expect.any(Number)]);
  });

  test('EC2 reports every minute, and the agent what EC2 cannot see, with an alarm for each instance', () => {
    expect(launchTemplate(stage).Monitoring).toEqual({ Enabled: true });
    const { metrics } = agentConfiguration(platform(stage), 'Fleet').configuration;
    expect(metrics.metrics_collected).toMatchObject({ mem: { measurement: ['used_percent'] }, disk: { measurement: ['used_percent'], resources: ['/'] } });
    const custom = platform(stage).ofType('AWS::CloudWatch::Alarm').filter(({ Properties }) => Properties.Namespace === metrics.namespace);
    expect(custom.map(({ Properties }) => [Properties.MetricName, (Properties.Dimensions as { Name: string; Value: string }[]).find(({ Name }) => Name === 'InstanceId')!.Value]).sort())
      .toEqual(['disk_used_percent', 'mem_used_percent'].flatMap((metric) => ZONES.map((zone) => [metric, `\${FleetInstance${zone}}`])));
  });

  test('every alarm tells the topic when it goes off and when it is over', () => {
    const alarms = platform(stage).ofType('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThanOrEqual(20);
    for (const { logicalId, Properties } of alarms) expect({ logicalId, ...Properties }).toMatchObject({ logicalId, AlarmActions: ['${AlertsTopic}'], OKActions: ['${AlertsTopic}'] });
  });
});

describe('D-10 size and outputs', () => {
  test.each(STAGES)('%s has 47 resources or more', (stage) => {
    expect(platform(stage).resources.length).toBeGreaterThanOrEqual(47);
  });

  test('there are 16 outputs or more, each exported', () => {
    const exported = Object.entries(platform().outputs).filter(([name, { Export }]) => Export?.Name === `\${AWS::StackName}-${name}`);
    expect(exported.length).toBeGreaterThanOrEqual(16);
    expect(exported.length).toBe(Object.keys(platform().outputs).length);
  });

  test.each([
    ['VPCId', '${NetworkVpc}'],
    ...['Public', 'Private', 'Database'].flatMap((tier) => ZONES.map((zone) => [`${tier}Subnet${zone}Id`, `\${NetworkVpc${tier}Subnet${zone}Subnet}`])),
    ...['Front', 'Instance', 'Database'].map((tier) => [`${tier}SecurityGroupId`, `\${Tiers${tier}.GroupId}`]),
    ['DataLakeBucketName', '${LakeZonedataBucket}'],
    ['LoggingBucketName', '${LoggingBucket}'],
    ['CloudTrailBucketName', '${AuditLogFilesBucket}'],
    ...['Storage', 'Database', 'Audit'].map((key) => [`${key}KeyId`, `\${${key}Key}`]),
    ['LaunchTemplateId', '${FleetTemplate}'],
    ...ZONES.map((zone) => [`Instance${zone}Id`, `\${FleetInstance${zone}}`]),
    ['InstanceRoleArn', '${FleetRole.Arn}'],
    ['InstanceLogGroup', '${FleetLogsLogGroup}'],
    ['DatabaseInstanceId', '${DatabaseInstance}'],
    ['DatabaseEndpoint', '${DatabaseInstance.Endpoint.Address}'],
    ['DatabasePort', '${DatabaseInstance.Endpoint.Port}'],
    ['DatabaseSecretArn', '${DatabaseInstance.MasterUserSecret.SecretArn}'],
    ['ApiId', '${Api}'],
    ['ApiUrl', 'https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${ApiDeploymentStageprod}/data'],
    ['ApiMethodArn', 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/${ApiDeploymentStageprod}/GET/data'],
    ['ApiAccessLogGroup', '${ApiAccessLogsLogGroup}'],
    ['TrailArn', '${AuditTrail.Arn}'],
    ['TrailLogGroup', '${AuditEventsLogGroup}'],
    ['SecurityChangeFunctionArn', '${WatchFunction.Arn}'],
    ['FailedEventsQueueUrl', '${WatchFailedEventsQueue}'],
    ['AlertsTopicArn', '${AlertsTopic}'],
    ['StackName', '${AWS::StackName}'],
    ['EnvironmentSuffix', '${EnvironmentSuffix}'],
  ])('output %s is %s', (name, value) => {
    expect(platform().outputs[name].Value).toBe(value);
  });
});

function launchTemplate(stage: StageName): Properties {
  return only('AWS::EC2::LaunchTemplate', '', stage).LaunchTemplateData as Properties;
}
