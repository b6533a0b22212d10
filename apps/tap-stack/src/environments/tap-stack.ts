import { DataEvents, DeploymentWatch, IdentityGuardrails, SecurityAlarms } from '@tapstack/audit-trail';
import { DataLake, ViaService } from '@tapstack/encrypted-storage';
import { FleetCapacity, FleetInstance, MonitoredApi, OperationsDashboard } from '@tapstack/monitored-compute';
import { Egress, NetworkPlace, Outbound, ReachabilityCheck, SecureVpc, TierKind, TierSecurityGroups } from '@tapstack/secure-network';
import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Names } from '../conventions/names';
import { objectUse } from '../conventions/object-use';
import { accessLogs } from '../parts/buckets';
import { recordConfiguration } from '../parts/configuration';
import { DATABASE_PORT, databaseOutputs, mySql } from '../parts/mysql';
import { networkOutputs } from '../parts/network-outputs';
import { keepRecords } from '../parts/record-keeping';
import { Servers } from '../parts/servers';
import { EnvironmentProps, EnvironmentStack } from './environment';

/**
 * All of it in one stack: what the other environments have, each thing once, and every package in use.
 *
 * One key serves what P-02 lists; the database and the trail have keys of their own (D-03). The instance in the public tier (B-03) is launched
 * as those of the fleet are, and is not one of them: it has nothing to do with the data.
 */
