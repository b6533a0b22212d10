import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey, LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AuditTrail, IdentityGuardrails, SecurityChange, SecurityChangeWatch } from '../src';

/*
 * A trail, a watch over security groups and network ACLs in a network, and a group whose members need MFA. What was deployed is
 * read back; then a group and an ACL are opened to the world, and the messages about them arrive.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'AuditTrail');
const removalPolicy = RemovalPolicy.DESTROY;

const { key } = new EncryptionKey(stack, 'Key', { pendingWindow: Duration.days(7), removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey: key });
const { bucket: accessLogsBucket } = new LogBucket(stack, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS, removalPolicy });
const audit = new AuditTrail(stack, 'Audit', { encryptionKey: key, accessLogsBucket, removalPolicy });

const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
const watch = new SecurityChangeWatch(stack, 'Watch', {
  topic, encryptionKey: key, vpc, removalPolicy, furtherChanges: [SecurityChange.NETWORK_ACLS, SecurityChange.TRAILS],
});
const watched = new ec2.SecurityGroup(stack, 'Watched', { vpc, description: 'Opened to the world for a moment', allowAllOutbound: false });
const watchedAcl = new ec2.NetworkAcl(stack, 'WatchedAcl', { vpc });

const { group, mfaPolicy } = new IdentityGuardrails(stack, 'Guardrails');
// what a member may do elsewhere does not help without MFA
const member = new iam.User(stack, 'Member', { groups: [group] });
member.addManagedPolicy(new iam.ManagedPolicy(stack, 'Reader', {
  statements: [new iam.PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })],
}));

// whoever is told when a call opened something to the world
const [told, toldOfAcls] = [['Told', 'AuthorizeSecurityGroupIngress'], ['ToldOfAcls', 'CreateNetworkAclEntry']].map(([id, eventName]) => {
  const queue = new sqs.Queue(stack, id, { removalPolicy });
  topic.addSubscription(new subscriptions.SqsSubscription(queue, {
    rawMessageDelivery: true,
    filterPolicy: {
      openToTheWorld: sns.SubscriptionFilter.stringFilter({ allowlist: ['true'] }),
      eventName: sns.SubscriptionFilter.stringFilter({ allowlist: [eventName] }),
    },
  }));
  return queue;
});

const { assertions } = new IntegTest(app, 'AuditTrailTest', { testCases: [stack], regions: ['us-east-1'] });

/** Calls AWS. `actions` are what IAM calls the permissions, where they are not the name of the call. */
function call(service: string, name: string, parameters: object, actions: string[] = []) {
  const request = assertions.awsApiCall(`@aws-sdk/client-${service}`, name, parameters);
  if (actions.length > 0) request.provider.addToRolePolicy({ Effect: 'Allow', Action: actions, Resource: ['*'] });
  return request;
}

/** Calls AWS and compares the answer. */
function reads(service: string, name: string, parameters: object, expected: object, actions?: string[]): void {
  call(service, name, parameters, actions).expect(ExpectedResult.objectLike(expected));
}

/** Asks IAM what it would decide. */
function simulates(principal: string, decision: string, action: string, resource: string, context: object[] = []): void {
  const question = { PolicySourceArn: principal, ActionNames: [action], ResourceArns: [resource], ContextEntries: context };
  reads('iam', 'SimulatePrincipalPolicy', question, {
    EvaluationResults: [{ EvalActionName: action, EvalDecision: decision }],
  });
}

/** A policy, of which the answer holds the text, that has these statements among others, in this order. */
const policyWith = (...statements: object[]) =>
  Match.serializedJson(Match.objectLike({ Statement: Match.arrayWith(statements.map((one) => Match.objectLike(one))) }));

// AUD-08, AUD-09, AUD-10, AUD-11: the trail
const trailName = audit.trail.trailArn;
reads('cloudtrail', 'GetTrailStatus', { Name: trailName }, { IsLogging: true });
reads('cloudtrail', 'GetTrail', { Name: trailName }, {
  Trail: {
    IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, LogFileValidationEnabled: true,
    KmsKeyId: key.keyArn, S3BucketName: audit.bucket.bucketName, CloudWatchLogsLogGroupArn: audit.logGroup.logGroupArn,
  },
});
reads('cloudtrail', 'GetEventSelectors', { TrailName: trailName }, { EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] });
reads('cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: audit.logGroup.logGroupName }, {
  logGroups: [{ retentionInDays: 365, kmsKeyId: key.keyArn }],
});

// AUD-08: the bucket lets CloudTrail write, and nobody without TLS
reads('s3', 'GetBucketPolicy', { Bucket: audit.bucket.bucketName }, {
  Policy: policyWith(
    { Sid: 'DenyInsecureConnections', Effect: 'Deny' }, { Action: 's3:PutObject', Principal: { Service: 'cloudtrail.amazonaws.com' } },
  ),
});
reads('s3', 'GetBucketLogging', { Bucket: audit.bucket.bucketName }, { LoggingEnabled: { TargetBucket: accessLogsBucket.bucketName } });

