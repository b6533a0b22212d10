import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { EncryptedDatabase, EncryptedQueue, EncryptedTopic, EncryptionKey, ViaService } from '../src';

/*
 * One key for a database, the topic of its events, and a queue. What was deployed is read back.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'EncryptedDatabase');
const removalPolicy = RemovalPolicy.DESTROY;

const { key } = new EncryptionKey(stack, 'Key', {
  pendingWindow: Duration.days(7), onlyVia: [ViaService.RDS, ViaService.SECRETS_MANAGER, ViaService.SNS, ViaService.SQS], removalPolicy,
});
const vpc = new ec2.Vpc(stack, 'Vpc', {
  maxAzs: 2, restrictDefaultSecurityGroup: false, subnetConfiguration: [{ name: 'database', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
});
const { topic } = new EncryptedTopic(stack, 'Events', { encryptionKey: key });
const database = new EncryptedDatabase(stack, 'Database', { vpc, encryptionKey: key, logRetention: logs.RetentionDays.ONE_MONTH, eventTopic: topic, removalPolicy });
const orders = new EncryptedQueue(stack, 'Orders', { encryptionKey: key, removalPolicy });
orders.allowEventBridgeRules();
orders.allowSnsTopics();
const { queue, deadLetterQueue } = orders;

const integ = new IntegTest(app, 'EncryptedDatabaseTest', { testCases: [stack], regions: ['us-east-1'] });

/** Calls AWS and compares the answer. `action` is what IAM calls the permission, where it is not the name of the call. */
function reads(service: string, call: string, parameters: object, expected: object, action?: string): void {
  const request = integ.assertions.awsApiCall(service, call, parameters);
  if (action) request.provider.addToRolePolicy({ Effect: 'Allow', Action: [action], Resource: ['*'] });
  request.expect(ExpectedResult.objectLike(expected));
}

// STO-01, STO-14, STO-16, STO-19, STO-20, STO-23: the database
reads('RDS', 'describeDBInstances', { DBInstanceIdentifier: database.instance.instanceIdentifier }, {
  DBInstances: [{
    Engine: 'mysql', StorageEncrypted: true, KmsKeyId: key.keyArn, PubliclyAccessible: false, MultiAZ: true, BackupRetentionPeriod: 7,
    IAMDatabaseAuthenticationEnabled: true, MasterUsername: 'dboperator', DeletionProtection: false, CopyTagsToSnapshot: true,
  }],
});

// STO-15: the password is in a secret that RDS has made
reads('SecretsManager', 'describeSecret', { SecretId: database.secret.secretArn }, { ARN: database.secret.secretArn });

// STO-02, STO-17: the log groups of RDS
for (const [log, { logGroupName }] of Object.entries(database.logGroups)) {
  reads('CloudWatchLogs', 'describeLogGroups', { logGroupNamePrefix: logGroupName }, {
    logGroups: [{ logGroupName: `/aws/rds/instance/${database.instance.instanceIdentifier}/${log}`, retentionInDays: 30, kmsKeyId: key.keyArn }],
  });
}

// STO-22: the alarms
reads('CloudWatch', 'describeAlarms', { AlarmNames: [database.alarms.cpu.alarmName] }, {
  MetricAlarms: [{ MetricName: 'CPUUtilization', TreatMissingData: 'breaching' }],
});

// STO-01, STO-02, STO-13: both queues
const denyPlainHttp = { Sid: 'DenyInsecureConnections', Effect: 'Deny' };
const policyWith = (...statements: object[]) => Match.serializedJson(Match.objectLike({ Statement: statements.map((one) => Match.objectLike(one)) }));
reads('SQS', 'getQueueAttributes', { QueueUrl: queue.queueUrl, AttributeNames: ['All'] }, {
  Attributes: {
    KmsMasterKeyId: key.keyArn, Policy: policyWith(denyPlainHttp, { Sid: 'AllowEventBridgeRules' }, { Sid: 'AllowSnsTopics' }),
    RedrivePolicy: Match.serializedJson({ deadLetterTargetArn: deadLetterQueue.queueArn, maxReceiveCount: 5 }),
  },
});
reads('SQS', 'getQueueAttributes', { QueueUrl: deadLetterQueue.queueUrl, AttributeNames: ['All'] }, {
  Attributes: {
    KmsMasterKeyId: key.keyArn, Policy: policyWith(denyPlainHttp), MessageRetentionPeriod: '1209600',
    RedriveAllowPolicy: Match.serializedJson({ redrivePermission: 'byQueue', sourceQueueArns: [queue.queueArn] }),
  },
});
