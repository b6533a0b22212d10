import { IdentityGuardrails } from '@tapstack/audit-trail';
import { ViaService } from '@tapstack/encrypted-storage';
import { Egress, NetworkPlace, Outbound, ReachabilityCheck, SecureVpc, TierKind, TierSecurityGroups } from '@tapstack/secure-network';
import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Names } from '../conventions/names';
import { objectUse } from '../conventions/object-use';
import { accessLogs, secureStorage } from '../parts/buckets';
import { DATABASE_PORT, databaseOutputs, mySql } from '../parts/mysql';
import { networkOutputs } from '../parts/network-outputs';
import { keepRecords } from '../parts/record-keeping';
import { Servers } from '../parts/servers';
import { EnvironmentProps, EnvironmentStack, EnvironmentTraits } from './environment';

const TRAITS: EnvironmentTraits = {
  description: 'Instances, database and buckets over two zones, audited and watched',
  names: (suffix) => Names.byResource('tap', suffix),
};

/** A secure slice of an account over two zones: what runs in it, what it keeps, and who hears of what happens to it (B-01 to B-15). */
export class Baseline extends EnvironmentStack {
  protected readonly encryptionKey: kms.Key;
  protected readonly alerts: sns.Topic;
  protected readonly logging: s3.Bucket;
  protected readonly failedEvents: sqs.IQueue;

  constructor(scope: Construct, id: string, props: EnvironmentProps, traits = TRAITS) {
    super(scope, id, props, traits);

    const encryptionKey = this.encryptionKey = this.customerKey('Key', [
      ViaService.S3, ViaService.EBS, ViaService.SNS, ViaService.SQS, ViaService.RDS, ViaService.SECRETS_MANAGER, ViaService.LAMBDA,
    ]);

    const { vpc } = new SecureVpc(this, 'Network', {
      cidr: '10.0.0.0/16',
      tiers: [
        { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.1.0/24', '10.0.2.0/24'] },
        { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.3.0/24', '10.0.4.0/24'] },
      ],
      egress: Egress.PER_ZONE,
      dynamoDbEndpoint: false,
      encryptionKey,
      flowLogRetention: this.stage.logRetention,
      removalPolicy: this.stage.dataRemoval,
    });

    const tiers = new TierSecurityGroups(this, 'Tiers', { vpc });
    const administrators = this.parameters.allowedSshCidr();
    const compute = { sshFrom: [ec2.Peer.ipv4(administrators)], egress: [Outbound.HTTPS, Outbound.DNS] };
    const publicGroup = tiers.addTier('Public', compute);
    const privateGroup = tiers.addTier('Private', compute);
    const databaseGroup = tiers.addTier('Database', { reachedFrom: [publicGroup, privateGroup], ports: [ec2.Port.tcp(DATABASE_PORT)] });

    const alerts = this.alerts = this.alertTopic(encryptionKey);
    const logging = this.logging = accessLogs(this, 'Logging', 'logging');
    const store = secureStorage(this, encryptionKey, logging);

    const servers = new Servers(this, { vpc, encryptionKey, alerts });
    const publicServer = servers.add('PublicServer', { publicTier: true, securityGroups: [publicGroup] });
    const privateServer = servers.add('PrivateServer', { securityGroups: [privateGroup] });
    privateServer.role.addToPrincipalPolicy(new iam.PolicyStatement(objectUse(store)));
    encryptionKey.grant(privateServer, 'kms:Decrypt', 'kms:GenerateDataKey');

    const database = mySql(this, {
      vpc, subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [databaseGroup], encryptionKey, alerts,
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

    const { watch, audit } = keepRecords(this, { encryptionKey, alerts, accessLogsBucket: logging, vpc });
    this.failedEvents = watch.failedEvents;
    const identity = new IdentityGuardrails(this, 'Identity');

    Annotations.of(this).acknowledgeWarning('monitored-compute:CMP-01', 'one instance is in the public tier because B-03 asks for it');
    this.complete({
      encryptionKey,
      failures: alerts,
      resourceNames: [
        [vpc, 'vpc'], [alerts, 'alerts'], [audit.trail, 'trail'], [logging, 'logging'], [store, 'secure-storage'], [audit.bucket, 'cloudtrail'],
      ],
      outputs: {
        ...networkOutputs(vpc),
        PublicSecurityGroupId: { value: publicGroup.securityGroupId, description: 'The security group of the public instance' },
        PrivateSecurityGroupId: { value: privateGroup.securityGroupId, description: 'The security group of the private instance' },
        DatabaseSecurityGroupId: { value: databaseGroup.securityGroupId, description: 'The security group of the database' },
        PublicInstanceId: { value: publicServer.instance.instanceId, description: 'The instance in the public tier' },
        PublicInstanceRoleArn: { value: publicServer.role.roleArn, description: 'The role of the instance in the public tier' },
        PublicInstanceLogGroup: { value: publicServer.logGroup.logGroupName, description: 'What the instance in the public tier logs' },
        PrivateInstanceId: { value: privateServer.instance.instanceId, description: 'The instance in the private tier' },
        PrivateInstanceRoleArn: { value: privateServer.role.roleArn, description: 'The role of the instance in the private tier' },
        PrivateInstanceLogGroup: { value: privateServer.logGroup.logGroupName, description: 'What the instance in the private tier logs' },
        ...databaseOutputs(database),
        SecureStorageBucketName: { value: store.bucketName, description: 'The bucket of the private instance' },
        LoggingBucketName: { value: logging.bucketName, description: 'Who read and wrote the other buckets' },
        CloudTrailBucketName: { value: audit.bucket.bucketName, description: 'The log files of the trail' },
        KMSKeyId: { value: encryptionKey.keyId, description: 'The key that encrypts everything' },
        TrailArn: { value: audit.trail.trailArn, description: 'The trail of all API calls' },
        TrailLogGroup: { value: audit.logGroup.logGroupName, description: 'The events of the trail' },
        SecurityChangeFunctionArn: { value: watch.function.functionArn, description: 'The function that tells about changes of security groups' },
        SecurityChangeRuleArn: { value: watch.securityGroupChanges.ruleArn, description: 'The rule that listens to changes of security groups' },
        FailedEventsQueueUrl: { value: watch.failedEvents.queueUrl, description: 'The changes that could not be told' },
        AlertsTopicArn: { value: alerts.topicArn, description: 'The topic of alarms and security alerts' },
        MFAGroupName: { value: identity.group.groupName, description: 'The group whose members must use MFA' },
        MFAPolicyArn: { value: identity.mfaPolicy.managedPolicyArn, description: 'The policy that denies what is done without MFA' },
      },
    });
  }
}
