import { STAGE_NAMES as STAGES, StageName } from '../src/stage';
import { templateOf } from './_helpers/every-environment';
import { statement, statements, tags } from './_helpers/read-template';

const KEY = '${Key.Arn}';

// what is recoverable is the baseline and more
describe.each(['baseline', 'recoverable'])('%s', (environment) => {
  const baseline = (stage?: StageName) => templateOf(environment, stage);

  describe.each(STAGES)('B-08 encryption at rest with the customer key (%s)', (stage) => {
    const properties = (type: string) => baseline(stage).ofType(type).map((resource) => [resource.logicalId, resource.Properties] as const);

    test('there is one key, and it rotates', () => {
      expect(baseline(stage).only('AWS::KMS::Key').Properties).toMatchObject({ EnableKeyRotation: true, RotationPeriodInDays: 365 });
    });

    test.each([
      ['AWS::Logs::LogGroup', 'KmsKeyId', 10],
      ['AWS::SNS::Topic', 'KmsMasterKeyId', 1],
      ['AWS::SQS::Queue', 'KmsMasterKeyId', 1],
      ['AWS::RDS::DBInstance', 'KmsKeyId', 1],
      ['AWS::CloudTrail::Trail', 'KMSKeyId', 1],
    ])('every %s (%s)', (type, property, atLeast) => {
      expect(properties(type).length).toBeGreaterThanOrEqual(atLeast);
      for (const [id, one] of properties(type)) expect([id, one[property]]).toEqual([id, KEY]);
    });

    test('every volume', () => {
      const volumes = properties('AWS::EC2::Instance').flatMap(([, { BlockDeviceMappings }]) => BlockDeviceMappings as { Ebs: object }[]);
      expect(volumes.map(({ Ebs }) => Ebs)).toEqual([1, 2].map(() => expect.objectContaining({ Encrypted: true, KmsKeyId: KEY }) as object));
    });

    test('the secret of the database, and the environment of the function', () => {
      expect(baseline(stage).only('AWS::RDS::DBInstance').Properties.MasterUserSecret).toEqual({ KmsKeyId: KEY });
      expect(baseline(stage).only('AWS::Lambda::Function', 'WatchFunction').Properties.KmsKeyArn).toBe(KEY);
      expect(baseline(stage).ofType('AWS::SecretsManager::Secret')).toEqual([]);
    });

    test('the secure storage; the log files of the trail, which asks for the key; but not access logs, which S3 does not deliver then', () => {
      type Encryption = { ServerSideEncryptionConfiguration: { ServerSideEncryptionByDefault: object }[] };
      const algorithms = properties('AWS::S3::Bucket').map(([id, { BucketEncryption }]) => (
        [id, (BucketEncryption as Encryption).ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault]
      ));
      expect(Object.fromEntries(algorithms)).toMatchObject({
        LoggingBucket: { SSEAlgorithm: 'AES256' },
        SecureStorageBucket: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY },
        AuditLogFilesBucket: { SSEAlgorithm: 'AES256' },
      });
      expect(baseline(stage).only('AWS::CloudTrail::Trail').Properties).toMatchObject({ S3BucketName: '${AuditLogFilesBucket}', KMSKeyId: KEY });
    });

    test('nothing but AWS services of this account, and its own IAM policies, use the key, and who manages it cannot read with it', () => {
      for (const { Sid, Action, Principal } of statements(baseline(stage).only('AWS::KMS::Key').Properties.KeyPolicy)) {
        expect([Sid, Principal]).toEqual([Sid, expect.not.objectContaining({ AWS: '*' })]);
        const actions = [Action].flat();
        expect(actions).not.toContain('kms:*');
        expect(actions.includes('kms:PutKeyPolicy') && actions.some((action) => /Decrypt|Encrypt|GenerateDataKey/.test(action))).toBe(false);
      }
    });
  });

  describe.each(STAGES)('B-09 trail (%s)', (stage) => {
    const trail = () => baseline(stage).only('AWS::CloudTrail::Trail');

    test('records every region and the global services, and lets log files be validated', () => {
      expect(trail().Properties).toMatchObject({
        IsLogging: true, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, EnableLogFileValidation: true, TrailName: 'tap-trail-${EnvironmentSuffix}',
        EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
      });
    });

    test('writes to a bucket of its own and to an encrypted log group, encrypted with the customer key', () => {
      expect(trail().Properties).toMatchObject({
        S3BucketName: '${AuditLogFilesBucket}', KMSKeyId: KEY, CloudWatchLogsLogGroupArn: '${AuditEventsLogGroup.Arn}', CloudWatchLogsRoleArn: '${AuditDeliveryRole.Arn}',
      });
      expect(trail().DependsOn).toEqual(expect.arrayContaining(['AuditLogFilesBucketPolicy', 'AuditDeliveryPolicy']));
    });

    test('is the only one who may write to that bucket', () => {
      const writers = statements(baseline(stage).only('AWS::S3::BucketPolicy', 'AuditLogFiles').Properties.PolicyDocument)
        .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('s3:PutObject'));
      expect(writers).toEqual([{
        Sid: 'AllowTrailDelivery', Effect: 'Allow', Action: 's3:PutObject', Principal: { Service: 'cloudtrail.amazonaws.com' },
        Resource: '${AuditLogFilesBucket.Arn}/AWSLogs/${AWS::AccountId}/*',
        Condition: {
          StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' },
          ArnLike: { 'aws:SourceArn': 'arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/*' },
        },
      }]);
    });
  });

  describe('B-10 changes of security groups', () => {
    const rule = () => baseline().only('AWS::Events::Rule', 'Watch').Properties;

    test('every call that changes one is listened to, if it succeeded', () => {
      expect(rule()).toMatchObject({
        State: 'ENABLED',
        EventPattern: {
          'source': ['aws.ec2'],
          'detail-type': ['AWS API Call via CloudTrail'],
          'detail': { eventSource: ['ec2.amazonaws.com'], errorCode: [{ exists: false }] },
        },
      });
      const { detail: { eventName } } = rule().EventPattern as { detail: { eventName: string[] } };
      expect(eventName).toEqual(expect.arrayContaining([
        'AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress', 'ModifySecurityGroupRules',
        'CreateSecurityGroup', 'DeleteSecurityGroup', 'UpdateSecurityGroupRuleDescriptionsIngress', 'UpdateSecurityGroupRuleDescriptionsEgress',
      ]));
    });

    test('the function hears of it, and only this rule may call it', () => {
      expect(rule().Targets).toEqual([expect.objectContaining({ Arn: '${WatchFunction.Arn}' })]);
      expect(baseline().only('AWS::Lambda::Permission').Properties).toEqual({
        Action: 'lambda:InvokeFunction', FunctionName: '${WatchFunction.Arn}', Principal: 'events.amazonaws.com', SourceArn: '${WatchSecurityGroupChanges.Arn}',
      });
    });
  });

  describe('B-11 the function that tells about them', () => {
    const watch = () => baseline().only('AWS::Lambda::Function', 'WatchFunction').Properties;

    test('works in the private subnets, from where a NAT gateway leads to SNS', () => {
      const subnets = [1, 2].map((zone) => `\${NetworkVpcPrivateSubnet${zone}Subnet}`);
      expect(watch().VpcConfig).toEqual({ SubnetIds: subnets, SecurityGroupIds: ['${WatchSecurityGroup.GroupId}'] });
      const natRoutes = baseline().ofType('AWS::EC2::Route').filter(({ Properties }) => Properties.NatGatewayId);
      expect(natRoutes.map(({ Properties }) => Properties.RouteTableId)).toEqual(subnets.map((subnet) => subnet.replace('Subnet}', 'RouteTable}')));
    });

    test('learns the topic from its environment, and may publish to that one only', () => {
      expect(watch().Environment).toEqual({ Variables: { TOPIC_ARN: '${AlertsTopic}' } });
      const { PolicyDocument } = baseline().only('AWS::IAM::ManagedPolicy', 'WatchRolePolicy').Properties;
      expect(statement(PolicyDocument, 'PublishFindings')).toEqual({ Sid: 'PublishFindings', Effect: 'Allow', Action: 'sns:Publish', Resource: '${AlertsTopic}' });
      expect(statement(PolicyDocument, 'UseKeys')).toEqual({ Sid: 'UseKeys', Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: KEY });
    });

    test('keeps what it could not tell, after retries, in an encrypted queue', () => {
      expect(watch().DeadLetterConfig).toEqual({ TargetArn: '${WatchFailedEventsQueue.Arn}' });
      expect(baseline().only('AWS::Events::Rule', 'Watch').Properties.Targets).toEqual([expect.objectContaining({
        DeadLetterConfig: { Arn: '${WatchFailedEventsQueue.Arn}' },
      })]);
    });

    test('its code has no use for network interfaces, and may not touch them', () => {
      const { PolicyDocument } = baseline().only('AWS::IAM::ManagedPolicy', 'WatchRolePolicy').Properties;
      expect(statement(PolicyDocument, 'DenyNetworkInterfacesToCode')).toMatchObject({ Effect: 'Deny', Condition: { ArnLike: { 'lambda:SourceFunctionArn': expect.any(String) as string } } });
    });
  });

  describe.each(STAGES)('B-12 buckets (%s)', (stage) => {
    const BUCKETS = ['LoggingBucket', 'SecureStorageBucket', 'AuditLogFilesBucket'];

    test('there are three: secure storage, logging, CloudTrail', () => {
      // and, where configurations are recorded, theirs
      const others = baseline(stage).ofType('AWS::S3::Bucket').filter(({ logicalId }) => !logicalId.startsWith('Config'));
      expect(others.map((bucket) => [bucket.logicalId, tags(bucket).Name])).toEqual([
        ['LoggingBucket', 'tap-logging-${EnvironmentSuffix}'],
        ['SecureStorageBucket', 'tap-secure-storage-${EnvironmentSuffix}'],
        ['AuditLogFilesBucket', 'tap-cloudtrail-${EnvironmentSuffix}'],
      ]);
    });

    test.each(BUCKETS)('%s is private, versioned and encrypted, and old versions expire', (id) => {
      expect(baseline(stage).only('AWS::S3::Bucket', id).Properties).toMatchObject({
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
        LifecycleConfiguration: { Rules: expect.arrayContaining([expect.objectContaining({ Id: 'SupersededVersions', Status: 'Enabled' })]) as unknown },
      });
    });

    test.each(BUCKETS)('%s refuses plain HTTP to everybody, for itself and its objects', (id) => {
      const { PolicyDocument } = baseline(stage).only('AWS::S3::BucketPolicy', id.replace(/Bucket$/, '')).Properties;
      expect(statement(PolicyDocument, 'DenyInsecureConnections')).toEqual({
        Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*',
        Resource: [`\${${id}.Arn}`, `\${${id}.Arn}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    });
  });

  describe.each(STAGES)('B-13 logs (%s)', (stage) => {
    test('every log group is encrypted and kept for a time', () => {
      const groups = baseline(stage).ofType('AWS::Logs::LogGroup');
      expect(groups.length).toBeGreaterThanOrEqual(10);
      for (const { logicalId, Properties } of groups) {
        expect({ logicalId, ...Properties }).toMatchObject({ logicalId, KmsKeyId: KEY, RetentionInDays: expect.any(Number) as number });
      }
    });

    test('what happens in the account, and who read and wrote the buckets, goes to S3', () => {
      const logged = baseline(stage).ofType('AWS::S3::Bucket').map(({ logicalId, Properties }) => [logicalId, Properties.LoggingConfiguration]);
      expect(Object.fromEntries(logged)).toMatchObject({
        LoggingBucket: undefined,
        SecureStorageBucket: { DestinationBucketName: '${LoggingBucket}', LogFilePrefix: 'TapStack/SecureStorage/' },
        AuditLogFilesBucket: { DestinationBucketName: '${LoggingBucket}', LogFilePrefix: 'TapStack/Audit/LogFiles/' },
      });
      expect(baseline(stage).only('AWS::CloudTrail::Trail').Properties.S3BucketName).toBe('${AuditLogFilesBucket}');
    });

    test('S3 may deliver to the bucket of logs, for the buckets of this account, and nobody else may', () => {
      const writers = statements(baseline(stage).only('AWS::S3::BucketPolicy', 'Logging').Properties.PolicyDocument)
        .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('s3:PutObject'));
      expect(writers).toEqual([expect.objectContaining({
        Principal: { Service: 'logging.s3.amazonaws.com' }, Condition: expect.objectContaining({ StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' } }) as object,
      })]);
    });
  });

  describe.each(STAGES)('B-14 topic (%s)', (stage) => {
    test('is encrypted with the customer key and refuses plain HTTP', () => {
      expect(baseline(stage).only('AWS::SNS::Topic').Properties.KmsMasterKeyId).toBe(KEY);
      expect(statements(baseline(stage).only('AWS::SNS::TopicPolicy').Properties.PolicyDocument)).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    });

    test('every alarm notifies it when it goes off and when it is over', () => {
      const alarms = baseline(stage).ofType('AWS::CloudWatch::Alarm');
      expect(alarms.length).toBeGreaterThanOrEqual(18);
      for (const { logicalId, Properties } of alarms) {
        expect({ logicalId, ...Properties }).toMatchObject({ logicalId, AlarmActions: ['${AlertsTopic}'], OKActions: ['${AlertsTopic}'] });
        expect(Properties).not.toHaveProperty('ActionsEnabled', false);
      }
    });

    test('an e-mail address is subscribed if one was given', () => {
      const subscription = baseline(stage).only('AWS::SNS::Subscription');
      expect(subscription.Properties).toMatchObject({ Protocol: 'email', Endpoint: '${AlertEmail}', TopicArn: '${AlertsTopic}' });
      expect(baseline(stage).json.Conditions).toEqual({ [subscription.Condition!]: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlertEmail' }, ''] }] } });
    });
  });
});
