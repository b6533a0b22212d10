import { Aws, CfnCondition, CfnResource, CustomResourceProviderBase, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Names } from 'tap-stack/lib/conventions/names';
import { addOutputs } from 'tap-stack/lib/conventions/outputs';
import { STACK_TAGS, tagEverything } from 'tap-stack/lib/conventions/tags';
import { Parameters } from 'tap-stack/lib/parameters';

const REMOVAL = { removalPolicy: RemovalPolicy.DESTROY };
const ARCHITECTURE = ec2.InstanceArchitecture.X86_64;
const KEY_ADMINISTRATION = [
  'CancelKeyDeletion', 'CreateAlias', 'DeleteAlias', 'DescribeKey', 'DisableKey', 'DisableKeyRotation', 'EnableKey', 'EnableKeyRotation',
  'GetKeyPolicy', 'GetKeyRotationStatus', 'ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListResourceTags', 'PutKeyPolicy',
  'RevokeGrant', 'RotateKeyOnDemand', 'ScheduleKeyDeletion', 'TagResource', 'UntagResource', 'UpdateAlias', 'UpdateKeyDescription',
];
const NEVER: Record<string, string[]> = {
  DenyRewritingPolicies: [
    'iam:*PermissionsBoundary', 'iam:AddUserToGroup', 'iam:Attach*Policy', 'iam:CreatePolicyVersion', 'iam:Delete*Policy', 'iam:Detach*Policy',
    'iam:Put*Policy', 'iam:SetDefaultPolicyVersion', 'iam:UpdateAssumeRolePolicy',
  ],
  DenyBecomingSomeoneElse: ['iam:*LoginProfile', 'iam:*OpenIDConnectProvider*', 'iam:*SAMLProvider', 'iam:CreateAccessKey', 'iam:CreateServiceSpecificCredential'],
  DenyHandingRolesToServices: ['ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation', 'iam:AddRoleToInstanceProfile', 'iam:PassRole'],
  DenyRunningCodeAsOthers: [
    'cloudformation:ExecuteChangeSet', 'cloudformation:UpdateStack', 'codebuild:StartBuild*', 'ec2-instance-connect:Send*', 'ec2:ModifyInstanceAttribute',
    'ecs:ExecuteCommand', 'glue:UpdateDevEndpoint', 'glue:UpdateJob', 'lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration',
    'sagemaker:CreatePresigned*', 'ssm:SendCommand', 'ssm:StartAutomationExecution', 'ssm:StartSession', 'states:UpdateStateMachine',
  ],
};

/**
 * The environment `private-workload`, ephemeral, as a team would write it with the CDK alone: the same resources, none of our
 * constructs. What an app decides (parameters, names, tags, outputs) is the same code, because it is not what is measured.
 */
