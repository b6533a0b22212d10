import { EncryptedDeadLetterQueue, EncryptedQueue, EncryptedTopic, ServiceWriter } from '@tapstack/encrypted-storage';
import { RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deliveredTo } from './target';
import { alarmOnUntold } from './untold';

/** Who is told, and where events wait that could not be told. */
export interface NoticesProps {
  readonly topic: sns.ITopic;
  readonly failedEvents?: sqs.IQueue;
  /** The key of the queue, asked for only if a queue is made. */
  readonly encryptionKey: () => kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  readonly runbookUrl?: string;
}

/**
 * Rules of EventBridge that tell a topic: the topic and its key admit EventBridge, and an event that cannot be delivered is tried
 * again for a day and then kept, which the topic hears of by an alarm.
 */
export class Notices {
  /** The events that could not be delivered. */
  public readonly failedEvents: sqs.IQueue;

  /** Goes off when events could not be delivered, if the queue has no such alarm already. */
  public readonly failedEventsAlarm?: cloudwatch.Alarm;

  constructor(private readonly scope: Construct, private readonly props: NoticesProps) {
    const { topic, failedEvents, encryptionKey, removalPolicy, runbookUrl } = props;
    this.failedEvents = failedEvents ?? new EncryptedDeadLetterQueue(scope, 'FailedEvents', { encryptionKey: encryptionKey(), removalPolicy }).queue;
    EncryptedQueue.allowSender(this.failedEvents, ServiceWriter.EVENTBRIDGE_RULES);
    EncryptedTopic.allowPublisher(topic, ServiceWriter.EVENTBRIDGE_RULES);
    this.failedEventsAlarm = alarmOnUntold(scope, { topic, failedEvents: this.failedEvents, runbookUrl });
  }

  /** A rule whose events go to the topic. */
  public tell(id: string, description: string, eventPattern: events.EventPattern): events.Rule {
    const { topic } = this.props;
    return new events.Rule(this.scope, id, {
      description,
      eventPattern,
      targets: [deliveredTo(topic.topicArn, topic, this.failedEvents)],
    });
  }
}
