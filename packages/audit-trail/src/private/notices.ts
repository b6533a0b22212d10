import { EncryptedQueue, EncryptionKey, ServiceWriter } from '@tapstack/encrypted-storage';
import { Annotations, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Who is told, and where events wait that could not be told. */
export interface NoticesProps {
  readonly topic: sns.ITopic;
  readonly failedEvents?: sqs.IQueue;
  readonly encryptionKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Rules of EventBridge that tell a topic: the topic and its key admit EventBridge, and an event that cannot be delivered is tried
 * again for a day and then kept.
 */
export class Notices {
  /** The events that could not be delivered. */
  public readonly failedEvents: sqs.IQueue;

  constructor(private readonly scope: Construct, private readonly props: NoticesProps) {
    const { failedEvents, encryptionKey, removalPolicy } = props;
    this.failedEvents = failedEvents ?? new EncryptedQueue(scope, 'FailedEvents', { encryptionKey, messageRetention: Duration.days(13), removalPolicy }).queue;
    this.admitToQueue();
    this.admitToTopic();
  }

  /** A rule whose events go to the topic. */
  public tell(id: string, description: string, eventPattern: events.EventPattern): events.Rule {
    const { topic } = this.props;
    return new events.Rule(this.scope, id, {
      description: `${description} (${this.scope.node.path})`,
      eventPattern,
      // not the target of the L2: its grant would also change keys, depending on a feature flag
      targets: [{
        bind: () => ({
          arn: topic.topicArn,
          targetResource: topic,
          deadLetterConfig: { arn: this.failedEvents.queueArn },
          retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: Duration.hours(24).toSeconds() },
        }),
      }],
    });
  }

  /** No source conditions: EventBridge does not support them for encrypted topics. */
  private admitToTopic(): void {
    const { topic } = this.props;
    const statement = new iam.PolicyStatement({
      sid: 'AllowEventBridgeRules',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
    });
    if (!topic.addToResourcePolicy(statement).statementAdded) {
      Annotations.of(this.scope).addWarningV2('audit-trail:AUD-04-topic',
        `the policy of the imported topic cannot be changed here; its owner must add ${JSON.stringify(Stack.of(this.scope).resolve(statement.toStatementJson()))}`);
    }
    if (topic.masterKey) EncryptionKey.allowService(topic.masterKey, ServiceWriter.EVENTBRIDGE_RULES);
  }

  private admitToQueue(): void {
    const stack = Stack.of(this.scope);
    const statement = new iam.PolicyStatement({
      sid: 'AllowEventBridgeRules',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [this.failedEvents.queueArn],
      conditions: { ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) } },
    });
    if (!this.failedEvents.addToResourcePolicy(statement).statementAdded) {
      Annotations.of(this.scope).addWarningV2('audit-trail:AUD-04-queue',
        `the policy of the imported queue cannot be changed here; its owner must add ${JSON.stringify(stack.resolve(statement.toStatementJson()))}`);
    }
    if (this.failedEvents.encryptionMasterKey) EncryptionKey.allowService(this.failedEvents.encryptionMasterKey, ServiceWriter.EVENTBRIDGE_RULES);
  }
}
