import { CreateAnalyzerCommand } from '@aws-sdk/client-accessanalyzer';
import { CreateRestApiCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { PutDashboardCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, PutMetricFilterCommand, PutResourcePolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteConfigurationRecorderCommand, PutConfigRuleCommand, PutConfigurationRecorderCommand, PutConformancePackCommand, PutDeliveryChannelCommand,
} from '@aws-sdk/client-config-service';
import {
  AllocateAddressCommand, CreateFlowLogsCommand, CreateInstanceConnectEndpointCommand, CreateInternetGatewayCommand,
  CreateLaunchTemplateCommand, CreateNatGatewayCommand, CreateNetworkAclCommand, CreateNetworkInterfaceCommand, CreateRouteTableCommand,
  CreateSecurityGroupCommand, CreateSnapshotCommand, CreateSubnetCommand, CreateVolumeCommand, CreateVpcCommand, CreateVpcEndpointCommand,
  DescribeImagesCommand, RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateLoadBalancerCommand, CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { CreateDetectorCommand } from '@aws-sdk/client-guardduty';
import {
  CreateGroupCommand, CreateInstanceProfileCommand, CreatePolicyCommand, CreateRoleCommand, CreateServiceLinkedRoleCommand, CreateUserCommand,
  CreateVirtualMFADeviceCommand, UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import { EnableCommand } from '@aws-sdk/client-inspector2';
import { CreateAliasCommand, CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import {
  CreateDBInstanceCommand, CreateDBParameterGroupCommand, CreateDBSnapshotCommand, CreateDBSubnetGroupCommand, CreateEventSubscriptionCommand,
  CreateOptionGroupCommand, DeleteDBInstanceCommand, DescribeDBInstanceAutomatedBackupsCommand,
} from '@aws-sdk/client-rds';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { DescribeHubCommand, EnableSecurityHubCommand } from '@aws-sdk/client-securityhub';
import { CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { Clients } from '../../src/clients';

/** Makes one resource of a kind, as nobody would clean it up, and says how it is called. */
export type Plant = (clients: Clients) => Promise<string | undefined>;

const NAME = 'planted';
const TRUST = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
const NOTHING = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] });
/** A zip archive with no file in it. */
const EMPTY_ZIP = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array<number>(18).fill(0)]);

const vpc = async ({ ec2 }: Clients) => (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.77.0.0/16' }))).Vpc!.VpcId!;
const subnet = async ({ ec2 }: Clients, VpcId: string, zone: string, CidrBlock: string) =>
  (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `us-east-1${zone}` }))).Subnet!.SubnetId!;

/** A network that plants share: there is a quota of them. */
interface Ground {
  readonly vpcId: string;
  readonly subnets: string[];
}

let shared: Promise<Ground> | undefined;
const ground = (clients: Clients): Promise<Ground> => shared ??= (async () => {
  const vpcId = await vpc(clients);
  return { vpcId, subnets: [await subnet(clients, vpcId, 'a', '10.77.1.0/24'), await subnet(clients, vpcId, 'b', '10.77.2.0/24')] };
})();
const role = async ({ iam }: Clients, RoleName: string) =>
  (await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))).Role!;
const topic = async ({ sns }: Clients, Name: string) => (await sns.send(new CreateTopicCommand({ Name }))).TopicArn!;
const bucket = async ({ s3 }: Clients, Bucket: string) => {
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
};
const logGroup = async ({ logs }: Clients, logGroupName: string) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  return logGroupName;
};
const database = async ({ rds }: Clients, DBInstanceIdentifier: string) => {
  await rds.send(new CreateDBInstanceCommand({
    DBInstanceIdentifier, DBInstanceClass: 'db.t3.micro', Engine: 'mysql', MasterUsername: 'operator', MasterUserPassword: 'planted-for-a-test', AllocatedStorage: 20, BackupRetentionPeriod: 1,
  }));
  return DBInstanceIdentifier;
};

