import { Annotations, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { EncryptionKey } from './encryption-key';
import { checkName } from './private/check-name';
import { ServiceWriter } from './service-writer';

/**
 * Properties of `EncryptedLogGroup`.
 */
export interface EncryptedLogGroupProps {
  /**
   * The key that encrypts the log events. CloudWatch Logs is let in by its policy; an imported key must do that itself,
   * and synthesis warns (STO-07).
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The name of the log group. 1 to 512 letters, digits and `_-/.#`, not beginning with `aws/`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly logGroupName?: string;

  /**
   * How long log events are kept. Less than a year is warned about (STO-10).
   *
   * @default logs.RetentionDays.ONE_YEAR
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html#SettingLogRetention
   */
  readonly retention?: logs.RetentionDays;

  /**
   * What the log group can do, and costs. `INFREQUENT_ACCESS` halves the price of ingestion and only keeps and searches: metric
   * filters and subscription filters on it fail synthesis, metrics embedded in its logs never come to be. It cannot be changed
   * later without losing the log group.
   *
   * @default logs.LogGroupClass.STANDARD
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
   */
  readonly logGroupClass?: logs.LogGroupClass;

  /**
   * What happens to the log group, and to the key if it is made here, when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A log group encrypted with a customer key that lets CloudWatch Logs in, kept for a year.
 *
 * Controls: STO-01 customer key, STO-07 service writers, STO-08 survives its stack, STO-10 retention.
 */
export class EncryptedLogGroup extends Construct {
  /** The log group. Its own grants, metric filters and subscriptions all apply. */
  public readonly logGroup: logs.LogGroup;

  /** The key that encrypts the log events. */
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: EncryptedLogGroupProps = {}) {
    super(scope, id);

    checkName(this, 'logGroupName', props.logGroupName, /^(?!aws\/)[\w\-/.#]{1,512}$/, "1 to 512 letters, digits and '_-/.#', not beginning with 'aws/'");
    const retention = props.retention ?? logs.RetentionDays.ONE_YEAR;
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    this.logGroup = new logs.LogGroup(this, 'LogGroup', {
      logGroupName: props.logGroupName,
      encryptionKey: this.encryptionKey,
      retention,
      logGroupClass: props.logGroupClass,
      removalPolicy,
    });
    if (props.logGroupClass === logs.LogGroupClass.INFREQUENT_ACCESS) this.node.addValidation({ validate: () => this.filters() });
    this.node.defaultChild = this.logGroup.node.defaultChild;

    EncryptionKey.allowService(this.encryptionKey, ServiceWriter.LOG_GROUPS);

    if (!Token.isUnresolved(retention) && retention < logs.RetentionDays.ONE_YEAR) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-10', `log events are gone after ${retention} days; auditors ask for 365`);
    }
  }

  /** Filters that this class of log groups does not have, wherever in the stack they were made. */
  private filters(): string[] {
    const stack = Stack.of(this);
    const text = (value: unknown) => JSON.stringify(stack.resolve(value));
    const name = text(this.logGroup.logGroupName);
    return stack.node.findAll()
      .filter((construct) => logs.CfnMetricFilter.isCfnMetricFilter(construct) || logs.CfnSubscriptionFilter.isCfnSubscriptionFilter(construct))
      .filter((filter) => text(filter.logGroupName) === name)
      .map(({ node }) => `'logGroupClass' must be STANDARD for metric and subscription filters, got INFREQUENT_ACCESS and '${node.path}'; leave it out [${this.node.path}]`);
  }
}
