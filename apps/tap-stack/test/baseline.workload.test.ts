import { STAGE_NAMES as STAGES, StageName } from '../src/stage';
import { agentConfiguration } from './_helpers/agent-configuration';
import { templateOf } from './_helpers/every-environment';
import { ReadResource, statement, statements } from './_helpers/read-template';

const KEY = '${Key.Arn}';

// what is recoverable is the baseline and more
describe.each(['baseline', 'recoverable'])('%s', (environment) => {
  const baseline = (stage?: StageName) => templateOf(environment, stage);

  /** The managed policies of a role, attached from either side. */
  function policiesOf(role: string): ReadResource[] {
    return baseline().ofType('AWS::IAM::ManagedPolicy').filter(({ Properties }) => (Properties.Roles as string[] | undefined)?.includes(`\${${role}}`));
  }

  describe('B-03 instances', () => {
    const instance = (id: string) => baseline().only('AWS::EC2::Instance', id).Properties;

    test('one is in the public tier, with an address of its own, in the group of that tier', () => {
      expect(instance('PublicServer').NetworkInterfaces).toEqual([
        { DeviceIndex: '0', AssociatePublicIpAddress: true, SubnetId: '${NetworkVpcPublicSubnet1Subnet}', GroupSet: ['${TiersPublic.GroupId}'] },
      ]);
    });

    test('the other is in the private tier, without, in the group of that tier', () => {
      const { SubnetId, SecurityGroupIds, NetworkInterfaces } = instance('PrivateServer');
      expect({ SubnetId, SecurityGroupIds, NetworkInterfaces }).toEqual({
        SubnetId: '${NetworkVpcPrivateSubnet1Subnet}', SecurityGroupIds: ['${TiersPrivate.GroupId}'], NetworkInterfaces: undefined,
      });
      expect(baseline().ofType('AWS::EC2::Instance')).toHaveLength(2);
    });

    describe.each(['PublicServer', 'PrivateServer'])('%s', (id) => {
      test('is made of the image that an SSM parameter names, without a key pair', () => {
        expect(instance(id)).toMatchObject({ ImageId: '${EC2AMIId}', InstanceType: '${EC2InstanceType}' });
        expect(baseline().parameters.EC2AMIId.Type).toBe('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>');
        expect(instance(id)).not.toHaveProperty('KeyName');
      });

      test('asks for IMDSv2 and reports in detail', () => {
        expect(instance(id)).toMatchObject({ MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 }, Monitoring: true });
      });

      test('has one volume, encrypted with the customer key, which goes with it', () => {
        expect(instance(id).BlockDeviceMappings).toEqual([
          { DeviceName: '/dev/xvda', Ebs: expect.objectContaining({ Encrypted: true, KmsKeyId: KEY, DeleteOnTermination: true }) },
        ]);
      });

      test('sends its log files to a log group of its own', () => {
        const files = agentConfiguration(baseline(), id).configuration.logs.logs_collected.files.collect_list;
        expect(files.map((file) => file.file_path)).toEqual(expect.arrayContaining(['/var/log/messages', '/var/log/secure']));
        expect(new Set(files.map((file) => file.log_group_name))).toEqual(new Set([`\${${id}LogsLogGroup}`]));
      });

      test('has a role for EC2 only, with what it needs to report and to be reached by Session Manager', () => {
        expect(statements(baseline().only('AWS::IAM::Role', id).Properties.AssumeRolePolicyDocument)).toEqual([
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } },
        ]);
        const allowed = statements(baseline().only('AWS::IAM::ManagedPolicy', `${id}RoleBaseline`).Properties.PolicyDocument).filter(({ Effect }) => Effect === 'Allow');
        expect(allowed).toEqual([
          {
            Sid: 'SessionManager',
            Effect: 'Allow',
            Action: [
              'ssm:UpdateInstanceInformation',
              ...['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map((action) => `ssmmessages:${action}`),
            ],
            Resource: '*',
          },
          { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `\${${id}LogsLogGroup.Arn}` },
          { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringEquals: { 'cloudwatch:namespace': 'CWAgent' } } },
        ]);
      });
    });

    test('the private one uses the objects of the secure storage through the key and does not touch versions; the public one does not use it at all', () => {
      expect(policiesOf('PrivateServerRole').map(({ logicalId }) => logicalId)).toEqual(['PrivateServerRoleGrants', 'PrivateServerRoleBaseline']);
      expect(statements(baseline().only('AWS::IAM::ManagedPolicy', 'PrivateServerRoleGrants').Properties.PolicyDocument)).toEqual([
        {
          Effect: 'Allow', Action: ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
          Resource: ['${SecureStorageBucket.Arn}', '${SecureStorageBucket.Arn}/*'],
        },
        { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY },
      ]);
      expect(policiesOf('PublicServerRole').map(({ logicalId }) => logicalId)).toEqual(['PublicServerRoleBaseline']);
    });
  });

  describe.each(STAGES)('B-04 database (%s)', (stage) => {
    const database = () => baseline(stage).only('AWS::RDS::DBInstance').Properties;

    test('is MySQL of the line 8.4, in the private subnets of both zones, and not public', () => {
      expect(database()).toMatchObject({ Engine: 'mysql', EngineVersion: '8.4', PubliclyAccessible: false, DBSubnetGroupName: '${DatabaseSubnetGroup}' });
      expect(baseline(stage).only('AWS::RDS::DBSubnetGroup').Properties.SubnetIds).toEqual([1, 2].map((zone) => `\${NetworkVpcPrivateSubnet${zone}Subnet}`));
    });

    test('is encrypted with the customer key, its insights and its secret included', () => {
      expect(database()).toMatchObject({
        StorageEncrypted: true, KmsKeyId: KEY, PerformanceInsightsKMSKeyId: KEY, MasterUserSecret: { KmsKeyId: KEY },
      });
    });

    test('has a password that RDS makes, keeps and rotates, for the administrator that DBUsername names', () => {
      expect(database()).toMatchObject({ ManageMasterUserPassword: true, MasterUsername: '${DBUsername}' });
      expect(database()).not.toHaveProperty('MasterUserPassword');
    });

    test('insists on TLS', () => {
      expect(database().DBParameterGroupName).toBe('${DatabaseParameterGroup}');
      expect(baseline(stage).only('AWS::RDS::DBParameterGroup').Properties).toMatchObject({ Family: 'mysql8.4', Parameters: { require_secure_transport: '1' } });
    });

    test('keeps backups for seven days or more, and is protected in stages that last', () => {
      expect(database().BackupRetentionPeriod).toBeGreaterThanOrEqual(7);
      expect(database().DeletionProtection).toBe(stage !== StageName.EPHEMERAL);
    });

    test('writes its logs to encrypted groups that are there before it is', () => {
      expect(database().EnableCloudwatchLogsExports).toEqual(['error', 'general', 'slowquery']);
      expect(baseline(stage).only('AWS::RDS::DBInstance').DependsOn).toEqual(['DatabaseLogerrorLogGroup', 'DatabaseLoggeneralLogGroup', 'DatabaseLogslowqueryLogGroup']);
    });
  });

  describe.each(STAGES)('B-06 roles (%s)', (stage) => {
    const policies = () => baseline(stage).resources.flatMap(({ logicalId, Type, Properties }) => {
      const inline = (Properties.Policies as { PolicyDocument: unknown }[] | undefined ?? []).map(({ PolicyDocument }) => PolicyDocument);
      const documents = Type === 'AWS::IAM::ManagedPolicy' ? [Properties.PolicyDocument] : inline;
      return documents.map((document) => ({ logicalId, allowed: statements(document).filter(({ Effect }) => Effect === 'Allow') }));
    });

    test('no policy allows a wildcard action, on whatever resource', () => {
      expect(policies().length).toBeGreaterThanOrEqual(8);
      for (const { logicalId, allowed } of policies()) {
        expect([logicalId, allowed.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))]).toEqual([logicalId, []]);
      }
    });

    test('no role has a managed policy of AWS, and each is for one service', () => {
      for (const { logicalId, Properties } of baseline(stage).ofType('AWS::IAM::Role')) {
        const arns = Properties.ManagedPolicyArns as string[] | undefined ?? [];
        expect([logicalId, arns.filter((arn) => arn.includes(':aws:policy/'))]).toEqual([logicalId, []]);
        const principals = statements(Properties.AssumeRolePolicyDocument).map(({ Principal }) => Principal);
        expect([logicalId, principals]).toEqual([logicalId, [{ Service: expect.stringMatching(/^[a-z0-9.-]+\.amazonaws\.com$/) as string }]]);
      }
    });

    test.each(['PublicServerRoleBaseline', 'PrivateServerRoleBaseline'])('%s denies the ways to more permissions', (id) => {
      const denied = statements(baseline(stage).only('AWS::IAM::ManagedPolicy', id).Properties.PolicyDocument).filter(({ Effect }) => Effect === 'Deny').flatMap(({ Action }) => Action);
      expect(denied).toEqual(expect.arrayContaining(['iam:PassRole', 'iam:Attach*Policy', 'lambda:UpdateFunctionCode']));
    });
  });

  describe('B-07 MFA', () => {
    const document = () => baseline().only('AWS::IAM::ManagedPolicy', 'IdentityMfaPolicy').Properties;

    test('a group of users has the policy', () => {
      expect(document().Groups).toEqual(['${IdentityGroup}']);
      expect(baseline().ofType('AWS::IAM::Group')).toHaveLength(1);
    });

    test('without MFA, or without a word about MFA, everything but enrolment is denied', () => {
      const { NotAction, ...denial } = statement(document().PolicyDocument, 'DenyAllExceptEnrolmentWithoutMfa') as unknown as { NotAction: string[] };
      expect(denial).toEqual({
        Sid: 'DenyAllExceptEnrolmentWithoutMfa', Effect: 'Deny', Resource: '*', Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      });
      expect(NotAction).toEqual(expect.arrayContaining(['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice', 'sts:GetSessionToken']));
      expect(NotAction.filter((action) => !/^iam:(Get|List|CreateVirtualMFADevice|EnableMFADevice|ResyncMFADevice)|^sts:GetSessionToken$/.test(action))).toEqual([]);
    });

    test('users enrol their own devices and nobody else\'s', () => {
      expect(statement(document().PolicyDocument, 'AllowManageOwnMfa').Resource).toEqual(
        ['user/${aws:username}', 'user/*/${aws:username}'].map((user) => `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:${user}`),
      );
    });
  });

  describe('B-15 size and outputs', () => {
    test.each(STAGES)('%s has 50 resources or more', (stage) => {
      expect(baseline(stage).resources.length).toBeGreaterThanOrEqual(50);
    });

    test.each([
      ['VPCId', '${NetworkVpc}'],
      ['PublicSubnet1Id', '${NetworkVpcPublicSubnet1Subnet}'],
      ['PublicSubnet2Id', '${NetworkVpcPublicSubnet2Subnet}'],
      ['PrivateSubnet1Id', '${NetworkVpcPrivateSubnet1Subnet}'],
      ['PrivateSubnet2Id', '${NetworkVpcPrivateSubnet2Subnet}'],
      ['PublicSecurityGroupId', '${TiersPublic.GroupId}'],
      ['PrivateSecurityGroupId', '${TiersPrivate.GroupId}'],
      ['DatabaseSecurityGroupId', '${TiersDatabase.GroupId}'],
      ['PublicInstanceId', '${PublicServerInstance}'],
      ['PublicInstanceRoleArn', '${PublicServerRole.Arn}'],
      ['PublicInstanceLogGroup', '${PublicServerLogsLogGroup}'],
      ['PrivateInstanceId', '${PrivateServerInstance}'],
      ['PrivateInstanceRoleArn', '${PrivateServerRole.Arn}'],
      ['PrivateInstanceLogGroup', '${PrivateServerLogsLogGroup}'],
      ['DatabaseInstanceId', '${DatabaseInstance}'],
      ['DatabaseEndpoint', '${DatabaseInstance.Endpoint.Address}'],
      ['DatabasePort', '${DatabaseInstance.Endpoint.Port}'],
      ['DatabaseSecretArn', '${DatabaseInstance.MasterUserSecret.SecretArn}'],
      ['SecureStorageBucketName', '${SecureStorageBucket}'],
      ['LoggingBucketName', '${LoggingBucket}'],
      ['CloudTrailBucketName', '${AuditLogFilesBucket}'],
      ['KMSKeyId', '${Key}'],
      ['TrailArn', '${AuditTrail.Arn}'],
      ['TrailLogGroup', '${AuditEventsLogGroup}'],
      ['SecurityChangeFunctionArn', '${WatchFunction.Arn}'],
      ['SecurityChangeRuleArn', '${WatchSecurityGroupChanges.Arn}'],
      ['FailedEventsQueueUrl', '${WatchFailedEventsQueue}'],
      ['AlertsTopicArn', '${AlertsTopic}'],
      ['MFAGroupName', '${IdentityGroup}'],
      ['MFAPolicyArn', '${IdentityMfaPolicy}'],
      ['StackName', '${AWS::StackName}'],
      ['EnvironmentSuffix', '${EnvironmentSuffix}'],
    ])('output %s is %s', (name, value) => {
      expect(baseline().outputs[name].Value).toBe(value);
    });
  });
});
