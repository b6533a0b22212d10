import { DataEvents, SecurityAlarms } from '@tapstack/audit-trail';
import { ViaService } from '@tapstack/encrypted-storage';
import { Egress, NetworkPlace, Outbound, ReachabilityCheck, SecureVpc, TierKind, TierSecurityGroups } from '@tapstack/secure-network';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Names } from '../conventions/names';
import { objectUse } from '../conventions/object-use';
import { accessLogs, secureStorage } from '../parts/buckets';
import { recordConfiguration } from '../parts/configuration';
import { DATABASE_PORT, databaseOutputs, mySql } from '../parts/mysql';
import { networkOutputs } from '../parts/network-outputs';
import { keepRecords } from '../parts/record-keeping';
import { Servers } from '../parts/servers';
import { EnvironmentProps, EnvironmentStack } from './environment';

/**
 * A workload that can show what happened to it: every resource recorded and checked, every use of its data on record, and an alarm
 * for whatever CIS asks to be told about (C-01 to C-11).
 */
export class Compliance extends EnvironmentStack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props, {
      description: 'A server, its database and its data, recorded, checked and alarmed on', names: (suffix) => Names.byResource('tap', suffix),
    });

    const encryptionKey = this.customerKey('Key', [
      ViaService.S3, ViaService.EBS, ViaService.SNS, ViaService.SQS, ViaService.RDS, ViaService.SECRETS_MANAGER, ViaService.LAMBDA,
    ]);

    const { vpc, flowLogs } = new SecureVpc(this, 'Network', {
      cidr: '10.0.0.0/16',
      tiers: [
        { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.0.0/24', '10.0.1.0/24'] },
        { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.2.0/24', '10.0.3.0/24'] },
      ],
      egress: Egress.PER_ZONE,
      dynamoDbEndpoint: false,
      encryptionKey,
      flowLogRetention: this.stage.logRetention,
      removalPolicy: this.stage.dataRemoval,
    });

    const tiers = new TierSecurityGroups(this, 'Tiers', { vpc });
    const administrators = this.parameters.allowedSshCidr();
    const serverGroup = tiers.addTier('Server', { sshFrom: [ec2.Peer.ipv4(administrators)], egress: [Outbound.HTTPS, Outbound.DNS] });
    const databaseGroup = tiers.addTier('Database', { reachedFrom: [serverGroup], ports: [ec2.Port.tcp(DATABASE_PORT)] });

    const alerts = this.alertTopic(encryptionKey);
    const logging = accessLogs(this, 'Logging', 'logging');
    const store = secureStorage(this, encryptionKey, logging);

    const server = new Servers(this, { vpc, encryptionKey, alerts }).add('Server', {
      securityGroups: [serverGroup], logFiles: ['/var/log/application.log'],
    });
    server.role.addToPrincipalPolicy(new iam.PolicyStatement(objectUse(store)));
    encryptionKey.grant(server, 'kms:Decrypt', 'kms:GenerateDataKey');

    const database = mySql(this, {
      vpc, subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [databaseGroup], encryptionKey, alerts,
    });

    const reachability = ReachabilityCheck.of(this);
    reachability.noPath(NetworkPlace.INTERNET, NetworkPlace.subnets(vpc, { subnetGroupName: 'Private' }));
    // by name: nothing is taken for granted about what the operator will say
    reachability.onlyPaths(NetworkPlace.resource(server), [{ from: NetworkPlace.addresses(administrators), ports: [ec2.Port.SSH] }]);
    reachability.onlyPaths(NetworkPlace.resource(database), [
      { from: NetworkPlace.securityGroup(serverGroup), ports: [ec2.Port.tcp(DATABASE_PORT)] },
    ]);
    reachability.noPath(NetworkPlace.resource(database), NetworkPlace.INTERNET);

    const { watch, audit } = keepRecords(this, {
      encryptionKey, alerts, accessLogsBucket: logging, vpc, dataEvents: [DataEvents.ofBucket(store)],
    });
    const alarms = new SecurityAlarms(this, 'SecurityAlarms', { logGroup: audit.logGroup, topic: alerts, metricNamespace: this.names.of('security') });
    const configuration = recordConfiguration(this, { encryptionKey, alerts, accessLogsBucket: logging });

    this.complete({
      encryptionKey,
      failures: alerts,
      resourceNames: [
        [vpc, 'vpc'], [alerts, 'alerts'], [audit.trail, 'trail'], [logging, 'logging'], [store, 'secure-storage'], [audit.bucket, 'cloudtrail'],
        [configuration.bucket!, 'config'],
      ],
      outputs: {
        ...networkOutputs(vpc),
        FlowLogGroup: { value: flowLogs.logGroup!.logGroupName, description: 'The traffic of the network' },
        ServerSecurityGroupId: { value: serverGroup.securityGroupId, description: 'The security group of the server' },
        DatabaseSecurityGroupId: { value: databaseGroup.securityGroupId, description: 'The security group of the database' },
        ServerInstanceId: { value: server.instance.instanceId, description: 'The server' },
        ServerRoleArn: { value: server.role.roleArn, description: 'The role of the server' },
        ApplicationLogGroup: { value: server.logGroup.logGroupName, description: 'What the server and its application log' },
        ...databaseOutputs(database),
        SecureStorageBucketName: { value: store.bucketName, description: 'The bucket of the server' },
        LoggingBucketName: { value: logging.bucketName, description: 'Who read and wrote the other buckets' },
        CloudTrailBucketName: { value: audit.bucket.bucketName, description: 'The log files of the trail' },
        ConfigBucketName: { value: configuration.bucket!.bucketName, description: 'The configurations that AWS Config recorded, where it delivers them here' },
        KMSKeyId: { value: encryptionKey.keyId, description: 'The key that encrypts everything' },
        TrailArn: { value: audit.trail.trailArn, description: 'The trail of all API calls, and of the use of the secure storage' },
        TrailLogGroup: { value: audit.logGroup.logGroupName, description: 'The events of the trail' },
        SecurityAlarmsNamespace: { value: alarms.metricNamespace, description: 'The namespace of what the security alarms count' },
        SecurityChangeFunctionArn: { value: watch.function.functionArn, description: 'The function that tells about changes of security groups' },
        FailedEventsQueueUrl: { value: watch.failedEvents.queueUrl, description: 'The changes that could not be told' },
        AlertsTopicArn: { value: alerts.topicArn, description: 'The topic of alarms and security alerts' },
      },
    });
  }
}
