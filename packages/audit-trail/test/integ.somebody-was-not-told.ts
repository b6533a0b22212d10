import { ExpectedResult, IApiCall, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DeploymentWatch, SecurityChangeWatch } from '../src';

/*
 * Twice somebody is not told: a function may no longer publish, and a topic refuses EventBridge. Each time the event waits in its
 * queue, and the alarm about that goes off by itself and is heard of. Before that an event is told as it should be, and nothing goes off.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'SomebodyWasNotTold');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
const watch = new SecurityChangeWatch(stack, 'Watch', { topic, encryptionKey, removalPolicy });
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0, restrictDefaultSecurityGroup: false });
const { securityGroupId: GroupId } = new ec2.SecurityGroup(stack, 'Group', { vpc, description: 'Changed twice', allowAllOutbound: false });

// takes alarms, and no events
const { topic: closedTopic } = new EncryptedTopic(stack, 'Closed', { encryptionKey });
const deployments = new DeploymentWatch(stack, 'Deployments', { topic: closedTopic, encryptionKey, removalPolicy, stackNamePrefix: 'DrillNobodyHearsOf' });
closedTopic.addToResourcePolicy(new iam.PolicyStatement({
  effect: iam.Effect.DENY, principals: [new iam.ServicePrincipal('events.amazonaws.com')], actions: ['sns:Publish'], resources: [closedTopic.topicArn],
}));

/** Whoever hears of what is published with this in its message or its attributes. */
function told(id: string, by: sns.ITopic, filter: Partial<subscriptions.SqsSubscriptionProps>): sqs.Queue {
  const queue = new sqs.Queue(stack, id, { removalPolicy });
  by.addSubscription(new subscriptions.SqsSubscription(queue, { rawMessageDelivery: true, ...filter }));
  return queue;
}
const only = (value: string) => sns.SubscriptionFilter.stringFilter({ allowlist: [value] });
const goesOff = ({ alarmName }: cloudwatch.Alarm) => ({
  filterPolicyWithMessageBody: { AlarmName: sns.FilterOrPolicy.filter(only(alarmName)), NewStateValue: sns.FilterOrPolicy.filter(only('ALARM')) },
});
const toldOfChange = told('ToldOfChange', topic, { filterPolicy: { eventName: only('AuthorizeSecurityGroupIngress') } });
const toldOfLostChange = told('ToldOfLostChange', topic, goesOff(watch.failedEventsAlarm));
const toldOfLostFailure = told('ToldOfLostFailure', closedTopic, goesOff(deployments.failedEventsAlarm!));

const { assertions } = new IntegTest(app, 'SomebodyWasNotToldTest', { testCases: [stack], regions: ['us-east-1'] });
const call = (service: string, name: string, parameters: object) => assertions.awsApiCall(`@aws-sdk/client-${service}`, name, parameters);
const wait = { totalTimeout: Duration.minutes(20), interval: Duration.seconds(5) };
const heard = (queue: sqs.Queue, message: object) => call('sqs', 'ReceiveMessage', { QueueUrl: queue.queueUrl, WaitTimeSeconds: 5 })
  .expect(ExpectedResult.objectLike({ Messages: [{ Body: Match.serializedJson(Match.objectLike(message)) }] }))
  .waitForAssertions(wait);
const waiting = (queue: sqs.IQueue, number: string) => call('sqs', 'GetQueueAttributes', { QueueUrl: queue.queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] })
  .expect(ExpectedResult.objectLike({ Attributes: { ApproximateNumberOfMessages: number } }))
  .waitForAssertions(wait);
const quiet = (alarm: cloudwatch.Alarm) => call('cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] })
  .expect(ExpectedResult.objectLike({ MetricAlarms: [{ StateValue: Match.stringLikeRegexp('^(OK|INSUFFICIENT_DATA)$') }] }));
const alarmOf = (alarm: cloudwatch.Alarm, because: sqs.IQueue) => ({
  AlarmName: alarm.alarmName, NewStateValue: 'ALARM', AlarmDescription: Match.stringLikeRegexp('#somebody-was-not-told$'),
  Trigger: Match.objectLike({ MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: [Match.objectLike({ Value: because.queueName })] }),
});
const rule = { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] };
const inline = { RoleName: watch.function.role!.roleName, PolicyName: 'Drill' };
const mayNotPublish = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'sns:Publish', Resource: '*' }] };
// the policy of the key would lock everybody out
const failing = { Resources: { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [] } } } } };
const failed = call('cloudformation', 'CreateStack', { StackName: 'DrillNobodyHearsOf', TemplateBody: JSON.stringify(failing) });
failed.provider.addToRolePolicy({ Effect: 'Allow', Action: ['kms:CreateKey', 'kms:TagResource'], Resource: ['*'] });

const drill: IApiCall[] = [
  // AUD-03 every change is told, and nothing waits
  call('ec2', 'AuthorizeSecurityGroupIngress', rule),
  heard(toldOfChange, { group: GroupId }),
  waiting(watch.failedEvents, '0'),
  quiet(watch.failedEventsAlarm),

  // AUD-04 no event is lost: what the function may not publish waits, and the topic hears of that
  call('iam', 'PutRolePolicy', { ...inline, PolicyDocument: JSON.stringify(mayNotPublish) }),
  call('ec2', 'RevokeSecurityGroupIngress', rule),
  heard(toldOfLostChange, alarmOf(watch.failedEventsAlarm, watch.failedEvents)),
  waiting(watch.failedEvents, '1'),
  call('iam', 'DeleteRolePolicy', inline),

  // AUD-04 no event is lost: what EventBridge may not publish waits as well
  quiet(deployments.failedEventsAlarm!),
  failed,
  heard(toldOfLostFailure, alarmOf(deployments.failedEventsAlarm!, deployments.failedEvents)),
  call('cloudformation', 'DeleteStack', { StackName: 'DrillNobodyHearsOf' }),
];
drill.reduce((before, next) => before.next(next));
