import { DataLake, ViaService } from '@tapstack/encrypted-storage';
import { MonitoredApi } from '@tapstack/monitored-compute';
import { Egress, NetworkPlace, Outbound, ReachabilityCheck, SecureVpc, TierKind, TierSecurityGroups } from '@tapstack/secure-network';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Names } from '../conventions/names';
import { objectUse } from '../conventions/object-use';
import { accessLogs } from '../parts/buckets';
import { DATABASE_PORT, databaseOutputs, mySql } from '../parts/mysql';
import { networkOutputs } from '../parts/network-outputs';
import { keepRecords } from '../parts/record-keeping';
import { Servers } from '../parts/servers';
import { EnvironmentProps, EnvironmentStack } from './environment';

/** Data that is kept, worked on and served: a lake, instances and a database in three tiers, an API, and a record of it all (D-01 to D-10). */
export class DataPlatform extends EnvironmentStack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props, {
      description: 'A data lake, instances and a database in three tiers, and an API', names: (suffix) => Names.byResource('tap', suffix),
    });

    const { logRetention, dataRemoval: removalPolicy } = this.stage;

    // who may read the data cannot read what is recorded about them, and the other way around
    const storageKey = this.customerKey('StorageKey', [ViaService.S3, ViaService.EBS]);
    const databaseKey = this.customerKey('DatabaseKey', [ViaService.RDS, ViaService.SECRETS_MANAGER]);
    const auditKey = this.customerKey('AuditKey', [ViaService.S3, ViaService.SNS, ViaService.SQS, ViaService.LAMBDA]);

    const { vpc } = new SecureVpc(this, 'Network', {
      cidr: '10.0.0.0/16',
      tiers: [
        { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.1.0/24', '10.0.2.0/24'] },
        { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.3.0/24', '10.0.4.0/24'] },
        { name: 'Database', kind: TierKind.ISOLATED, cidrs: ['10.0.5.0/24', '10.0.6.0/24'] },
      ],
      egress: Egress.PER_ZONE,
      dynamoDbEndpoint: false,
      encryptionKey: auditKey,
      flowLogRetention: logRetention,
      removalPolicy,
    });

    const tiers = new TierSecurityGroups(this, 'Tiers', { vpc });
    const frontGroup = tiers.addTier('Front', { description: 'For a load balancer, or the link of an API, to come' });
    const instanceGroup = tiers.addTier('Instance', { reachedFrom: [frontGroup], ports: [ec2.Port.HTTPS], egress: [Outbound.HTTPS, Outbound.DNS] });
    const databaseGroup = tiers.addTier('Database', { reachedFrom: [instanceGroup], ports: [ec2.Port.tcp(DATABASE_PORT)] });

    const alerts = this.alertTopic(auditKey);
    const logging = accessLogs(this, 'Logging', 'logging');
    const { bucket: lake } = new DataLake(this, 'Lake', {
      zones: [{ name: 'data', bucketNamePrefix: this.names.of('data-lake'), encryptionKey: storageKey }], accessLogsBucket: logging, removalPolicy,
    }).zones.data;

    const fleet = new Servers(this, { vpc, encryptionKey: storageKey, logsKey: auditKey, alerts }).addFleet('Fleet', { securityGroups: [instanceGroup] });
    fleet.role.addToPrincipalPolicy(new iam.PolicyStatement(objectUse(lake)));
    storageKey.grant(fleet, 'kms:Decrypt', 'kms:GenerateDataKey');

    const database = mySql(this, {
      vpc, subnets: { subnetGroupName: 'Database' }, securityGroups: [databaseGroup], encryptionKey: databaseKey, alerts, eventTopic: alerts,
    });

    const api = new MonitoredApi(this, 'Api', { apiName: this.names.of('api'), encryptionKey: auditKey, logRetention, alarmTopic: alerts, removalPolicy });
    const data = api.addMock('data', '{"message":"no data yet"}');

    const reachability = ReachabilityCheck.of(this);
    const databaseTier = NetworkPlace.subnets(vpc, { subnetGroupName: 'Database' });
    reachability.noPath(NetworkPlace.INTERNET, NetworkPlace.subnets(vpc, { subnetGroupName: 'Private' }));
    reachability.noPath(NetworkPlace.INTERNET, databaseTier);
    reachability.noPath(databaseTier, NetworkPlace.INTERNET);
    reachability.onlyPaths(NetworkPlace.resource(fleet), [{ from: NetworkPlace.securityGroup(frontGroup), ports: [ec2.Port.HTTPS] }]);
    reachability.onlyPaths(NetworkPlace.resource(database), [
      { from: NetworkPlace.securityGroup(instanceGroup), ports: [ec2.Port.tcp(DATABASE_PORT)] },
    ]);

    const { watch, audit } = keepRecords(this, { encryptionKey: auditKey, alerts, accessLogsBucket: logging, vpc });

    const [first, second] = fleet.instances;
    this.complete({
      encryptionKey: auditKey,
      failures: alerts,
      resourceNames: [
        [vpc, 'vpc'], [api.api, 'api'], [alerts, 'alerts'], [audit.trail, 'trail'], [logging, 'logging'], [lake, 'data-lake'], [audit.bucket, 'cloudtrail'],
      ],
      outputs: {
        ...networkOutputs(vpc),
        FrontSecurityGroupId: { value: frontGroup.securityGroupId, description: 'The security group that a load balancer, or the link of an API, has to join' },
        InstanceSecurityGroupId: { value: instanceGroup.securityGroupId, description: 'The security group of the instances' },
        DatabaseSecurityGroupId: { value: databaseGroup.securityGroupId, description: 'The security group of the database' },
        DataLakeBucketName: { value: lake.bucketName, description: 'The data' },
        LoggingBucketName: { value: logging.bucketName, description: 'Who read and wrote the other buckets' },
        CloudTrailBucketName: { value: audit.bucket.bucketName, description: 'The log files of the trail' },
        StorageKeyId: { value: storageKey.keyId, description: 'The key of the data, and of the volumes of the instances' },
        DatabaseKeyId: { value: databaseKey.keyId, description: 'The key of the database, its secret and its logs' },
        AuditKeyId: { value: auditKey.keyId, description: 'The key of the trail, and of whatever else records and tells' },
        LaunchTemplateId: { value: fleet.launchTemplate.launchTemplateId!, description: 'What the instances are launched from' },
        Instance1Id: { value: first.instanceId, description: 'The instance in the first zone' },
        Instance2Id: { value: second.instanceId, description: 'The instance in the second zone' },
        InstanceRoleArn: { value: fleet.role.roleArn, description: 'The role of the instances' },
        InstanceLogGroup: { value: fleet.logGroup.logGroupName, description: 'What the instances log' },
        ...databaseOutputs(database),
        ApiId: { value: api.api.restApiId, description: 'The API' },
        ApiUrl: { value: api.api.urlForPath('/data'), description: 'Where the API answers those who sign' },
        ApiMethodArn: { value: data.methodArn, description: 'What execute-api:Invoke has to be allowed on' },
        ApiAccessLogGroup: { value: api.accessLogGroup.logGroupName, description: 'Who asked the API for what' },
        TrailArn: { value: audit.trail.trailArn, description: 'The trail of all API calls' },
        TrailLogGroup: { value: audit.logGroup.logGroupName, description: 'The events of the trail' },
        SecurityChangeFunctionArn: { value: watch.function.functionArn, description: 'The function that tells about changes of security groups' },
        FailedEventsQueueUrl: { value: watch.failedEvents.queueUrl, description: 'The changes that could not be told' },
        AlertsTopicArn: { value: alerts.topicArn, description: 'The topic of alarms, and of what happens to security groups, trail and database' },
      },
    });
  }
}