export class HandWritten extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { suppressTemplateIndentation: true, tags: STACK_TAGS });
    const parameters = new Parameters(this);
    const suffix = parameters.environmentSuffix();
    const environment = parameters.environment();
    const names = Names.bySuffix('prod', suffix);

    const key = this.key();
    const vpc = this.network(key);
    const loadBalancerGroup = new ec2.SecurityGroup(this, 'LoadBalancer', { vpc, description: 'For a load balancer to come', allowAllOutbound: false });
    const instanceGroup = this.instanceGroup(vpc, loadBalancerGroup, parameters.allowedSshCidr());
    const alerts = this.alerts(key, names.of('alerts'), parameters.alertEmail());
    const logGroup = new logs.LogGroup(this, 'Logs', { encryptionKey: key, retention: logs.RetentionDays.ONE_MONTH, ...REMOVAL });
    const accessLogs = this.accessLogs(names.of('access-logs'));
    const store = this.bucket('Store', {
      bucketName: names.ofBucket('secure-bucket'), encryption: s3.BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: 'TapStack/Store/',
    });

    const role = this.role(names, logGroup);
    const image = parameters.imageId(ARCHITECTURE);
    const instance = new ec2.Instance(this, 'Server', {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroup: instanceGroup,
      instanceType: new ec2.InstanceType(parameters.instanceType(ARCHITECTURE)),
      machineImage: { getImage: () => ({ imageId: image, osType: ec2.OperatingSystemType.LINUX, userData: ec2.UserData.forLinux() }) },
      role,
      userData: this.agent(logGroup),
      httpEndpoint: true,
      httpTokens: ec2.HttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      blockDevices: [{ deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(20, { volumeType: ec2.EbsDeviceVolumeType.GP3, encrypted: true, kmsKey: key }) }],
      ebsOptimized: true,
      detailedMonitoring: true,
      propagateTagsToVolumeOnCreation: true,
    });
    this.alarms(instance, new SnsAction(alerts));
    this.useOfStore(names, role, store, key);

    this.completeHelpers(key, alerts);
    tagEverything(this, { names, environment });
    addOutputs(this, {
      VPCId: { value: vpc.vpcId, description: 'The network' },
      PublicSubnetId: { value: vpc.publicSubnets[0].subnetId, description: 'The subnet of the NAT gateway' },
      PrivateSubnetId: { value: vpc.privateSubnets[0].subnetId, description: 'The subnet of the instance' },
      EC2InstanceId: { value: instance.instanceId, description: 'The instance' },
      EC2RoleArn: { value: role.roleArn, description: 'The role of the instance' },
      InstanceSecurityGroupId: { value: instanceGroup.securityGroupId, description: 'The security group of the instance' },
      LoadBalancerSecurityGroupId: { value: loadBalancerGroup.securityGroupId, description: 'The security group that a load balancer has to join' },
      S3BucketName: { value: store.bucketName, description: 'The bucket of the instance' },
      AccessLogsBucketName: { value: accessLogs.bucketName, description: 'Who read and wrote the bucket' },
      KMSKeyId: { value: key.keyId, description: 'The key that encrypts everything' },
      CloudWatchLogGroup: { value: logGroup.logGroupName, description: 'What the instance logs' },
      AlertsTopicArn: { value: alerts.topicArn, description: 'The topic of the alarms' },
      StackName: { value: Aws.STACK_NAME, description: 'The name of this stack' },
      EnvironmentSuffix: { value: suffix, description: 'The suffix in the names of this stack' },
    });
  }

  private key(): kms.Key {
    const account = { principals: [new iam.AccountRootPrincipal()], resources: ['*'] };
    const via = (...services: string[]) => ({ StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${this.region}.amazonaws.com`) } });
    const key = new kms.Key(this, 'Key', {
      description: 'Encrypts data at rest (TapStack/Key)',
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      pendingWindow: Duration.days(7),
      policy: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({ sid: 'AccountAdministers', actions: KEY_ADMINISTRATION.map((action) => `kms:${action}`), ...account }),
          new iam.PolicyStatement({
            sid: 'AccountDelegatesUse',
            actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'],
            conditions: via('s3', 'ec2', 'sns'), ...account,
          }),
          new iam.PolicyStatement({
            sid: 'AccountDelegatesGrantsToAwsResources', actions: ['kms:CreateGrant'], conditions: { ...via('ec2'), Bool: { 'kms:GrantIsForAWSResource': 'true' } }, ...account,
          }),
        ],
      }),
      ...REMOVAL,
    });
    key.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowLogGroups',
      principals: [new iam.ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:*` } },
    }));
    key.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowCloudWatchAlarms', actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'], ...this.fromAlarms(),
    }));
    return key;
  }

  private fromAlarms() {
    return {
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: {
        ArnLike: { 'aws:SourceArn': `arn:${this.partition}:cloudwatch:${this.region}:${this.account}:alarm:*` },
        StringEquals: { 'aws:SourceAccount': this.account },
      },
    };
  }

  private network(encryptionKey: kms.Key): ec2.Vpc {
    const vpc = new ec2.Vpc(this, 'Network', {
      ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
      availabilityZones: [Fn.select(0, Fn.getAzs())],
      natGateways: 1,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 24 },
      ],
      restrictDefaultSecurityGroup: true,
    });
    const records = new logs.LogGroup(this, 'FlowLogRecords', { encryptionKey, retention: logs.RetentionDays.ONE_MONTH, ...REMOVAL });
    const write = new iam.ManagedPolicy(this, 'FlowLogWrite', {
      description: 'Lets VPC flow logs write to their log group',
      statements: [new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], resources: [records.logGroupArn] })],
    });
    const role = new iam.Role(this, 'FlowLogRole', {
      description: 'VPC flow logs: write to their log group',
      assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': this.account },
          ArnLike: { 'aws:SourceArn': `arn:${this.partition}:ec2:${this.region}:${this.account}:vpc-flow-log/*` },
        },
      }),
      managedPolicies: [write],
    });
    new ec2.FlowLog(this, 'FlowLog', {
      resourceType: ec2.FlowLogResourceType.fromVpc(vpc),
      destination: ec2.FlowLogDestination.toCloudWatchLogs(records, role.withoutPolicyUpdates()),
      maxAggregationInterval: ec2.FlowLogMaxAggregationInterval.TEN_MINUTES,
    });
    this.endpoint(vpc);
    return vpc;
  }

  private endpoint(vpc: ec2.Vpc): void {
    const endpoint = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    endpoint.addToPolicy(new iam.PolicyStatement({
      sid: 'OwnAccount', principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: ['*'], conditions: { StringEquals: { 'aws:ResourceAccount': this.account } },
    }));
    endpoint.addToPolicy(new iam.PolicyStatement({
      sid: 'PackageRepositories', principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject'],
      resources: [`arn:${this.partition}:s3:::al2023-repos-${this.region}-de612dc2/*`],
    }));
  }

  private instanceGroup(vpc: ec2.Vpc, loadBalancerGroup: ec2.SecurityGroup, sshFrom: string): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, 'InstanceGroup', { vpc, description: 'Tier Instance', allowAllOutbound: false });
    group.connections.allowFrom(loadBalancerGroup, ec2.Port.HTTPS, 'LoadBalancer to Instance on 443');
    group.addIngressRule(ec2.Peer.ipv4(sshFrom), ec2.Port.SSH, 'SSH to Instance');
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTP, 'HTTP to any address');
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'HTTPS to any address');
    group.addEgressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.udp(53), 'DNS inside the VPC');
    group.addEgressRule(ec2.Peer.ipv4(vpc.vpcCidrBlock), ec2.Port.tcp(53), 'DNS inside the VPC');
    return group;
  }

  private alerts(masterKey: kms.Key, topicName: string, email: string): sns.Topic {
    const topic = new sns.Topic(this, 'Alerts', { topicName, masterKey, enforceSSL: true });
    topic.addToResourcePolicy(new iam.PolicyStatement({ sid: 'AllowCloudWatchAlarms', actions: ['sns:Publish'], resources: [topic.topicArn], ...this.fromAlarms() }));
    const subscription = new sns.Subscription(this, 'EmailSubscription', { topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: email });
    const given = new CfnCondition(this, 'EmailGiven', { expression: Fn.conditionNot(Fn.conditionEquals(email, '')) });
    (subscription.node.defaultChild as sns.CfnSubscription).cfnOptions.condition = given;
    return topic;
  }

  private bucket(id: string, props: s3.BucketProps): s3.Bucket {
    const { lifecycleRules = [], ...rest } = props;
    const bucket = new s3.Bucket(this, id, {
      blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [
        { id: 'SupersededVersions', noncurrentVersionExpiration: Duration.days(90), expiredObjectDeleteMarker: true },
        { id: 'UnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...lifecycleRules,
      ],
      autoDeleteObjects: true,
      ...REMOVAL,
      ...rest,
    });
    if (rest.encryptionKey) {
      bucket.addToResourcePolicy(new iam.PolicyStatement({
        sid: 'DenyOtherEncryption',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: {
          Null: { 's3:x-amz-server-side-encryption': 'false' },
          StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': rest.encryptionKey.keyArn },
        },
      }));
    }
    return bucket;
  }

  private accessLogs(bucketNamePrefix: string): s3.Bucket {
    const bucket = this.bucket('AccessLogs', {
      bucketNamePrefix, bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL, encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'Logs', expiration: Duration.days(365) }],
    });
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowAccessLogDelivery',
      principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { ArnLike: { 'aws:SourceArn': `arn:${this.partition}:s3:::*` }, StringEquals: { 'aws:SourceAccount': this.account } },
    }));
    return bucket;
  }

  private role(names: Names, logGroup: logs.LogGroup): iam.Role {
    const role = new iam.Role(this, 'ServerRole', {
      roleName: names.of('ec2-role'), description: 'Role of EC2 instances', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
    });
    new iam.ManagedPolicy(this, 'ServerBaseline', {
      managedPolicyName: names.of('cloudwatch-policy'),
      description: 'What the instance itself needs, and what it must never do',
      roles: [role],
      statements: [
        ...Object.entries(NEVER).map(([sid, actions]) => new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions, resources: ['*'] })),
        new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
        new iam.PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'], conditions: { StringEquals: { 'cloudwatch:namespace': 'CWAgent' } } }),
      ],
    });
    return role;
  }

  private useOfStore(names: Names, role: iam.Role, store: s3.Bucket, key: kms.Key): void {
    const use = { actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'], resources: [store.bucketArn, store.arnForObjects('*')] };
    new iam.ManagedPolicy(this, 'StoreAccess', {
      managedPolicyName: names.of('s3-access-policy'),
      description: 'What the instance does with its bucket',
      roles: [role],
      statements: [
        new iam.PolicyStatement(use),
        new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
      ],
    });
    store.addToResourcePolicy(new iam.PolicyStatement({ sid: 'AllowEC2RoleAccess', principals: [role], ...use }));
  }

  private agent(logGroup: logs.LogGroup): ec2.UserData {
    const files = ['/var/log/messages', '/var/log/secure', '/var/log/audit/audit.log', '/var/log/cloud-init-output.log'];
    const configuration = {
      agent: { metrics_collection_interval: 60, run_as_user: 'root' },
      metrics: {
        namespace: 'CWAgent',
        append_dimensions: { InstanceId: '${aws:InstanceId}' },
        aggregation_dimensions: [['InstanceId', 'path']],
        metrics_collected: { mem: { measurement: ['used_percent'] }, disk: { measurement: ['used_percent'], resources: ['/'], drop_device: true } },
      },
      logs: {
        logs_collected: {
          files: { collect_list: files.map((path) => ({ file_path: path, log_group_name: logGroup.logGroupName, log_stream_name: `{instance_id}${path}` })) },
        },
      },
    };
    const directory = '/opt/aws/amazon-cloudwatch-agent';
    const atEveryBoot = ec2.UserData.forLinux();
    atEveryBoot.addCommands(
      'set -euo pipefail',
      'if systemctl cat amazon-ssm-agent >/dev/null 2>&1; then systemctl disable --now amazon-ssm-agent; fi',
      'trap \'echo "the CloudWatch agent does not run: line $LINENO failed" >&2\' ERR',
      'rpm --query --quiet amazon-cloudwatch-agent rsyslog || dnf install --assumeyes amazon-cloudwatch-agent rsyslog',
      'systemctl enable --now rsyslog',
      `cat >${directory}/etc/requested.json <<'END_OF_CONFIGURATION'`,
      this.toJsonString(configuration, 2),
      'END_OF_CONFIGURATION',
      `${directory}/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:${directory}/etc/requested.json`,
      'systemctl is-active --quiet amazon-cloudwatch-agent',
    );
    const userData = new ec2.MultipartUserData();
    userData.addUserDataPart(atEveryBoot, 'text/x-shellscript-per-boot; charset="utf-8"', false);
    userData.addUserDataPart(ec2.UserData.forLinux(), ec2.MultipartBody.SHELL_SCRIPT, true);
    return userData;
  }

  private alarms(instance: ec2.Instance, action: SnsAction): void {
    const dimensionsMap = { InstanceId: instance.instanceId };
    const of = (namespace: string, metricName: string, statistic: string, more: object = {}) =>
      new cloudwatch.Metric({ namespace, metricName, statistic, period: Duration.minutes(5), dimensionsMap: { ...dimensionsMap, ...more } });
    const specs: [string, cloudwatch.Metric, number, cloudwatch.TreatMissingData][] = [
      ['Cpu', of('AWS/EC2', 'CPUUtilization', 'Average'), 80, cloudwatch.TreatMissingData.NOT_BREACHING],
      ['NetworkIn', of('AWS/EC2', 'NetworkIn', 'Sum'), 1_000_000_000, cloudwatch.TreatMissingData.NOT_BREACHING],
      ['NetworkOut', of('AWS/EC2', 'NetworkOut', 'Sum'), 1_000_000_000, cloudwatch.TreatMissingData.NOT_BREACHING],
      ['StatusCheck', of('AWS/EC2', 'StatusCheckFailed', 'Maximum'), 1, cloudwatch.TreatMissingData.BREACHING],
      ['Memory', of('CWAgent', 'mem_used_percent', 'Average'), 80, cloudwatch.TreatMissingData.BREACHING],
      ['Disk', of('CWAgent', 'disk_used_percent', 'Average', { path: '/' }), 80, cloudwatch.TreatMissingData.BREACHING],
    ];
    for (const [id, metric, threshold, treatMissingData] of specs) {
      const alarm = new cloudwatch.Alarm(this, `${id}Alarm`, {
        metric, threshold, evaluationPeriods: 1, treatMissingData,
        alarmDescription: `The instance went over ${threshold} for five minutes. Look at what runs on it. https://example.com/runbooks/instances.md#${id}`,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  /** The functions that the CDK adds by itself: logs, failures, and no managed policy. */
  private completeHelpers(encryptionKey: kms.Key, failures: sns.Topic): void {
    for (const provider of this.node.children.filter((child) => child instanceof CustomResourceProviderBase)) {
      const logGroup = new logs.LogGroup(provider, 'Logs', { encryptionKey, retention: logs.RetentionDays.ONE_MONTH, ...REMOVAL });
      const handler = provider.node.findChild('Handler') as CfnResource;
      handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName, LogFormat: 'JSON' });
      handler.addPropertyOverride('DeadLetterConfig', { TargetArn: failures.topicArn });
      (provider.node.findChild('Role') as CfnResource).addPropertyDeletionOverride('ManagedPolicyArns');
      provider.addToRolePolicy({ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logGroup.logGroupArn });
      provider.addToRolePolicy({ Effect: 'Allow', Action: 'sns:Publish', Resource: failures.topicArn });
      provider.addToRolePolicy({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: encryptionKey.keyArn });
    }
  }
}
