import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SecurityChange, SecurityChangeWatch, SecurityChangeWatchProps } from '../src';
import { Statement, withArnsOfAws } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe.each(FLAGS)('AUD-27 opened ports are closed again %s', (_, flags) => {
  let stack: Stack;
  let topic: sns.Topic;
  beforeEach(() => {
    stack = stackInFrankfurt(flags);
    topic = new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'TopicKey') });
  });
  const watch = (props: Partial<SecurityChangeWatchProps> = {}) => new SecurityChangeWatch(stack, 'Watch', { topic, ...props });
  const template = () => Template.fromStack(stack);
  const policies = () => Object.entries(template().findResources('AWS::IAM::ManagedPolicy'))
    .map(([id, { Properties }]): [string, Statement[]] => [id, withArnsOfAws(Properties.PolicyDocument.Statement)]);

  test('is off: nothing may change a security group unless it is asked for', () => {
    const { revertFunction, revertRule } = watch({ furtherChanges: SecurityChange.all() });
    expect([revertFunction, revertRule]).toEqual([undefined, undefined]);
    template().resourceCountIs('AWS::Lambda::Function', 1);
    expect(JSON.stringify(policies())).not.toContain('Revoke');
  });

  test('listens to what can open a group, and not to what it does itself', () => {
    const { revertFunction } = watch({ revertWorldOpenAdminPorts: true });
    const rules = Object.values(template().findResources('AWS::Events::Rule')).map(({ Properties }) => Properties)
      .filter(({ Targets }) => JSON.stringify(Targets[0].Arn) === JSON.stringify(stack.resolve(revertFunction!.functionArn)));
    expect(rules.map(({ EventPattern }) => EventPattern)).toEqual([{
      'source': ['aws.ec2'],
      'detail-type': ['AWS API Call via CloudTrail'],
      'detail': {
        eventSource: ['ec2.amazonaws.com'], eventName: ['AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules'], errorCode: [{ exists: false }],
      },
    }]);
  });

  test('is a function of its own with a role of its own, which may take rules away in this account and region, and tell', () => {
    const { revertFunction, function: told, failedEvents, logGroup, encryptionKey } = watch({ revertWorldOpenAdminPorts: true });
    expect(revertFunction!.role).not.toBe(told.role);
    const [[, statements], ...others] = policies().filter(([id]) => id.startsWith('WatchRevert'));
    expect(others).toEqual([]);
    expect(statements).toEqual([
      { Sid: 'CloseAgain', Effect: 'Allow', Action: 'ec2:RevokeSecurityGroupIngress', Resource: 'arn:aws:ec2:eu-central-1:111122223333:security-group/*' },
      { Sid: 'PublishFindings', Effect: 'Allow', Action: 'sns:Publish', Resource: stack.resolve(topic.topicArn) },
      { Sid: 'KeepFailedEvents', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: stack.resolve(failedEvents.queueArn) },
      { Sid: 'WriteLogs', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(logGroup.logGroupArn) },
      { Sid: 'UseKeys', Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: [encryptionKey, topic.masterKey!].map((key) => stack.resolve(key.keyArn)) },
    ]);
    template().resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('loses no event: what failed is kept, and its log is encrypted (AUD-04, AUD-07)', () => {
    const { revertFunction, revertRule, failedEvents, logGroup, encryptionKey } = watch({ revertWorldOpenAdminPorts: true });
    const queue = stack.resolve(failedEvents.queueArn);
    template().allResourcesProperties('AWS::Lambda::Function', {
      DeadLetterConfig: { TargetArn: queue }, KmsKeyArn: stack.resolve(encryptionKey.keyArn), LoggingConfig: { LogFormat: 'JSON', LogGroup: stack.resolve(logGroup.logGroupName) },
      Environment: { Variables: { TOPIC_ARN: stack.resolve(topic.topicArn) } },
    });
    template().allResourcesProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ DeadLetterConfig: { Arn: queue } })] });
    template().hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: stack.resolve(revertFunction!.functionArn), Principal: 'events.amazonaws.com', SourceArn: stack.resolve(revertRule!.ruleArn),
    });
    template().hasResource('AWS::Lambda::Function', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^WatchRevertRolePolicy')]) });
  });
});
