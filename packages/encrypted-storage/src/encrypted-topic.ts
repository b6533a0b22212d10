import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IDependable } from 'constructs';
import { EncryptionKey } from './encryption-key';
import { admit } from './private/admit';
import { checkName } from './private/check-name';
import { ServiceWriter } from './service-writer';

/**
 * Properties of `EncryptedTopic`.
 */
export interface EncryptedTopicProps {
  /**
   * The key that encrypts the messages.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The name of the topic. 1 to 256 letters, digits and `_-`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly topicName?: string;

  /**
   * The sender that subscribers see. At most 100 characters.
   *
   * @default - none
   */
  readonly displayName?: string;

  /**
   * What happens to the key, if it is made here, when it leaves the stack. A topic holds nothing and goes with the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A topic encrypted with a customer key that accepts messages over TLS only, and from the services it is told to.
 *
 * A service needs two permissions to publish, one on the topic and one on its key; without the second the message is
 * lost in silence. `allowCloudWatchAlarms`, `allowEventBridgeRules` and their like give both.
 *
 * Controls: STO-01 customer key, STO-02 TLS only, STO-03 no public access, STO-07 service writers.
 */
export class EncryptedTopic extends Construct {
  /**
   * Lets a service publish to a topic, made here or not: topic policy and key policy together. Asking twice changes nothing.
   *
   * The policies of an imported topic or key cannot be changed from here: synthesis warns and says what they must contain.
   *
   * @param topic the topic to open to the service
   * @param publisher the service
   * @returns what holds the permission, for resources that need it when they are made; nothing for an imported topic
   */
  public static allowPublisher(topic: sns.ITopic, publisher: ServiceWriter): IDependable | undefined {
    // what a service tells the key of a message's source, it tells the topic as well
    const statements = publisher.keyPolicyStatements(topic).map(({ sid, principals, conditions }) =>
      new iam.PolicyStatement({ sid, principals, actions: ['sns:Publish'], resources: [topic.topicArn], conditions }));
    const policy = admit(topic, 'topic', publisher, statements);
    if (topic.masterKey) EncryptionKey.allowService(topic.masterKey, publisher);
    return policy;
  }

  /** The topic. Its own grants, subscriptions and metrics all apply. */
  public readonly topic: sns.Topic;

  /** The key that encrypts the messages. */
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: EncryptedTopicProps = {}) {
    super(scope, id);

    checkName(this, 'topicName', props.topicName, /^[\w-]{1,256}$/, "1 to 256 letters, digits and '_-'");
    checkName(this, 'displayName', props.displayName, /^[^]{0,100}$/, 'at most 100 characters');

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy: props.removalPolicy }).key;
    this.topic = new sns.Topic(this, 'Topic', {
      topicName: props.topicName,
      displayName: props.displayName,
      masterKey: this.encryptionKey,
      enforceSSL: true,
    });
    this.node.defaultChild = this.topic.node.defaultChild;
  }

  /** Lets the CloudWatch alarms of the topic's account and region publish: topic policy and key policy together. */
  public allowCloudWatchAlarms(): void {
    EncryptedTopic.allowPublisher(this.topic, ServiceWriter.CLOUDWATCH_ALARMS);
  }

  /**
   * Lets EventBridge rules publish: topic policy and key policy together.
   *
   * Neither carries a source condition, which EventBridge does not support for encrypted topics. Who may name the topic
   * as a target is decided by `events:PutTargets` in IAM.
   */
  public allowEventBridgeRules(): void {
    EncryptedTopic.allowPublisher(this.topic, ServiceWriter.EVENTBRIDGE_RULES);
  }

  /** Lets the RDS event subscriptions of the topic's account and region publish: topic policy and key policy together. */
  public allowRdsEvents(): void {
    EncryptedTopic.allowPublisher(this.topic, ServiceWriter.RDS_EVENTS);
  }

  /** Lets the S3 buckets of the topic's account publish: topic policy and key policy together. */
  public allowS3Notifications(): void {
    EncryptedTopic.allowPublisher(this.topic, ServiceWriter.S3_NOTIFICATIONS);
  }

  /** Lets the budgets of the topic's account publish: topic policy and key policy together. */
  public allowBudgets(): void {
    EncryptedTopic.allowPublisher(this.topic, ServiceWriter.BUDGETS);
  }
}
