import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DeploymentWatch } from '../src';

/** A second stack fails; the message about it arrives, and the alarm goes off. */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'DeploymentWatch');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
const watch = new DeploymentWatch(stack, 'Watch', { topic, encryptionKey, removalPolicy, stackNamePrefix: 'DrillThatFails' });

// every look at the queue finds everything that has arrived
const told = new sqs.Queue(stack, 'Told', { removalPolicy, visibilityTimeout: Duration.seconds(0) });
topic.addSubscription(new subscriptions.SqsSubscription(told, { rawMessageDelivery: true }));

const { assertions } = new IntegTest(app, 'DeploymentWatchTest', { testCases: [stack], regions: ['us-east-1'] });

// the policy of the key would lock everybody out
const failing = { Resources: { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [] } } } } };
const deployed = assertions.awsApiCall('@aws-sdk/client-cloudformation', 'CreateStack', { StackName: 'DrillThatFails', TemplateBody: JSON.stringify(failing) });
deployed.provider.addToRolePolicy({ Effect: 'Allow', Action: ['kms:CreateKey', 'kms:TagResource'], Resource: ['*'] });

// AUD-20 failed deployments are told
const arrived = assertions.awsApiCall('@aws-sdk/client-sqs', 'ReceiveMessage', { QueueUrl: told.queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 })
  .expect(ExpectedResult.objectLike({ Messages: Match.arrayWith([Match.objectLike({
    Body: Match.stringLikeRegexp('CloudFormation Stack Status Change.*DrillThatFails.*ROLLBACK_'),
  })]) }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) });

// AUD-16 every alarm acts
const alarmed = assertions.awsApiCall('@aws-sdk/client-cloudwatch', 'DescribeAlarms', { AlarmNames: [watch.alarm.alarmName] })
  .expect(ExpectedResult.objectLike({ MetricAlarms: [{ StateValue: 'ALARM', AlarmActions: [topic.topicArn], OKActions: [topic.topicArn] }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) });

const gone = assertions.awsApiCall('@aws-sdk/client-cloudformation', 'DeleteStack', { StackName: 'DrillThatFails' });
deployed.next(arrived).next(alarmed).next(gone);
