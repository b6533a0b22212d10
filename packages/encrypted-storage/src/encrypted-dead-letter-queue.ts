import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EncryptionKey } from './encryption-key';
import { DEAD_LETTERS_KEPT_FOR, privateQueue } from './private/private-queue';

/**
 * Properties of `EncryptedDeadLetterQueue`.
 */
export interface EncryptedDeadLetterQueueProps {
  /**
   * The key that encrypts the messages.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the queue with its policy, and to the key if it is made here, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A queue of what rules of EventBridge, subscriptions or functions could not deliver, encrypted with a customer key, that refuses plain HTTP.
 *
 * Each message is there for 14 days, however often it is looked at. With a dead-letter queue of its own, what was looked at a few times
 * would be gone, and an alarm on what waits here silent. No queue may leave its dead letters here: an `EncryptedQueue` has its own place
 * for them.
 *
 * Controls: STO-01 customer key, STO-02 TLS only, STO-03 no public access, STO-08 survives its stack, STO-13 dead letters.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export class EncryptedDeadLetterQueue extends Construct {
  /** The queue. Its own grants and metrics all apply; `EncryptedQueue.allowSender` lets services send. */
  public readonly queue: sqs.Queue;

  /** The key that encrypts the messages. */
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: EncryptedDeadLetterQueueProps = {}) {
    super(scope, id);

    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    this.queue = privateQueue(this, 'Queue', {
      encryptionMasterKey: this.encryptionKey,
      retentionPeriod: DEAD_LETTERS_KEPT_FOR,
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL },
      removalPolicy,
    });
    this.node.defaultChild = this.queue.node.defaultChild;
  }
}
