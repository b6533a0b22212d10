import { EncryptedBucket, EncryptedLogGroup, ViaService } from '@tapstack/encrypted-storage';
import { Egress, NetworkPlace, Outbound, ReachabilityCheck, SecureVpc, TierKind, TierSecurityGroups } from '@tapstack/secure-network';
import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Names } from '../conventions/names';
import { objectUse } from '../conventions/object-use';
import { detectThreats } from '../conventions/threat-detection';
import { accessLogs } from '../parts/buckets';
import { Servers } from '../parts/servers';
import { EnvironmentProps, EnvironmentStack } from './environment';

/** One instance nobody on the internet reaches, its bucket, and the alarms that say when it needs help (P-01 to P-10). */
export class PrivateWorkload extends EnvironmentStack {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props, {
      description: 'A private instance with its encrypted bucket, logs and alarms', names: (suffix) => Names.bySuffix('prod', suffix),
    });

    const { dataRemoval: removalPolicy, logRetention } = props.stage;
    const encryptionKey = this.customerKey('Key', [ViaService.S3, ViaService.EBS, ViaService.SNS]);

    const { vpc } = new SecureVpc(this, 'Network', {
      cidr: '10.0.0.0/16',
      tiers: [
        { name: 'Public', kind: TierKind.PUBLIC, cidrs: ['10.0.1.0/24'] },
        { name: 'Private', kind: TierKind.PRIVATE, cidrs: ['10.0.2.0/24'] },
      ],
      singleZone: true,
      egress: Egress.SINGLE,
      dynamoDbEndpoint: false,
      encryptionKey,
      flowLogRetention: logRetention,
      removalPolicy,
    });

    const administrators = this.parameters.allowedSshCidr();
    const tiers = new TierSecurityGroups(this, 'Tiers', { vpc });
    const loadBalancerGroup = tiers.addTier('LoadBalancer', { description: 'For a load balancer to come' });
    const instanceGroup = tiers.addTier('Instance', {
      reachedFrom: [loadBalancerGroup],
      ports: [ec2.Port.HTTPS],
      sshFrom: [ec2.Peer.ipv4(administrators)],
      egress: [Outbound.HTTP, Outbound.HTTPS, Outbound.DNS],
    });

    const alerts = this.alertTopic(encryptionKey, this.names.of('alerts'));
    const { logGroup } = new EncryptedLogGroup(this, 'Logs', { encryptionKey, retention: logRetention, removalPolicy });
    const logging = accessLogs(this, 'AccessLogs', 'access-logs');
    const store = new EncryptedBucket(this, 'Store', {
      bucketName: this.names.ofBucket('secure-bucket'), encryptionKey, accessLogsBucket: logging, removalPolicy,
    });

    const server = new Servers(this, { vpc, encryptionKey, alerts }).add('Server', {
      securityGroups: [instanceGroup],
      roleName: this.names.of('ec2-role'),
      baselinePolicyName: this.names.of('cloudwatch-policy'),
      logGroup,
      sessionManager: false,
    });

    const reachability = ReachabilityCheck.of(this);
    reachability.noPath(NetworkPlace.INTERNET, NetworkPlace.subnets(vpc, { subnetGroupName: 'Private' }));
    reachability.onlyPaths(NetworkPlace.resource(server), [
      { from: NetworkPlace.securityGroup(loadBalancerGroup), ports: [ec2.Port.HTTPS] },
      // by name: nothing is taken for granted about what the operator will say
      { from: NetworkPlace.addresses(administrators), ports: [ec2.Port.SSH] },
    ]);

    detectThreats(this, props.stage, { topic: alerts, encryptionKey });

    const storeAccess = new iam.ManagedPolicy(this, 'StoreAccess', {
      managedPolicyName: this.names.of('s3-access-policy'), description: 'What the instance does with its bucket', roles: [server.role],
    });
    const storeUse = objectUse(store.bucket);
    storeAccess.addStatements(new iam.PolicyStatement(storeUse));
    encryptionKey.grant(storeAccess, 'kms:Decrypt', 'kms:GenerateDataKey');
    store.bucket.addToResourcePolicy(new iam.PolicyStatement({ sid: 'AllowEC2RoleAccess', principals: [server.role], ...storeUse }));

    Annotations.of(this).acknowledgeWarning('secure-network:NET-02', 'one instance is in one zone whatever its network is (P-03)');
    this.complete({
      encryptionKey,
      failures: alerts,
      resourceNames: [[vpc, 'vpc'], [server.role, 'ec2-role'], [store.bucket, 'secure-bucket'], [alerts, 'alerts']],
      outputs: {
        VPCId: { value: vpc.vpcId, description: 'The network' },
        PublicSubnetId: { value: vpc.publicSubnets[0].subnetId, description: 'The subnet of the NAT gateway' },
        PrivateSubnetId: { value: vpc.privateSubnets[0].subnetId, description: 'The subnet of the instance' },
        EC2InstanceId: { value: server.instance.instanceId, description: 'The instance' },
        EC2RoleArn: { value: server.role.roleArn, description: 'The role of the instance' },
        InstanceSecurityGroupId: { value: instanceGroup.securityGroupId, description: 'The security group of the instance' },
        LoadBalancerSecurityGroupId: { value: loadBalancerGroup.securityGroupId, description: 'The security group that a load balancer has to join' },
        S3BucketName: { value: store.bucket.bucketName, description: 'The bucket of the instance' },
        AccessLogsBucketName: { value: logging.bucketName, description: 'Who read and wrote the bucket' },
        KMSKeyId: { value: encryptionKey.keyId, description: 'The key that encrypts everything' },
        CloudWatchLogGroup: { value: logGroup.logGroupName, description: 'What the instance logs' },
        AlertsTopicArn: { value: alerts.topicArn, description: 'The topic of the alarms' },
      },
    });
  }
}
