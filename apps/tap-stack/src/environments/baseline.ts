import { AuditTrail, IdentityGuardrails, SecurityChangeWatch } from '@tapstack/audit-trail';
import { EncryptedBucket, EncryptedDatabase, EncryptedLogGroup, EncryptedTopic, EncryptionKey, LogBucket, LogPurpose, ViaService } from '@tapstack/encrypted-storage';
import { LinuxImage, MonitoredInstance, MonitoredInstanceProps } from '@tapstack/monitored-compute';
import { Egress, NetworkPlace, Outbound, ReachabilityCheck, SecureVpc, TierKind, TierSecurityGroups } from '@tapstack/secure-network';
import { Annotations, Aws, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
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

/** Not the usual port of MySQL, which is tried first. */
const DATABASE_PORT = 13306;

/** A secure slice of an account over two zones: what runs in it, what it keeps, and who hears of what happens to it (B-01 to B-15). */
export class Baseline extends Stack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, {
      ...props, description: 'Instances, database and buckets over two zones, audited and watched', terminationProtection: props.stage.terminationProtection,
    });

    const { stage } = props;
    const { dataRemoval: removalPolicy, logRetention, logsKeptFor } = stage;
    const parameters = new Parameters(this);
    const suffix = parameters.environmentSuffix();
    const environment = parameters.environment();
    const names = Names.byResource('tap', suffix);

    const { key: encryptionKey } = new EncryptionKey(this, 'Key', {
      onlyVia: [ViaService.S3, ViaService.EBS, ViaService.SNS, ViaService.SQS, ViaService.RDS, ViaService.SECRETS_MANAGER, ViaService.LAMBDA],
      removalPolicy,
      pendingWindow: stage.keyPendingWindow,
    });

    const { vpc } = new SecureVpc(this, 'Network', {
      cidr: '10.0.0.0/16',
      tiers: [
        { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.1.0/24', '10.0.2.0/24'] },
        { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.3.0/24', '10.0.4.0/24'] },
      ],
      egress: Egress.PER_ZONE,
      encryptionKey,
      flowLogRetention: logRetention,
      removalPolicy,
    });

    const tiers = new TierSecurityGroups(this, 'Tiers', { vpc });
    const administrators = parameters.allowedSshCidr();
    const compute = { sshFrom: [ec2.Peer.ipv4(administrators)], egress: [Outbound.HTTPS, Outbound.DNS] };
    const publicGroup = tiers.addTier('Public', compute);
    const privateGroup = tiers.addTier('Private', compute);
    const databaseGroup = tiers.addTier('Database', { reachedFrom: [publicGroup, privateGroup], ports: [ec2.Port.tcp(DATABASE_PORT)] });

    const alerts = new EncryptedTopic(this, 'Alerts', { encryptionKey });
    alerts.allowCloudWatchAlarms();
    subscribeIfGiven(alerts.topic, parameters.alertEmail());

    const logging = new LogBucket(this, 'Logging', {
      purpose: LogPurpose.ACCESS_LOGS, bucketNamePrefix: names.of('logging'), logsKeptFor, removalPolicy,
    });
    const store = new EncryptedBucket(this, 'SecureStorage', {
      bucketNamePrefix: names.of('secure-storage'), encryptionKey, accessLogsBucket: logging.bucket, removalPolicy,
    });

    const instanceType = new ec2.InstanceType(parameters.instanceType(ARCHITECTURE));
    const machineImage = LinuxImage.fromImageId(parameters.imageId(ARCHITECTURE));
    const server = (serverId: string, where: Pick<MonitoredInstanceProps, 'publicTier' | 'securityGroups'>) => new MonitoredInstance(this, serverId, {
      vpc,
      ...where,
      instanceType,
      machineImage,
      encryptionKey,
      logGroup: new EncryptedLogGroup(this, `${serverId}Logs`, { encryptionKey, retention: logRetention, removalPolicy }).logGroup,
      alarmTopic: alerts.topic,
      removalPolicy,
    });
    const publicServer = server('PublicServer', { publicTier: true, securityGroups: [publicGroup] });
    const privateServer = server('PrivateServer', { securityGroups: [privateGroup] });
    privateServer.role.addToPrincipalPolicy(new iam.PolicyStatement(objectUse(store.bucket)));
    encryptionKey.grant(privateServer, 'kms:Decrypt', 'kms:GenerateDataKey');

    const database = new EncryptedDatabase(this, 'Database', {
      vpc,
      subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [databaseGroup],
      port: DATABASE_PORT,
      administratorName: parameters.databaseUsername(),
      encryptionKey,
      multiAz: stage.databaseMultiAz,
      backupRetention: stage.databaseBackupRetention,
      logRetention,
      alarmTopic: alerts.topic,
      removalPolicy,
    });

    const reachability = ReachabilityCheck.of(this);
    // by name: nothing is taken for granted about what the operator will say
    const ssh = { from: NetworkPlace.addresses(administrators), ports: [ec2.Port.SSH] };
    reachability.noPath(NetworkPlace.INTERNET, NetworkPlace.subnets(vpc, { subnetGroupName: 'Private' }));
    reachability.onlyPaths(NetworkPlace.resource(publicServer), [ssh]);
    reachability.onlyPaths(NetworkPlace.resource(privateServer), [ssh]);
    reachability.onlyPaths(NetworkPlace.resource(database), [publicGroup, privateGroup].map((group) => (
      { from: NetworkPlace.securityGroup(group), ports: [ec2.Port.tcp(DATABASE_PORT)] }
    )));
    reachability.noPath(NetworkPlace.resource(database), NetworkPlace.INTERNET);

    const watch = new SecurityChangeWatch(this, 'Watch', { topic: alerts.topic, encryptionKey, vpc, retention: logRetention, removalPolicy });
    const audit = new AuditTrail(this, 'Audit', {
      trailName: names.of('trail'),
      encryptionKey,
      bucketNamePrefix: names.of('cloudtrail'),
      accessLogsBucket: logging.bucket,
      retention: stage.trailRetention,
      logFilesKeptFor: logsKeptFor,
      objectLock: stage.archiveLocked ? s3.ObjectLockRetention.compliance(logsKeptFor) : undefined,
      topic: alerts.topic,
      failedEvents: watch.failedEvents,
      removalPolicy,
    });
    detectThreats(this, stage, { topic: alerts.topic, encryptionKey, failedEvents: watch.failedEvents });
    const identity = new IdentityGuardrails(this, 'Identity');

    Annotations.of(this).acknowledgeWarning('encrypted-storage:STO-10', 'the stage decides how long logs are kept (X-04)');
    Annotations.of(this).acknowledgeWarning('encrypted-storage:STO-20', 'the stage decides whether the database has a standby (X-04)');
    Annotations.of(this).acknowledgeWarning('monitored-compute:CMP-01', 'one instance is in the public tier because B-03 asks for it');
    completeHelperFunctions(this, { encryptionKey, logRetention, removalPolicy, failures: alerts.topic });
    tagEverything(this, {
      names, environment, project: 'tap-stack', owner: 'platform',
      resourceNames: new Map<IConstruct, string>([
        [vpc, 'vpc'], [alerts.topic, 'alerts'], [audit.trail, 'trail'],
        [logging.bucket, 'logging'], [store.bucket, 'secure-storage'], [audit.bucket, 'cloudtrail'],
      ]),
    });
    addOutputs(this, {
      VPCId: { value: vpc.vpcId, description: 'The network' },
      PublicSubnet1Id: { value: vpc.publicSubnets[0].subnetId, description: 'The public subnet of the first zone' },
      PublicSubnet2Id: { value: vpc.publicSubnets[1].subnetId, description: 'The public subnet of the second zone' },
      PrivateSubnet1Id: { value: vpc.privateSubnets[0].subnetId, description: 'The private subnet of the first zone' },
      PrivateSubnet2Id: { value: vpc.privateSubnets[1].subnetId, description: 'The private subnet of the second zone' },
      PublicSecurityGroupId: { value: publicGroup.securityGroupId, description: 'The security group of the public instance' },
      PrivateSecurityGroupId: { value: privateGroup.securityGroupId, description: 'The security group of the private instance' },
      DatabaseSecurityGroupId: { value: databaseGroup.securityGroupId, description: 'The security group of the database' },
      PublicInstanceId: { value: publicServer.instance.instanceId, description: 'The instance in the public tier' },
      PublicInstanceRoleArn: { value: publicServer.role.roleArn, description: 'The role of the instance in the public tier' },
      PublicInstanceLogGroup: { value: publicServer.logGroup.logGroupName, description: 'What the instance in the public tier logs' },
      PrivateInstanceId: { value: privateServer.instance.instanceId, description: 'The instance in the private tier' },
      PrivateInstanceRoleArn: { value: privateServer.role.roleArn, description: 'The role of the instance in the private tier' },
      PrivateInstanceLogGroup: { value: privateServer.logGroup.logGroupName, description: 'What the instance in the private tier logs' },
      DatabaseInstanceId: { value: database.instance.instanceIdentifier, description: 'The database' },
      DatabaseEndpoint: { value: database.instance.dbInstanceEndpointAddress, description: 'The host name of the database' },
      DatabasePort: { value: database.instance.dbInstanceEndpointPort, description: 'The port of the database' },
      DatabaseSecretArn: { value: database.secret.secretArn, description: 'The secret that RDS keeps the password of the administrator in' },
      SecureStorageBucketName: { value: store.bucket.bucketName, description: 'The bucket of the private instance' },
      LoggingBucketName: { value: logging.bucket.bucketName, description: 'Who read and wrote the other buckets' },
      CloudTrailBucketName: { value: audit.bucket.bucketName, description: 'The log files of the trail' },
      KMSKeyId: { value: encryptionKey.keyId, description: 'The key that encrypts everything' },
      TrailArn: { value: audit.trail.trailArn, description: 'The trail of all API calls' },
      TrailLogGroup: { value: audit.logGroup.logGroupName, description: 'The events of the trail' },
      SecurityChangeFunctionArn: { value: watch.function.functionArn, description: 'The function that tells about changes of security groups' },
      SecurityChangeRuleArn: { value: watch.securityGroupChanges.ruleArn, description: 'The rule that listens to changes of security groups' },
      FailedEventsQueueUrl: { value: watch.failedEvents.queueUrl, description: 'The changes that could not be told' },
      AlertsTopicArn: { value: alerts.topic.topicArn, description: 'The topic of alarms and security alerts' },
      MFAGroupName: { value: identity.group.groupName, description: 'The group whose members must use MFA' },
      MFAPolicyArn: { value: identity.mfaPolicy.managedPolicyArn, description: 'The policy that denies what is done without MFA' },
      StackName: { value: Aws.STACK_NAME, description: 'The name of this stack' },
      EnvironmentSuffix: { value: suffix, description: 'The suffix in the names of this stack' },
    });
  }
}
