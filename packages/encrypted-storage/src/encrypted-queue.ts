import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EncryptionKey } from './encryption-key';
import { admit } from './private/admit';
import { checkName } from './private/check-name';
import { DEAD_LETTERS_KEPT_FOR, privateQueue } from './private/private-queue';
import { stackUniqueName } from './private/stack-unique-name';
import { checkWholeNumber } from './private/whole-number';
import { ServiceWriter } from './service-writer';

/**
 * Properties of `EncryptedQueue`.
 */
export interface EncryptedQueueProps {
  /**
   * The key that encrypts the messages and the dead letters.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The name of the queue. 1 to 80 letters, digits and `_-`. First-in-first-out queues are not made here.
   *
   * @default - `queue-<hash>-<id of the stack>`, unique in account and region
   */
  readonly queueName?: string;

  /**
   * How long a message is hidden from others while one consumer works on it. Whole seconds, from 0 to 12 hours. For a
   * function, six times its timeout.
   *
   * @default Duration.seconds(30)
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
   */
  readonly visibilityTimeout?: Duration;

  /**
   * How long a message waits for a consumer. Whole seconds, from 60 seconds to 13 days: a dead letter is kept until 14
   * days after it was first sent, and one day must be left to find it.
   *
   * @default Duration.days(4)
   */
  readonly messageRetention?: Duration;

  /**
   * How often a message is tried before it becomes a dead letter. A whole number from 1 to 1,000.
   *
   * @default 5
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   */
  readonly maxReceiveCount?: number;

  /**
   * What happens to both queues with their policies, and to the key if it is made here, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A queue encrypted with a customer key that refuses plain HTTP and loses no message: what cannot be handled goes to a
 * dead-letter queue of its own, which accepts dead letters of no other queue.
 *
 * Controls: STO-01 customer key, STO-02 TLS only, STO-03 no public access, STO-07 service writers, STO-08 survives its stack,
 * STO-13 dead letters.
 */
export class EncryptedQueue extends Construct {
  /**
   * Lets a service send to a queue, made here or not: queue policy and key policy together. Asking twice changes nothing.
   *
   * The policies of an imported queue or key cannot be changed from here: synthesis warns and says what they must contain.
   *
   * @param queue the queue to open to the service
   * @param sender the service
   */
  public static allowSender(queue: sqs.IQueue, sender: ServiceWriter): void {
    // what a service tells the key of a message's source, it tells the queue as well; EventBridge tells only the queue
    const rules = { ArnLike: { 'aws:SourceArn': Stack.of(queue).formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) } };
    const source = sender === ServiceWriter.EVENTBRIDGE_RULES ? rules : undefined;
    admit(queue, 'queue', sender, sender.keyPolicyStatements(queue).map(({ sid, principals, conditions }) =>
      new iam.PolicyStatement({ sid, principals, actions: ['sqs:SendMessage'], resources: [queue.queueArn], conditions: source ?? conditions })));
    if (queue.encryptionMasterKey) EncryptionKey.allowService(queue.encryptionMasterKey, sender);
  }

  /** The queue. Its own grants and metrics all apply. */
  public readonly queue: sqs.Queue;

  /** Where messages go that were tried `maxReceiveCount` times. Alarm on it with its own metrics. */
  public readonly deadLetterQueue: sqs.Queue;

  /** The key that encrypts the messages. */
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: EncryptedQueueProps = {}) {
    super(scope, id);

    checkName(this, 'queueName', props.queueName, /^[\w-]{1,80}$/, "1 to 80 letters, digits and '_-'");
    const visibilityTimeout = props.visibilityTimeout ?? Duration.seconds(30);
    this.checkDuration('visibilityTimeout', visibilityTimeout, Duration.seconds(0), Duration.hours(12));
    const messageRetention = props.messageRetention ?? Duration.days(4);
    this.checkDuration('messageRetention', messageRetention, Duration.seconds(60), Duration.days(13));
    const maxReceiveCount = props.maxReceiveCount ?? 5;
    checkWholeNumber(this, 'maxReceiveCount', maxReceiveCount, 1, 1000);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;

    // each queue names the other, so one name must be known before both: a reference in each would be a circle
    const queueName = props.queueName ?? stackUniqueName('queue', () => this.queue);
    const queueArn = Stack.of(this).formatArn({ service: 'sqs', resource: queueName });

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    this.deadLetterQueue = privateQueue(this, 'DeadLetterQueue', {
      encryptionMasterKey: this.encryptionKey,
      retentionPeriod: DEAD_LETTERS_KEPT_FOR,
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.BY_QUEUE, sourceQueues: [sqs.Queue.fromQueueArn(this, 'Source', queueArn)] },
      removalPolicy,
    });
    this.queue = privateQueue(this, 'Queue', {
      encryptionMasterKey: this.encryptionKey,
      queueName,
      visibilityTimeout,
      retentionPeriod: messageRetention,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
      removalPolicy,
    });
    this.node.defaultChild = this.queue.node.defaultChild;
  }

  /**
   * Lets the EventBridge rules of the queue's account and region send: queue policy and key policy together. Without the second,
   * which targets of rules do not add, events are lost in silence.
   *
   * The key policy carries no source condition, which EventBridge does not send to keys; the queue policy does.
   */
  public allowEventBridgeRules(): void {
    EncryptedQueue.allowSender(this.queue, ServiceWriter.EVENTBRIDGE_RULES);
  }

  /** Lets the S3 buckets of the queue's account send: queue policy and key policy together. */
  public allowS3Notifications(): void {
    EncryptedQueue.allowSender(this.queue, ServiceWriter.S3_NOTIFICATIONS);
  }

  /** Lets the SNS topics of the queue's account and region send: queue policy and key policy together. */
  public allowSnsTopics(): void {
    EncryptedQueue.allowSender(this.queue, ServiceWriter.SNS_TOPICS);
  }

  private checkDuration(prop: string, duration: Duration, min: Duration, max: Duration): void {
    if (duration.isUnresolved()) return;

    const seconds = duration.toSeconds({ integral: false });
    if (!Number.isInteger(seconds) || seconds < min.toSeconds() || seconds > max.toSeconds()) {
      throw new Error(`'${prop}' must be whole seconds from ${min.toHumanString()} to ${max.toHumanString()}, got ${duration.toHumanString()} [${this.node.path}]`);
    }
  }
}