export class TapStack extends EnvironmentStack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props, {
      description: 'Network, fleet, database, data and API over two zones, audited, checked and watched', names: (suffix) => Names.byResource('tap', suffix),
    });

    const { logRetention, dataRemoval: removalPolicy } = this.stage;
    const encryptionKey = this.customerKey('Key', [ViaService.S3, ViaService.EBS, ViaService.SNS, ViaService.SQS, ViaService.LAMBDA]);
    const databaseKey = this.customerKey('DatabaseKey', [ViaService.RDS, ViaService.SECRETS_MANAGER]);
    // who may read the data cannot read what is recorded about them
    const auditKey = this.customerKey('AuditKey', [ViaService.S3]);

    const { vpc, flowLogs } = new SecureVpc(this, 'Network', {
      cidr: '10.0.0.0/16',
      tiers: [
        { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.1.0/24', '10.0.2.0/24'] },
        { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.3.0/24', '10.0.4.0/24'] },
        { name: 'Database', kind: TierKind.ISOLATED, cidrs: ['10.0.5.0/24', '10.0.6.0/24'] },
      ],
      egress: Egress.PER_ZONE,
      dynamoDbEndpoint: false,
      encryptionKey,
      flowLogRetention: logRetention,
      removalPolicy,
    });

    const tiers = new TierSecurityGroups(this, 'Tiers', { vpc });
    const administrators = this.parameters.allowedSshCidr();
    const sshFrom = [ec2.Peer.ipv4(administrators)];
    const publicGroup = tiers.addTier('Public', { sshFrom, egress: [Outbound.HTTPS] });
    // a load balancer needs a certificate, and a certificate a domain, which no template can bring
    const frontGroup = tiers.addTier('Front', { description: 'For a load balancer, or the link of an API, to come' });
    const instanceGroup = tiers.addTier('Instance', {
      reachedFrom: [frontGroup], ports: [ec2.Port.HTTPS], sshFrom, egress: [Outbound.HTTPS, Outbound.DNS],
    });
    const databaseGroup = tiers.addTier('Database', { reachedFrom: [instanceGroup], ports: [ec2.Port.tcp(DATABASE_PORT)] });

    const alerts = this.alertTopic(encryptionKey);
    const logging = accessLogs(this, 'Logging', 'logging');
    const { bucket: store } = new DataLake(this, 'Lake', {
      zones: [{ name: 'data', bucketNamePrefix: this.names.of('data-lake'), encryptionKey }], accessLogsBucket: logging, removalPolicy,
    }).zones.data;

    const fleet = new Servers(this, { vpc, encryptionKey, alerts }).addFleet('Fleet', {
      securityGroups: [instanceGroup], capacity: FleetCapacity.between(2, 4),
    });
    fleet.role.addToPrincipalPolicy(new iam.PolicyStatement(objectUse(store)));
    encryptionKey.grant(fleet, 'kms:Decrypt', 'kms:GenerateDataKey');
    const publicServer = new FleetInstance(this, 'PublicServer', { fleet, publicTier: true, securityGroups: [publicGroup] });

    const database = mySql(this, {
      vpc, subnets: { subnetGroupName: 'Database' }, securityGroups: [databaseGroup], encryptionKey: databaseKey, alerts, eventTopic: alerts,
    });
    const api = new MonitoredApi(this, 'Api', { apiName: this.names.of('api'), encryptionKey, logRetention, alarmTopic: alerts, removalPolicy });
    const data = api.addMock('data', '{"message":"no data yet"}');

    const reachability = ReachabilityCheck.of(this);
    const databaseTier = NetworkPlace.subnets(vpc, { subnetGroupName: 'Database' });
    reachability.noPath(NetworkPlace.INTERNET, NetworkPlace.subnets(vpc, { subnetGroupName: 'Private' }));
    reachability.noPath(NetworkPlace.INTERNET, databaseTier);
    reachability.noPath(databaseTier, NetworkPlace.INTERNET);
    // by name: nothing is taken for granted about what the operator will say
    const ssh = { from: NetworkPlace.addresses(administrators), ports: [ec2.Port.SSH] };
    reachability.onlyPaths(NetworkPlace.resource(publicServer), [ssh]);
    reachability.onlyPaths(NetworkPlace.resource(fleet), [{ from: NetworkPlace.securityGroup(frontGroup), ports: [ec2.Port.HTTPS] }, ssh]);
    reachability.onlyPaths(NetworkPlace.resource(database), [
      { from: NetworkPlace.securityGroup(instanceGroup), ports: [ec2.Port.tcp(DATABASE_PORT)] },
    ]);

    const { watch, audit } = keepRecords(this, {
      encryptionKey, auditKey, alerts, accessLogsBucket: logging, vpc, dataEvents: [DataEvents.ofBucket(store)],
    });
    const alarms = new SecurityAlarms(this, 'SecurityAlarms', {
      logGroup: audit.logGroup, topic: alerts, metricNamespace: this.names.of('security'),
    });
    const configuration = recordConfiguration(this, {
      encryptionKey, alerts, accessLogsBucket: logging,
      // each rule would be a resource, of which an environment takes no more than 200
      conformancePackName: this.names.of('checks'),
    });
    const deployments = new DeploymentWatch(this, 'Deployments', { topic: alerts, failedEvents: watch.failedEvents, removalPolicy });
    const identity = new IdentityGuardrails(this, 'Identity');
    new OperationsDashboard(this, 'Dashboard', { watched: fleet });

    Annotations.of(this).acknowledgeWarning('monitored-compute:CMP-01', 'one instance is in the public tier because B-03 asks for it');
    this.complete({
      encryptionKey,
      failures: alerts,
      resourceNames: [
        [vpc, 'vpc'], [alerts, 'alerts'], [audit.trail, 'trail'],
        [logging, 'logging'], [store, 'data-lake'], [audit.bucket, 'cloudtrail'], [configuration.bucket!, 'config'],
      ],
      outputs: {
        ...networkOutputs(vpc),
        FlowLogGroup: { value: flowLogs.logGroup!.logGroupName, description: 'The traffic of the network' },
        PublicSecurityGroupId: { value: publicGroup.securityGroupId, description: 'The security group of the public instance' },
        FrontSecurityGroupId: { value: frontGroup.securityGroupId, description: 'The security group that a load balancer, or the link of an API, has to join' },
        InstanceSecurityGroupId: { value: instanceGroup.securityGroupId, description: 'The security group of the instances' },
        DatabaseSecurityGroupId: { value: databaseGroup.securityGroupId, description: 'The security group of the database' },
        PublicInstanceId: { value: publicServer.instance.instanceId, description: 'The instance in the public tier' },
        PublicInstanceRoleArn: { value: publicServer.role.roleArn, description: 'The role of the instance in the public tier' },
        FleetName: { value: fleet.group!.autoScalingGroupName, description: 'The instances, two at least, over both zones' },
        InstanceRoleArn: { value: fleet.role.roleArn, description: 'The role of the instances' },
        InstanceLogGroup: { value: fleet.logGroup.logGroupName, description: 'What the instances log' },
        ...databaseOutputs(database),
        SecureStorageBucketName: { value: store.bucketName, description: 'The bucket of the instances' },
        DataLakeBucketName: { value: store.bucketName, description: 'The same, by the name that it has where there is a lake' },
        LoggingBucketName: { value: logging.bucketName, description: 'Who read and wrote the other buckets' },
        CloudTrailBucketName: { value: audit.bucket.bucketName, description: 'The log files of the trail' },
        ConfigBucketName: { value: configuration.bucket!.bucketName, description: 'The configurations that AWS Config recorded, where it delivers them here' },
        KMSKeyId: { value: encryptionKey.keyId, description: 'The key of the data, the volumes, the logs and the alerts' },
        DatabaseKeyId: { value: databaseKey.keyId, description: 'The key of the database, its secret and its logs' },
        AuditKeyId: { value: auditKey.keyId, description: 'The key of what the trail records' },
        ApiId: { value: api.api.restApiId, description: 'The API' },
        ApiUrl: { value: api.api.urlForPath('/data'), description: 'Where the API answers those who sign' },
        ApiMethodArn: { value: data.methodArn, description: 'What execute-api:Invoke has to be allowed on' },
        TrailArn: { value: audit.trail.trailArn, description: 'The trail of all API calls, and of the use of the data' },
        TrailLogGroup: { value: audit.logGroup.logGroupName, description: 'The events of the trail' },
        SecurityAlarmsNamespace: { value: alarms.metricNamespace, description: 'The namespace of what the security alarms count' },
        SecurityChangeFunctionArn: { value: watch.function.functionArn, description: 'The function that tells about changes of security groups' },
        FailedEventsQueueUrl: { value: watch.failedEvents.queueUrl, description: 'What could not be told' },
        DeploymentFailuresRuleArn: { value: deployments.failures.ruleArn, description: 'The rule that listens to stacks that fail' },
        AlertsTopicArn: { value: alerts.topicArn, description: 'The topic of alarms and security alerts' },
        MFAGroupName: { value: identity.group.groupName, description: 'The group whose members must use MFA' },
        MFAPolicyArn: { value: identity.mfaPolicy.managedPolicyArn, description: 'The policy that denies what is done without MFA' },
      },
    });
  }
}
