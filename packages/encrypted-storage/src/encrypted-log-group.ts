import { Annotations, RemovalPolicy, Token } from 'aws-cdk-lib';
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
      removalPolicy,
    });
    this.node.defaultChild = this.logGroup.node.defaultChild;

    EncryptionKey.allowService(this.encryptionKey, ServiceWriter.LOG_GROUPS);

    if (!Token.isUnresolved(retention) && retention < logs.RetentionDays.ONE_YEAR) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-10', `log events are gone after ${retention} days; auditors ask for 365`);
    }
  }
}
