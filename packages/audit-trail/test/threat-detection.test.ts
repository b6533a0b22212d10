import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FindingSeverity, ThreatDetection, ThreatDetectionProps } from '../src';
import { onlyPolicy, Statement, withArnsOfAws } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const ALL = { guardDuty: true, accessAnalyzer: true, securityHub: true, inspector: true };
const NONE = { guardDuty: false, accessAnalyzer: false, securityHub: false, inspector: false };

describe.each(FLAGS)('ThreatDetection %s', (_, flags) => {
  let stack: Stack;
  let topic: sns.Topic;
  beforeEach(() => {
    stack = stackInFrankfurt(flags);
    topic = new sns.Topic(stack, 'Topic');
  });
  const detection = (props: Partial<ThreatDetectionProps> = {}) => new ThreatDetection(stack, 'Detection', { topic, ...props });
  const template = () => Template.fromStack(stack);
  const resources = (type: string) => Object.values(template().findResources(type));
  const services = () => resources('Custom::ThreatDetection').map(({ Properties }) => Properties.Service);
  const policies = (): Statement[][] => resources('AWS::IAM::ManagedPolicy').map(({ Properties }) => withArnsOfAws(Properties.PolicyDocument.Statement));
  const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('(audit-trail|encrypted-storage):')).map(({ entry }) => String(entry.data));

  describe('AUD-12 threats are detected (X-04)', () => {
    test('turns on GuardDuty and Access Analyzer, each by a function of its own', () => {
      detection();
      expect(services()).toEqual(['GUARD_DUTY', 'ACCESS_ANALYZER']);
      template().resourceCountIs('AWS::Lambda::Function', 2);
      template().allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 120, MemorySize: 256 });
    });

    test('turns on Security Hub and Inspector when asked to', () => {
      detection(ALL);
      expect(services()).toEqual(['GUARD_DUTY', 'ACCESS_ANALYZER', 'SECURITY_HUB', 'INSPECTOR']);
    });

    test.each([
      [{}, []],
      [ALL, []],
      [{ guardDuty: false }, ['GuardDuty is not turned on here; make sure that the account has it']],
      [{ accessAnalyzer: false }, ['AccessAnalyzer is not turned on here; make sure that the account has it']],
    ])('with %j warns %j', (props, expected) => {
      detection(props);
      expect(warnings()).toEqual(expected.map((text) => expect.stringContaining(text)));
    });

    test('fails with none', () => {
      expect(() => detection(NONE)).toThrow(
        "'guardDuty', 'accessAnalyzer', 'securityHub' or 'inspector' must be true, got only false; leave the construct out instead [Stack/Detection]");
    });
  });

  describe('AUD-13 nothing of the account\'s is undone (X-02)', () => {
    test('makes no resource that CloudFormation would delete, or fail to make twice', () => {
      detection(ALL);
      expect(Object.values(template().toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type)
        .filter((type) => /GuardDuty|SecurityHub|AccessAnalyzer|Inspector/.test(type))).toEqual([]);
    });

    test('has no permission to change or delete anything', () => {
      detection(ALL);
      const actions = policies().flat().flatMap(({ Action }) => Action);
      expect(actions.filter((action) => /:(Delete|Disable|Update|Put(?!LogEvents)|Stop|Batch(?!Get))/.test(String(action)))).toEqual([]);
    });
  });

  describe('AUD-14 findings are told (B-14)', () => {
    const pattern = (source: string) => resources('AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern).find((one) => one.source[0] === source);

    test.each([
      [undefined, 7, ['HIGH', 'CRITICAL']],
      [FindingSeverity.LOW, 1, ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']],
      [FindingSeverity.MEDIUM, 4, ['MEDIUM', 'HIGH', 'CRITICAL']],
      [FindingSeverity.HIGH, 7, ['HIGH', 'CRITICAL']],
      [FindingSeverity.CRITICAL, 9, ['CRITICAL']],
    ])('of severity %s and above', (minimumSeverity, number, labels) => {
      detection({ ...ALL, minimumSeverity });
      expect(pattern('aws.guardduty')).toEqual({ 'source': ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'], 'detail': { severity: [{ numeric: ['>=', number] }] } });
      expect(pattern('aws.inspector2')).toEqual({ 'source': ['aws.inspector2'], 'detail-type': ['Inspector2 Finding'], 'detail': { severity: labels, status: ['ACTIVE'] } });
      expect(pattern('aws.securityhub')).toEqual({
        'source': ['aws.securityhub'],
        'detail-type': ['Security Hub Findings - Imported'],
        'detail': { findings: {
          ProductArn: [{ 'anything-but': { suffix: ['::product/aws/access-analyzer', '::product/aws/guardduty', '::product/aws/inspector'] } }],
          RecordState: ['ACTIVE'], Severity: { Label: labels }, Workflow: { Status: ['NEW'] },
        } },
      });
      expect(pattern('aws.access-analyzer')).toEqual({ 'source': ['aws.access-analyzer'], 'detail-type': ['Access Analyzer Finding'], 'detail': { status: ['ACTIVE'] } });
    });

    test('to the topic, which admits EventBridge, and so does its key', () => {
      const masterKey = new kms.Key(stack, 'Mine');
      topic = new sns.Topic(stack, 'Encrypted', { masterKey });
      const { findingRules } = detection({ encryptionKey: masterKey });
      expect(findingRules).toHaveLength(2);
      template().allResourcesProperties('AWS::Events::Rule', { State: 'ENABLED', Targets: [Match.objectLike({ Arn: stack.resolve(topic.topicArn) })] });
      expect(onlyPolicy(stack, 'AWS::SNS::TopicPolicy', 'PolicyDocument')).toContainEqual({
        Sid: 'AllowEventBridgeRules', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: stack.resolve(topic.topicArn),
      });
      expect(onlyPolicy(stack, 'AWS::KMS::Key', 'KeyPolicy').map(({ Sid }) => Sid)).toEqual(expect.arrayContaining(['AllowEventBridgeRules', 'AllowLogGroups']));
    });

    test('warns about a topic whose policy cannot be changed here', () => {
      topic = sns.Topic.fromTopicArn(stack, 'Imported', 'arn:aws:sns:eu-central-1:111122223333:alerts') as sns.Topic;
      detection();
      expect(warnings()).toEqual(['AllowEventBridgeRules', 'AllowCloudWatchAlarms'].map((sid) => (
        expect.stringMatching(`the policy of this imported topic cannot be changed here; its owner must add .*${sid}`)
      )));
    });
  });

  describe('AUD-04 no event is lost', () => {
    const queued = (queue: sqs.IQueue) => template().allResourcesProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({
        DeadLetterConfig: { Arn: stack.resolve(queue.queueArn) }, RetryPolicy: Match.absent(),
      })],
    });

    test('keeps findings that could not be told in a queue of its own, which admits the rules of the account', () => {
      queued(detection().failedEvents);
      template().hasResourceProperties('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({
        Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnLike: { 'aws:SourceArn': Match.anyValue() } },
      })]) } });
    });

    test('uses the queue it is given and makes no other', () => {
      const encryptionMasterKey = new kms.Key(stack, 'Mine');
      const failedEvents = new sqs.Queue(stack, 'Failed', { encryptionMasterKey });
      queued(detection({ failedEvents, encryptionKey: encryptionMasterKey }).failedEvents);
      template().resourceCountIs('AWS::SQS::Queue', 1);
      expect(onlyPolicy(stack, 'AWS::KMS::Key', 'KeyPolicy').map(({ Sid }) => Sid)).toContain('AllowEventBridgeRules');
    });

    test('warns about a queue whose policy cannot be changed here', () => {
      detection({ failedEvents: sqs.Queue.fromQueueArn(stack, 'Imported', 'arn:aws:sqs:eu-central-1:111122223333:failed') });
      expect(warnings()).toEqual([expect.stringMatching(/the policy of this imported queue cannot be changed here; its owner must add .*sqs:SendMessage/)]);
    });

    test('tells the topic about requests that were never answered (X-07)', () => {
      detection();
      template().allResourcesProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: stack.resolve(topic.topicArn) } });
      template().allResourcesProperties('Custom::ThreatDetection', { ServiceTimeout: '600' });
    });
  });

  describe('AUD-05 least privilege (B-06, X-07)', () => {
    test('each function may turn its service on; all may tell failures, write their log and use the key, which is said once', () => {
      const { logGroup, encryptionKey } = detection();
      const [reporting, guardDuty, accessAnalyzer] = Object.keys(template().findResources('AWS::IAM::ManagedPolicy')).map((Ref) => ({ Ref }));
      expect(resources('AWS::IAM::Role').map(({ Properties }) => Properties.ManagedPolicyArns)).toEqual([[guardDuty, reporting], [accessAnalyzer, reporting]]);
      const common = [
        { Sid: 'TellFailures', Effect: 'Allow', Action: 'sns:Publish', Resource: stack.resolve(topic.topicArn) },
        { Sid: 'WriteLogs', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(logGroup.logGroupArn) },
        { Sid: 'UseKeys', Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: stack.resolve(encryptionKey.keyArn) },
      ];
      expect(policies()).toEqual([
        common,
        [
          { Sid: 'EnableGuardDuty', Effect: 'Allow', Action: ['guardduty:CreateDetector', 'guardduty:ListDetectors'], Resource: '*' },
          { Sid: 'ReadDetectors', Effect: 'Allow', Action: 'guardduty:GetDetector', Resource: 'arn:aws:guardduty:eu-central-1:111122223333:detector/*' },
          expect.objectContaining({ Sid: 'CreateServiceLinkedRoles' }),
        ],
        [
          { Sid: 'CreateAnalyzer', Effect: 'Allow', Action: 'access-analyzer:CreateAnalyzer', Resource: 'arn:aws:access-analyzer:eu-central-1:111122223333:analyzer/external-access' },
          { Sid: 'ListAnalyzers', Effect: 'Allow', Action: 'access-analyzer:ListAnalyzers', Resource: '*' },
          {
            Sid: 'CreateServiceLinkedRoles',
            Effect: 'Allow',
            Action: 'iam:CreateServiceLinkedRole',
            Resource: 'arn:aws:iam::111122223333:role/aws-service-role/access-analyzer.amazonaws.com/AWSServiceRoleForAccessAnalyzer',
            Condition: { StringEquals: { 'iam:AWSServiceName': ['access-analyzer.amazonaws.com'] } },
          },
        ],
      ]);
    });

    test('has no inline policy and none of AWS, and a role with its permissions before the function is made', () => {
      detection(ALL);
      const own = Object.keys(template().findResources('AWS::IAM::ManagedPolicy'));
      template().resourceCountIs('AWS::IAM::Policy', 0);
      template().allResourcesProperties('AWS::IAM::Role', { Policies: Match.absent() });
      const attached = resources('AWS::IAM::Role').flatMap(({ Properties }) => Properties.ManagedPolicyArns);
      expect(attached).toHaveLength(8);
      expect(attached.filter(({ Ref }) => !own.includes(Ref))).toEqual([]);
    });

    test('uses the key of the topic too', () => {
      const masterKey = new kms.Key(stack, 'Mine');
      topic = new sns.Topic(stack, 'Encrypted', { masterKey });
      const { encryptionKey } = detection();
      const keys = policies().flat().filter(({ Sid }) => Sid === 'UseKeys').map(({ Resource }) => Resource);
      expect(keys).toEqual([[stack.resolve(encryptionKey.keyArn), stack.resolve(masterKey.keyArn)]]);
    });
  });

  describe('AUD-07 encrypted (B-08, B-13)', () => {
    test('logs to one group with key and retention, as JSON', () => {
      const { logGroup, encryptionKey } = detection({ ...ALL, retention: logs.RetentionDays.TEN_YEARS });
      template().resourceCountIs('AWS::Logs::LogGroup', 1);
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(encryptionKey.keyArn), RetentionInDays: 3653 });
      template().allResourcesProperties('AWS::Lambda::Function', { LoggingConfig: { LogFormat: 'JSON', LogGroup: stack.resolve(logGroup.logGroupName) } });
    });

    test('uses the key it is given and makes no other', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      expect(detection({ encryptionKey }).encryptionKey).toBe(encryptionKey);
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test.each([[undefined, 'Retain'], [RemovalPolicy.DESTROY, 'Delete']])('keeps log, queues and key as told: %s', (removalPolicy, DeletionPolicy) => {
      detection({ removalPolicy });
      for (const type of ['AWS::Logs::LogGroup', 'AWS::SQS::Queue', 'AWS::KMS::Key']) template().allResources(type, { DeletionPolicy });
    });
  });

  test('needs nothing of the region and account', () => {
    stack = new Stack(new App({ context: flags }), 'Stack');
    topic = new sns.Topic(stack, 'Topic');
    detection(ALL);
    template().resourceCountIs('AWS::Lambda::Function', 4);
  });
});
