import { EncryptionKey, ServiceWriter } from '@tapstack/encrypted-storage';
import { Annotations, ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Lets the rules of EventBridge publish. No source conditions: EventBridge does not support them for encrypted topics. */
export function admitRules(scope: Construct, topic: sns.ITopic): void {
  admitToTopic(scope, topic, ServiceWriter.EVENTBRIDGE_RULES, 'events.amazonaws.com');
}

/** Lets the CloudWatch alarms of the account and region publish. */
export function admitAlarms(scope: Construct, topic: sns.ITopic): void {
  const stack = Stack.of(scope);
  admitToTopic(scope, topic, ServiceWriter.CLOUDWATCH_ALARMS, 'cloudwatch.amazonaws.com', {
    ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }) },
    StringEquals: { 'aws:SourceAccount': stack.account },
  });
}

/** Lets the rules of the account and region keep in a queue what they cannot deliver. */
export function admitDeadLetters(scope: Construct, queue: sqs.IQueue): void {
  const statement = new iam.PolicyStatement({
    sid: 'AllowEventBridgeRules',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnLike: { 'aws:SourceArn': Stack.of(scope).formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) } },
  });
  if (!queue.addToResourcePolicy(statement).statementAdded) warn(scope, 'queue', statement);
  if (queue.encryptionMasterKey) EncryptionKey.allowService(queue.encryptionMasterKey, ServiceWriter.EVENTBRIDGE_RULES);
}

function admitToTopic(scope: Construct, topic: sns.ITopic, writer: ServiceWriter, service: string, conditions?: iam.PolicyStatementProps['conditions']): void {
  const statement = new iam.PolicyStatement({
    sid: `Allow${writer.id}`,
    principals: [new iam.ServicePrincipal(service)],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions,
  });
  if (!topic.addToResourcePolicy(statement).statementAdded) warn(scope, 'topic', statement);
  if (topic.masterKey) EncryptionKey.allowService(topic.masterKey, writer);
}

function warn(scope: Construct, what: 'topic' | 'queue', statement: iam.PolicyStatement): void {
  Annotations.of(scope).addWarningV2(`audit-trail:AUD-04-${what}`,
    `the policy of the imported ${what} cannot be changed here; its owner must add ${JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()))}`);
}
