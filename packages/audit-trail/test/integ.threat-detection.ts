import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { ThreatDetection } from '../src';

/**
 * Every service turned on, asked for a second time by a stack that finds it on, and read back. Then each of which AWS lets one make a finding finds something
 * mild and something severe, of which the second arrives: GuardDuty, Security Hub, and Access Analyzer, for which a role is opened to another account.
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

/** Whoever is told of findings with one of these values, in a field of the event or of its detail. */
const told = (id: string, values: string[], field: string, ofDetail = true) => {
  const queue = new sqs.Queue(stack, id, { removalPolicy });
  const filter = { [field]: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: values })) };
  topic.addSubscription(new subscriptions.SqsSubscription(queue, {
    rawMessageDelivery: true, filterPolicyWithMessageBody: ofDetail ? { detail: sns.FilterOrPolicy.policy(filter) } : filter,
  }));
  return queue;
};

// GuardDuty, by the type of a finding
const MILD = ['Recon:EC2/PortProbeUnprotectedPort', 'Recon:IAMUser/MaliciousIPCaller'];
const SEVERE = 'CryptoCurrency:EC2/BitcoinTool.B!DNS';
const [toldOfMild, toldOfSevere] = [told('ToldOfMild', MILD, 'type'), told('ToldOfSevere', [SEVERE], 'type')];

// Security Hub, by the name of a finding that the account imports: a new one in each stack, because what is no newer is not told again
const ProductArn = stack.formatArn({ service: 'securityhub', resource: 'product', resourceName: `${stack.account}/default` });
const nameOf = (label: string) => `${stack.stackId}/${label}`;
const [toldOfMedium, toldOfHigh] = ['Medium', 'High'].map((label) => told(`ToldOf${label}`, [`${ProductArn}/${nameOf(label)}`], 'resources', false));

// Access Analyzer, by the role that others may assume
const [kept, opened] = ['Kept', 'Opened'].map((id) => new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }));
const [toldOfKept, toldOfOpened] = [told('ToldOfKept', [kept.roleArn], 'resource'), told('ToldOfOpened', [opened.roleArn], 'resource')];

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

/** Waits for a message about a finding; AWS takes its time. */
const arrives = (queue: sqs.Queue, detailType: string, detail: object) => assertions.awsApiCall('@aws-sdk/client-sqs', 'ReceiveMessage', { QueueUrl: queue.queueUrl, WaitTimeSeconds: 5 })
  .expect(ExpectedResult.objectLike({ Messages: [{ Body: Match.serializedJson(Match.objectLike({ 'detail-type': detailType, 'detail': Match.objectLike(detail) })) }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(45), interval: Duration.seconds(5) });
const nothing = (queue: sqs.Queue) => assertions.awsApiCall('@aws-sdk/client-sqs', 'GetQueueAttributes', { QueueUrl: queue.queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] })
  .expect(ExpectedResult.objectLike({ Attributes: { ApproximateNumberOfMessages: '0' } }));

// AUD-14: a severe finding arrives, and milder ones that came before it do not; both constructs listen, so each that is severe enough is told twice
const detectors = assertions.awsApiCall('@aws-sdk/client-guardduty', 'ListDetectors', { MaxResults: 1 });
const DetectorId = detectors.getAttString('DetectorIds.0');
const finds = (FindingTypes: string[]) => assertions.awsApiCall('@aws-sdk/client-guardduty', 'CreateSampleFindings', { DetectorId, FindingTypes });
finds(MILD).next(finds([SEVERE])).next(arrives(toldOfSevere, 'GuardDuty Finding', { type: SEVERE, severity: 8 })).next(nothing(toldOfMild));

const imports = (label: string) => assertions.awsApiCall('@aws-sdk/client-securityhub', 'BatchImportFindings', {
  Findings: [{
    SchemaVersion: '2018-10-08', Id: nameOf(label), ProductArn, GeneratorId: 'integ.threat-detection', AwsAccountId: stack.account,
    CreatedAt: '2026-11-25T00:00:00Z', UpdatedAt: '2026-11-25T00:00:00Z', Severity: { Label: label.toUpperCase() },
    Title: 'A drill', Description: 'Somebody wants to know whether it arrives.', Resources: [{ Type: 'AwsAccount', Id: `AWS::::Account:${stack.account}` }],
  }],
}).expect(ExpectedResult.objectLike({ SuccessCount: 1 }));
imports('Medium').next(imports('High'))
  .next(arrives(toldOfHigh, 'Security Hub Findings - Imported', { findings: [Match.objectLike({ Severity: Match.objectLike({ Label: 'HIGH' }) })] })).next(nothing(toldOfMedium));

// the account of Elastic Load Balancing in one region: IAM takes none that does not exist
const OUTSIDE = { AWS: '127311923021' };
const opens = (role: iam.Role, Principal: object) => assertions.awsApiCall('@aws-sdk/client-iam', 'UpdateAssumeRolePolicy', {
  RoleName: role.roleName,
  PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] }),
});
opens(kept, { Service: 'lambda.amazonaws.com' }).next(opens(opened, OUTSIDE))
  .next(arrives(toldOfOpened, 'Access Analyzer Finding', { status: 'ACTIVE', resourceType: 'AWS::IAM::Role', isPublic: false })).next(nothing(toldOfKept));

// AUD-07 encrypted
assertions.awsApiCall('@aws-sdk/client-cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: first.logGroup.logGroupName }).expect(ExpectedResult.objectLike({
  logGroups: [{ retentionInDays: 365, kmsKeyId: encryptionKey.keyArn }],
}));
