import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { ThreatDetection } from '../src';

/**
 * Every service turned on, asked for a second time by a stack that finds it on, and read back; then GuardDuty finds something mild and something severe,
 * of which the second arrives.
 */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'ThreatDetection');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
const everything = { topic, encryptionKey, removalPolicy, securityHub: true, inspector: true };
const first = new ThreatDetection(stack, 'Detection', everything);
const second = new ThreatDetection(stack, 'Again', { ...everything, failedEvents: first.failedEvents });
second.node.addDependency(first);

const SERVICES = ['GuardDuty', 'AccessAnalyzer', 'SecurityHub', 'Inspector'];
const outcomes = new ssm.StringParameter(stack, 'Outcomes', {
  stringValue: SERVICES.map((service) => (second.node.findChild(service).node.findChild('Setting') as CustomResource).getAttString('Outcome')).join(' '),
});

// whoever is told of a finding of GuardDuty, by its type
const MILD = ['Recon:EC2/PortProbeUnprotectedPort', 'Recon:IAMUser/MaliciousIPCaller'];
const SEVERE = 'CryptoCurrency:EC2/BitcoinTool.B!DNS';
const told = (id: string, types: string[]) => {
  const queue = new sqs.Queue(stack, id, { removalPolicy });
  topic.addSubscription(new subscriptions.SqsSubscription(queue, {
    rawMessageDelivery: true,
    filterPolicyWithMessageBody: {
      detail: sns.FilterOrPolicy.policy({ type: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: types })) }),
    },
  }));
  return queue;
};
const [toldOfMild, toldOfSevere] = [told('ToldOfMild', MILD), told('ToldOfSevere', [SEVERE])];

const { assertions } = new IntegTest(app, 'ThreatDetectionTest', { testCases: [stack] });

// AUD-12 threats are detected
assertions.awsApiCall('@aws-sdk/client-guardduty', 'ListDetectors').expect(ExpectedResult.objectLike({ DetectorIds: [Match.stringLikeRegexp('.+')] }));
assertions.awsApiCall('@aws-sdk/client-securityhub', 'DescribeHub').expect(ExpectedResult.objectLike({ HubArn: Match.stringLikeRegexp('hub/default$') }));
assertions.awsApiCall('@aws-sdk/client-accessanalyzer', 'ListAnalyzers', { type: 'ACCOUNT' }).expect(ExpectedResult.objectLike({ analyzers: [{ status: 'ACTIVE' }] }));
assertions.awsApiCall('@aws-sdk/client-inspector2', 'BatchGetAccountStatus').expect(ExpectedResult.objectLike({
  accounts: [{ resourceState: { ec2: { status: 'ENABLED' }, ecr: { status: 'ENABLED' }, lambda: { status: 'ENABLED' } } }],
}));

// AUD-13 nothing of the account's is undone: the second found all of it
assertions.awsApiCall('@aws-sdk/client-ssm', 'GetParameter', { Name: outcomes.parameterName })
  .expect(ExpectedResult.objectLike({ Parameter: { Value: 'WAS_ON WAS_ON WAS_ON WAS_ON' } }));

// AUD-14 findings are told, AUD-04 no event is lost
first.findingRules.forEach((rule) => {
  assertions.awsApiCall('@aws-sdk/client-eventbridge', 'DescribeRule', { Name: rule.ruleName }).expect(ExpectedResult.objectLike({ State: 'ENABLED' }));
  assertions.awsApiCall('@aws-sdk/client-eventbridge', 'ListTargetsByRule', { Rule: rule.ruleName }).expect(ExpectedResult.objectLike({
    Targets: [{ Arn: topic.topicArn, DeadLetterConfig: { Arn: first.failedEvents.queueArn } }],
  }));
});

// AUD-14: a severe finding arrives, and milder ones that came before it do not
const detectors = assertions.awsApiCall('@aws-sdk/client-guardduty', 'ListDetectors', { MaxResults: 1 });
const DetectorId = detectors.getAttString('DetectorIds.0');
const finds = (FindingTypes: string[]) => assertions.awsApiCall('@aws-sdk/client-guardduty', 'CreateSampleFindings', { DetectorId, FindingTypes });
const arrived = assertions.awsApiCall('@aws-sdk/client-sqs', 'ReceiveMessage', { QueueUrl: toldOfSevere.queueUrl, WaitTimeSeconds: 5 })
  .expect(ExpectedResult.objectLike({
    Messages: [{ Body: Match.serializedJson(Match.objectLike({ 'detail-type': 'GuardDuty Finding', 'detail': Match.objectLike({ type: SEVERE, severity: 8 }) })) }],
  }))
  .waitForAssertions({ totalTimeout: Duration.minutes(20), interval: Duration.seconds(5) });
const nothing = assertions.awsApiCall('@aws-sdk/client-sqs', 'GetQueueAttributes', { QueueUrl: toldOfMild.queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] })
  .expect(ExpectedResult.objectLike({ Attributes: { ApproximateNumberOfMessages: '0' } }));
// both constructs listen, so each finding that is severe enough is told twice
finds(MILD).next(finds([SEVERE])).next(arrived).next(nothing);

// AUD-07 encrypted
assertions.awsApiCall('@aws-sdk/client-cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: first.logGroup.logGroupName }).expect(ExpectedResult.objectLike({
  logGroups: [{ retentionInDays: 365, kmsKeyId: encryptionKey.keyArn }],
}));
