import { EncryptedBucket, EncryptedLogGroup, EncryptedTopic, EncryptionKey, LogBucket, LogPurpose, ViaService } from '@tapstack/encrypted-storage';
import { LinuxImage, MonitoredInstance } from '@tapstack/monitored-compute';
import { Egress, NetworkPlace, Outbound, ReachabilityCheck, SecureVpc, TierKind, TierSecurityGroups } from '@tapstack/secure-network';
import { Annotations, Aws, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { subscribeIfGiven } from '../conventions/email-subscription';
import { completeHelperFunctions } from '../conventions/helper-functions';
import { Names } from '../conventions/names';
import { objectUse } from '../conventions/object-use';
import { addOutputs } from '../conventions/outputs';
import { tagEverything } from '../conventions/tags';
import { detectThreats } from '../conventions/threat-detection';
import { Parameters } from '../parameters';
import { EnvironmentProps } from './environment';

const ARCHITECTURE = ec2.InstanceArchitecture.X86_64;

/** One instance nobody on the internet reaches, its bucket, and the alarms that say when it needs help (P-01 to P-10). */
export class PrivateWorkload extends Stack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, { ...props, description: 'A private instance with its encrypted bucket, logs and alarms', terminationProtection: props.stage.terminationProtection });

    const { dataRemoval: removalPolicy, keyPendingWindow, logRetention, logsKeptFor } = props.stage;
    const parameters = new Parameters(this);
    const suffix = parameters.environmentSuffix();
    const environment = parameters.environment();
    const names = Names.bySuffix('prod', suffix);

    const { key: encryptionKey } = new EncryptionKey(this, 'Key', {
      onlyVia: [ViaService.S3, ViaService.EBS, ViaService.SNS], removalPolicy, pendingWindow: keyPendingWindow,
    });

    const { vpc } = new SecureVpc(this, 'Network', {
      cidr: '10.0.0.0/16',
      tiers: [
        { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.1.0/24'] },
        { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.2.0/24'] },
      ],
      singleZone: true,
      egress: Egress.SINGLE,
      encryptionKey,
      flowLogRetention: logRetention,
      removalPolicy,
    });

    const administrators = parameters.allowedSshCidr();
    const tiers = new TierSecurityGroups(this, 'Tiers', { vpc });
    const loadBalancerGroup = tiers.addTier('LoadBalancer', { description: 'For a load balancer to come' });
    const instanceGroup = tiers.addTier('Instance', {
      reachedFrom: [loadBalancerGroup],
      ports: [ec2.Port.HTTPS],
      sshFrom: [ec2.Peer.ipv4(administrators)],
      egress: [Outbound.HTTP, Outbound.HTTPS, Outbound.DNS],
    });

    const alerts = new EncryptedTopic(this, 'Alerts', { topicName: names.of('alerts'), encryptionKey });
    alerts.allowCloudWatchAlarms();
    subscribeIfGiven(alerts.topic, parameters.alertEmail());

    const logs = new EncryptedLogGroup(this, 'Logs', { encryptionKey, retention: logRetention, removalPolicy });
    const accessLogs = new LogBucket(this, 'AccessLogs', {
      purpose: LogPurpose.ACCESS_LOGS, bucketNamePrefix: names.of('access-logs'), logsKeptFor, removalPolicy,
    });
    const store = new EncryptedBucket(this, 'Store', {
      bucketName: names.ofBucket('secure-bucket'), encryptionKey, accessLogsBucket: accessLogs.bucket, removalPolicy,
    });

    const server = new MonitoredInstance(this, 'Server', {
      vpc,
      instanceType: new ec2.InstanceType(parameters.instanceType(ARCHITECTURE)),
      machineImage: LinuxImage.fromImageId(parameters.imageId(ARCHITECTURE)),
      securityGroups: [instanceGroup],
      encryptionKey,
      roleName: names.of('ec2-role'),
      baselinePolicyName: names.of('cloudwatch-policy'),
      logGroup: logs.logGroup,
      alarmTopic: alerts.topic,
      sessionManager: false,
      removalPolicy,
    });

    const reachability = ReachabilityCheck.of(this);
    reachability.noPath(NetworkPlace.INTERNET, NetworkPlace.subnets(vpc, { subnetGroupName: 'Private' }));
    reachability.onlyPaths(NetworkPlace.resource(server), [
      { from: NetworkPlace.securityGroup(loadBalancerGroup), ports: [ec2.Port.HTTPS] },
      // by name: nothing is taken for granted about what the operator will say
      { from: NetworkPlace.addresses(administrators), ports: [ec2.Port.SSH] },
    ]);

    detectThreats(this, props.stage, { topic: alerts.topic, encryptionKey });

    const storeAccess = new iam.ManagedPolicy(this, 'StoreAccess', {
      managedPolicyName: names.of('s3-access-policy'), description: 'What the instance does with its bucket', roles: [server.role],
    });
    const storeUse = objectUse(store.bucket);
    storeAccess.addStatements(new iam.PolicyStatement(storeUse));
    encryptionKey.grant(storeAccess, 'kms:Decrypt', 'kms:GenerateDataKey');
    store.bucket.addToResourcePolicy(new iam.PolicyStatement({ sid: 'AllowEC2RoleAccess', principals: [server.role], ...storeUse }));

    Annotations.of(this).acknowledgeWarning('secure-network:NET-02', 'one instance is in one zone whatever its network is (P-03)');
    Annotations.of(this).acknowledgeWarning('encrypted-storage:STO-10', 'the stage decides how long logs are kept (X-04, P-08)');
    completeHelperFunctions(this, { encryptionKey, logRetention, removalPolicy, failures: alerts.topic });
    tagEverything(this, {
      names, environment, project: 'tap-stack', owner: 'platform',
      resourceNames: new Map<IConstruct, string>([[vpc, 'vpc'], [server.role, 'ec2-role'], [store.bucket, 'secure-bucket'], [alerts.topic, 'alerts']]),
    });
    addOutputs(this, {
      VPCId: { value: vpc.vpcId, description: 'The network' },
      PublicSubnetId: { value: vpc.publicSubnets[0].subnetId, description: 'The subnet of the NAT gateway' },
      PrivateSubnetId: { value: vpc.privateSubnets[0].subnetId, description: 'The subnet of the instance' },
      EC2InstanceId: { value: server.instance.instanceId, description: 'The instance' },
      EC2RoleArn: { value: server.role.roleArn, description: 'The role of the instance' },
      InstanceSecurityGroupId: { value: instanceGroup.securityGroupId, description: 'The security group of the instance' },
      LoadBalancerSecurityGroupId: { value: loadBalancerGroup.securityGroupId, description: 'The security group that a load balancer has to join' },
      S3BucketName: { value: store.bucket.bucketName, description: 'The bucket of the instance' },
      AccessLogsBucketName: { value: accessLogs.bucket.bucketName, description: 'Who read and wrote the bucket' },
      KMSKeyId: { value: encryptionKey.keyId, description: 'The key that encrypts everything' },
      CloudWatchLogGroup: { value: logs.logGroup.logGroupName, description: 'What the instance logs' },
      AlertsTopicArn: { value: alerts.topic.topicArn, description: 'The topic of the alarms' },
      StackName: { value: Aws.STACK_NAME, description: 'The name of this stack' },
      EnvironmentSuffix: { value: suffix, description: 'The suffix in the names of this stack' },
    });
  }
}