// AUD-03, AUD-04, AUD-05, AUD-06, AUD-07, AUD-24: the watch
reads('lambda', 'GetFunctionConfiguration', { FunctionName: watch.function.functionName }, {
  VpcConfig: { VpcId: vpc.vpcId, SubnetIds: Match.arrayWith(vpc.privateSubnets.map(({ subnetId }) => subnetId)) },
  DeadLetterConfig: { TargetArn: watch.failedEvents.queueArn },
  LoggingConfig: { LogFormat: 'JSON', LogGroup: watch.logGroup.logGroupName },
  Environment: { Variables: { TOPIC_ARN: topic.topicArn } },
  KMSKeyArn: key.keyArn,
  Timeout: 30,
  MemorySize: 256,
});
reads('cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: watch.logGroup.logGroupName }, {
  logGroups: [{ retentionInDays: 365, kmsKeyId: key.keyArn }],
});
reads('sqs', 'GetQueueAttributes', { QueueUrl: watch.failedEvents.queueUrl, AttributeNames: ['All'] }, {
  Attributes: { KmsMasterKeyId: key.keyArn, Policy: policyWith({ Sid: 'DenyInsecureConnections', Effect: 'Deny' }) },
});
for (const { ruleName } of [watch.securityGroupChanges, ...watch.furtherRules]) {
  reads('eventbridge', 'DescribeRule', { Name: ruleName }, { State: 'ENABLED' }, ['events:DescribeRule']);
  reads('eventbridge', 'ListTargetsByRule', { Rule: ruleName }, {
    Targets: [{ Arn: watch.function.functionArn, DeadLetterConfig: { Arn: watch.failedEvents.queueArn } }],
  }, ['events:ListTargetsByRule']);
}
reads('iam', 'ListRolePolicies', { RoleName: watch.function.role!.roleName }, { PolicyNames: [] });
for (const [decision, action, resource] of [
  ['allowed', 'sns:Publish', topic.topicArn],
  ['allowed', 'sqs:SendMessage', watch.failedEvents.queueArn],
  ['implicitDeny', 'sns:Publish', `${topic.topicArn}-of-somebody-else`],
  ['implicitDeny', 'sqs:ReceiveMessage', watch.failedEvents.queueArn],
  ['implicitDeny', 'ec2:RevokeSecurityGroupIngress', '*'],
]) {
  simulates(watch.function.role!.roleArn, decision, action, resource);
}

// AUD-01, AUD-02: without MFA a member can enrol and do nothing else, with an access key neither
const { userArn } = member;
const withMfa = (value: string) => [{ ContextKeyName: 'aws:MultiFactorAuthPresent', ContextKeyType: 'boolean', ContextKeyValues: [value] }];
reads('iam', 'ListAttachedGroupPolicies', { GroupName: group.groupName }, { AttachedPolicies: [{ PolicyArn: mfaPolicy.managedPolicyArn }] });
simulates(userArn, 'allowed', 'iam:EnableMFADevice', userArn, withMfa('false'));
simulates(userArn, 'explicitDeny', 's3:ListAllMyBuckets', '*', withMfa('false'));
simulates(userArn, 'explicitDeny', 's3:ListAllMyBuckets', '*');
simulates(userArn, 'allowed', 's3:ListAllMyBuckets', '*', withMfa('true'));
simulates(userArn, 'explicitDeny', 'iam:DeactivateMFADevice', userArn, withMfa('false'));

// AUD-03: what is opened to the world is told: by whom, which group, and that it is open
const world = { GroupId: watched.securityGroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] };
const opened = call('ec2', 'AuthorizeSecurityGroupIngress', world);
opened.expect(ExpectedResult.objectLike({ Return: true }));
const message = call('sqs', 'ReceiveMessage', { QueueUrl: told.queueUrl, WaitTimeSeconds: 20 }).expect(ExpectedResult.objectLike({
  Messages: [{
    Body: Match.serializedJson(Match.objectLike({
      openToTheWorld: true,
      opened: ['inbound tcp 22 from 0.0.0.0/0'],
      before: 'nothing',
      after: 'tcp 22 from 0.0.0.0/0',
      group: watched.securityGroupId,
      what: 'AuthorizeSecurityGroupIngress',
      who: Match.stringLikeRegexp(':assumed-role/AuditTrailTest'),
      summary: Match.stringLikeRegexp('^OPEN TO THE WORLD \\(inbound tcp 22 from 0\\.0\\.0\\.0/0\\)'),
    })),
  }],
})).waitForAssertions({ totalTimeout: Duration.minutes(15), interval: Duration.seconds(5) });
opened.next(message).next(call('ec2', 'RevokeSecurityGroupIngress', world).expect(ExpectedResult.objectLike({ Return: true })));

// AUD-24: so is an entry for everybody in a network ACL
const entry = { NetworkAclId: watchedAcl.networkAclId, RuleNumber: 100, Egress: false };
const allowed = call('ec2', 'CreateNetworkAclEntry', { ...entry, Protocol: '-1', RuleAction: 'allow', CidrBlock: '0.0.0.0/0' });
const aclMessage = call('sqs', 'ReceiveMessage', { QueueUrl: toldOfAcls.queueUrl, WaitTimeSeconds: 20 }).expect(ExpectedResult.objectLike({
  Messages: [{
    Body: Match.serializedJson(Match.objectLike({
      openToTheWorld: true,
      opened: ['an inbound entry from 0.0.0.0/0'],
      resource: watchedAcl.networkAclId,
      what: 'CreateNetworkAclEntry',
      who: Match.stringLikeRegexp(':assumed-role/AuditTrailTest'),
    })),
  }],
})).waitForAssertions({ totalTimeout: Duration.minutes(15), interval: Duration.seconds(5) });
allowed.next(aclMessage).next(call('ec2', 'DeleteNetworkAclEntry', entry));