/** One of every kind that `down` looks for. */
export const PLANTS: Record<string, Plant> = {
  'stack': async ({ cloudFormation }) => {
    await cloudFormation.send(new CreateStackCommand({ StackName: NAME, TemplateBody: JSON.stringify({ Resources: { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } }) }));
    return NAME;
  },

  // where traffic flows
  'elastic address': async ({ ec2 }) => (await ec2.send(new AllocateAddressCommand({}))).AllocationId,
  'flow log': async (clients) => (await clients.ec2.send(new CreateFlowLogsCommand({
    ResourceIds: [(await ground(clients)).vpcId], ResourceType: 'VPC', TrafficType: 'ALL', LogDestinationType: 's3', LogDestination: `arn:aws:s3:::${await bucket(clients, 'planted-flow-logs')}`,
  }))).FlowLogIds![0],
  'instance connect endpoint': async (clients) => (await clients.ec2.send(new CreateInstanceConnectEndpointCommand({ SubnetId: (await ground(clients)).subnets[0] }))).InstanceConnectEndpoint!.InstanceConnectEndpointId,
  'internet gateway': async ({ ec2 }) => (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway!.InternetGatewayId,
  'NAT gateway': async (clients) => (await clients.ec2.send(new CreateNatGatewayCommand({ SubnetId: (await ground(clients)).subnets[0], ConnectivityType: 'private' }))).NatGateway!.NatGatewayId,
  'network ACL': async (clients) => (await clients.ec2.send(new CreateNetworkAclCommand({ VpcId: (await ground(clients)).vpcId }))).NetworkAcl!.NetworkAclId,
  'network interface': async (clients) => (await clients.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: (await ground(clients)).subnets[0] }))).NetworkInterface!.NetworkInterfaceId,
  'route table': async (clients) => (await clients.ec2.send(new CreateRouteTableCommand({ VpcId: (await ground(clients)).vpcId }))).RouteTable!.RouteTableId,
  'security group': async (clients) => (await clients.ec2.send(new CreateSecurityGroupCommand({ GroupName: NAME, Description: NAME, VpcId: (await ground(clients)).vpcId }))).GroupId,
  'subnet': async (clients) => subnet(clients, (await ground(clients)).vpcId, 'c', '10.77.3.0/24'),
  'VPC endpoint': async (clients) => (await clients.ec2.send(new CreateVpcEndpointCommand({ VpcId: (await ground(clients)).vpcId, ServiceName: 'com.amazonaws.us-east-1.s3' }))).VpcEndpoint!.VpcEndpointId,
  'VPC': async (clients) => vpc(clients),

  // what runs, and what it runs from
  'Auto Scaling group': async (clients) => {
    const { LaunchTemplate } = await clients.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'planted-for-group', LaunchTemplateData: { InstanceType: 't3.micro' } }));
    await clients.autoScaling.send(new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: NAME, MinSize: 0, MaxSize: 0, LaunchTemplate: { LaunchTemplateId: LaunchTemplate!.LaunchTemplateId, Version: '1' }, VPCZoneIdentifier: (await ground(clients)).subnets[0],
    }));
    return NAME;
  },
  'event source of a function': async (clients) => {
    const { Arn: Role } = await role(clients, 'planted-for-source');
    await clients.lambda.send(new CreateFunctionCommand({ FunctionName: 'planted-for-source', Role, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: EMPTY_ZIP } }));
    await clients.sqs.send(new CreateQueueCommand({ QueueName: 'planted-source' }));
    return (await clients.lambda.send(new CreateEventSourceMappingCommand({
      FunctionName: 'planted-for-source', EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:planted-source',
    }))).UUID;
  },
  'function': async (clients) => (await clients.lambda.send(new CreateFunctionCommand({
    FunctionName: NAME, Role: (await role(clients, 'planted-for-function')).Arn, Runtime: 'nodejs20.x', Handler: 'index.handler', Code: { ZipFile: EMPTY_ZIP },
  }))).FunctionName,
  'function layer': async ({ lambda }) => {
    await lambda.send(new PublishLayerVersionCommand({ LayerName: NAME, Content: { ZipFile: EMPTY_ZIP } }));
    return NAME;
  },
  'instance': async (clients) => (await clients.ec2.send(new RunInstancesCommand({
    ImageId: (await clients.ec2.send(new DescribeImagesCommand({}))).Images![0].ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: (await ground(clients)).subnets[0],
  }))).Instances![0].InstanceId,
  'launch template': async ({ ec2 }) => (await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: NAME, LaunchTemplateData: { InstanceType: 't3.micro' } }))).LaunchTemplate!.LaunchTemplateId,
  'load balancer': async (clients) => (await clients.loadBalancing.send(new CreateLoadBalancerCommand({ Name: NAME, Subnets: (await ground(clients)).subnets }))).LoadBalancers![0].LoadBalancerArn,
  'REST API': async ({ apiGateway }) => (await apiGateway.send(new CreateRestApiCommand({ name: NAME }))).id,
  'snapshot': async ({ ec2 }) => {
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
    return (await ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId;
  },
  'target group': async (clients) => (await clients.loadBalancing.send(new CreateTargetGroupCommand({ Name: NAME, Protocol: 'HTTP', Port: 80, VpcId: (await ground(clients)).vpcId }))).TargetGroups![0].TargetGroupArn,
  'volume': async ({ ec2 }) => (await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }))).VolumeId,

  // what is kept
  'bucket': async (clients) => bucket(clients, 'planted-bucket'),
  'database': async (clients) => database(clients, NAME),
  'database backup': async (clients) => {
    const DBInstanceIdentifier = await database(clients, 'planted-backup');
    await clients.rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true, DeleteAutomatedBackups: false }));
    const { DBInstanceAutomatedBackups } = await clients.rds.send(new DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier }));
    return DBInstanceAutomatedBackups![0].DBInstanceAutomatedBackupsArn;
  },
  'database event subscription': async (clients) => {
    const SnsTopicArn = await topic(clients, 'planted-for-database');
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'events.rds.amazonaws.com' }, Action: 'sns:Publish', Resource: SnsTopicArn }] });
    await clients.sns.send(new SetTopicAttributesCommand({ TopicArn: SnsTopicArn, AttributeName: 'Policy', AttributeValue: Policy }));
    return (await clients.rds.send(new CreateEventSubscriptionCommand({ SubscriptionName: NAME, SnsTopicArn, SourceType: 'db-instance' }))).EventSubscription!.CustSubscriptionId;
  },
  'database option group': async ({ rds }) => (await rds.send(new CreateOptionGroupCommand({
    OptionGroupName: NAME, EngineName: 'mysql', MajorEngineVersion: '8.4', OptionGroupDescription: NAME,
  }))).OptionGroup!.OptionGroupName,
  'database parameter group': async ({ rds }) => (await rds.send(new CreateDBParameterGroupCommand({
    DBParameterGroupName: NAME, DBParameterGroupFamily: 'mysql8.4', Description: NAME,
  }))).DBParameterGroup!.DBParameterGroupName,
  'database snapshot': async (clients) => (await clients.rds.send(new CreateDBSnapshotCommand({
    DBSnapshotIdentifier: NAME, DBInstanceIdentifier: await database(clients, 'planted-for-snapshot'),
  }))).DBSnapshot!.DBSnapshotIdentifier,
  'database subnet group': async (clients) => (await clients.rds.send(new CreateDBSubnetGroupCommand({
    DBSubnetGroupName: NAME, DBSubnetGroupDescription: NAME, SubnetIds: (await ground(clients)).subnets,
  }))).DBSubnetGroup!.DBSubnetGroupName,
  'key': async ({ kms }) => (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.KeyId,
  'key alias': async ({ kms }) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    await kms.send(new CreateAliasCommand({ AliasName: `alias/${NAME}`, TargetKeyId: KeyMetadata!.KeyId }));
    return `alias/${NAME}`;
  },
  'parameter': async ({ ssm }) => {
    await ssm.send(new PutParameterCommand({ Name: `/${NAME}`, Value: NAME, Type: 'String' }));
    return `/${NAME}`;
  },
  'secret': async ({ secretsManager }) => (await secretsManager.send(new CreateSecretCommand({ Name: NAME, SecretString: NAME }))).Name,

  // who may do something
  'instance profile': async ({ iam }) => (await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: NAME }))).InstanceProfile!.InstanceProfileName,
  'MFA device': async ({ iam }) => (await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: NAME }))).VirtualMFADevice!.SerialNumber,
  'policy': async ({ iam }) => (await iam.send(new CreatePolicyCommand({ PolicyName: NAME, PolicyDocument: NOTHING }))).Policy!.PolicyName,
  'role': async (clients) => (await role(clients, NAME)).RoleName,
  'user': async ({ iam }) => (await iam.send(new CreateUserCommand({ UserName: NAME }))).User!.UserName,
  'user group': async ({ iam }) => (await iam.send(new CreateGroupCommand({ GroupName: NAME }))).Group!.GroupName,

  // what records, and who is told
  'alarm': async ({ cloudWatch }) => {
    await cloudWatch.send(new PutMetricAlarmCommand({
      AlarmName: NAME, Namespace: NAME, MetricName: NAME, Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold',
    }));
    return NAME;
  },
  'Config rule': async (clients) => {
    // there is no rule without a recorder
    const ConfigurationRecorderName = await recorder(clients, 'planted-for-rule');
    await clients.config.send(new PutConfigRuleCommand({ ConfigRule: { ConfigRuleName: NAME, Source: { Owner: 'AWS', SourceIdentifier: 'ENCRYPTED_VOLUMES' } } }));
    await clients.config.send(new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName }));
    return NAME;
  },
  'conformance pack': async (clients) => {
    const ConfigurationRecorderName = await recorder(clients, 'planted-for-pack');
    await clients.config.send(new PutConformancePackCommand({ ConformancePackName: NAME, TemplateBody: JSON.stringify({ Resources: {
      Rule: { Type: 'AWS::Config::ConfigRule', Properties: { ConfigRuleName: NAME, Source: { Owner: 'AWS', SourceIdentifier: 'ENCRYPTED_VOLUMES' } } },
    } }) }));
    await clients.config.send(new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName }));
    return NAME;
  },
  'dashboard': async ({ cloudWatch }) => {
    await cloudWatch.send(new PutDashboardCommand({ DashboardName: NAME, DashboardBody: JSON.stringify({ widgets: [] }) }));
    return NAME;
  },
  'event rule': async ({ events }) => {
    await events.send(new PutRuleCommand({ Name: NAME, EventPattern: JSON.stringify({ source: ['aws.ec2'] }) }));
    return NAME;
  },
  'log group': async (clients) => logGroup(clients, `/${NAME}`),
  'log resource policy': async ({ logs }) => (await logs.send(new PutResourcePolicyCommand({ policyName: NAME, policyDocument: NOTHING }))).resourcePolicy!.policyName,
  'metric filter': async (clients) => {
    await clients.logs.send(new PutMetricFilterCommand({
      logGroupName: await logGroup(clients, '/planted/for-filter'), filterName: NAME, filterPattern: 'error', metricTransformations: [{ metricName: NAME, metricNamespace: NAME, metricValue: '1' }],
    }));
    return `${NAME} of /planted/for-filter`;
  },
  'queue': async ({ sqs }) => (await sqs.send(new CreateQueueCommand({ QueueName: NAME }))).QueueUrl,
  'subscription': async (clients) => (await clients.sns.send(new SubscribeCommand({
    TopicArn: await topic(clients, 'planted-for-subscription'), Protocol: 'email', Endpoint: 'nobody@example.com', ReturnSubscriptionArn: true,
  }))).SubscriptionArn,
  'topic': async (clients) => topic(clients, NAME),
  'trail': async (clients) => {
    const S3BucketName = await bucket(clients, 'planted-for-trail');
    await clients.s3.send(new PutBucketPolicyCommand({ Bucket: S3BucketName, Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: ['s3:*'], Resource: [`arn:aws:s3:::${S3BucketName}`, `arn:aws:s3:::${S3BucketName}/*`] }],
    }) }));
    return (await clients.cloudTrail.send(new CreateTrailCommand({ Name: NAME, S3BucketName }))).Name;
  },
};

/** What a stack may turn on for the whole account. */
export const TURNED_ON: Record<string, Plant> = {
  'access analyzer': async ({ accessAnalyzer }) => {
    await accessAnalyzer.send(new CreateAnalyzerCommand({ analyzerName: NAME, type: 'ACCOUNT' }));
    return NAME;
  },
  'configuration recorder': (clients) => recorder(clients, 'planted-for-recorder'),
  'delivery channel': async (clients) => {
    const s3BucketName = await bucket(clients, 'planted-for-channel');
    await clients.s3.send(new PutBucketPolicyCommand({ Bucket: s3BucketName, Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' }, Action: ['s3:*'], Resource: [`arn:aws:s3:::${s3BucketName}`, `arn:aws:s3:::${s3BucketName}/*`] }],
    }) }));
    await clients.config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: NAME, s3BucketName } }));
    return NAME;
  },
  'GuardDuty detector': async ({ guardDuty }) => (await guardDuty.send(new CreateDetectorCommand({ Enable: true }))).DetectorId,
  'Inspector': async ({ inspector }) => (await inspector.send(new EnableCommand({ resourceTypes: ['EC2'] }))).accounts![0].accountId,
  'log group': async (clients) => logGroup(clients, 'RDSOSMetrics'),
  'password policy': async ({ iam }) => {
    await iam.send(new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 14 }));
    return 'of the account';
  },
  'role that API Gateway logs with': async (clients) => {
    const value = (await role(clients, 'planted-for-apis')).Arn;
    await clients.apiGateway.send(new UpdateAccountCommand({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value }] }));
    return value;
  },
  'Security Hub': async ({ securityHub }) => {
    await securityHub.send(new EnableSecurityHubCommand({}));
    return (await securityHub.send(new DescribeHubCommand({}))).HubArn;
  },
  'service-linked role': async ({ iam }) => (await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'autoscaling.amazonaws.com' }))).Role!.RoleName,
};

async function recorder(clients: Clients, RoleName: string): Promise<string> {
  const { Arn: roleARN } = await role(clients, RoleName);
  await clients.config.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder: { name: NAME, roleARN } }));
  return NAME;
}
