import { EncryptedLogGroup, EncryptionKey } from '@tapstack/encrypted-storage';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmSet } from './private/alarm-set';
import { checkPercent, checkWhole, wholeSeconds } from './private/checks';
import { FUNCTION_DURATION, FUNCTION_ERRORS, FUNCTION_FAILURES, FUNCTION_THROTTLES } from './private/function-alarm-catalogue';
import { ManagedRole } from './private/managed-role';

/**
 * Properties of `MonitoredFunction`.
 */
export interface MonitoredFunctionProps {
  /**
   * What is run: from a directory, a bucket, or a few lines in the template.
   */
  readonly code: lambda.Code;

  /**
   * The file and the function in it that is called, as in `index.handler`.
   */
  readonly handler: string;

  /**
   * What runs the code.
   *
   * @default - Node.js 24
   */
  readonly runtime?: lambda.Runtime;

  /**
   * What it is for, as others see it. At most 256 characters.
   *
   * @default - the path of the construct
   */
  readonly description?: string;

  /**
   * After how long a call is stopped. Whole seconds, from 1 to 900.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * Memory, in MiB, and with it the share of a processor. A whole number, from 128 to 10,240.
   *
   * @default 256
   */
  readonly memorySizeMib?: number;

  /**
   * Variables that the code reads, encrypted with the key. No place for secrets.
   *
   * @default - none
   */
  readonly environment?: Record<string, string>;

  /**
   * How many calls may run at the same time. They are also kept free for it: taken from the quota of the account. A whole number, at
   * least 1.
   *
   * @default - as many as the account has left; a flood of calls then takes them from other functions
   */
  readonly reservedConcurrency?: number;

  /**
   * Where an event goes that was given up after two retries.
   *
   * @default - a new encrypted queue that keeps it for 14 days, with an alarm on it
   */
  readonly onFailure?: lambda.IDestination;

  /**
   * The key that encrypts variables, log group and queue, if they are made here. Its policy must let the account's IAM policies
   * permit its use, and CloudWatch Logs use it.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Where it writes what it logs. It must exist: the function may write to it, and may not create one.
   *
   * @default - a new `EncryptedLogGroup`
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * How long logs are kept, if the log group is made here. Less than a year is warned about (STO-10).
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Who is told when an alarm goes off. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (CMP-10)
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Errors within five minutes that are an alarm. A whole number, at least 1.
   *
   * @default 1
   */
  readonly errorsThreshold?: number;

  /**
   * Throttled calls within five minutes that are an alarm. A whole number, at least 1.
   *
   * @default 1
   */
  readonly throttlesThreshold?: number;

  /**
   * How much of the timeout the slowest call may take, in percent. Above 0 and below 100.
   *
   * @default 80
   */
  readonly durationThresholdPercent?: number;

  /**
   * The page whose sections `#function-errors`, `#function-throttles`, `#function-duration` and `#function-failures` say what to do.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;

  /**
   * What happens to key, log group and queue, if they are made here, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A Lambda function that says what it does, loses no event, and can do nothing in AWS but report until something is granted to it.
 *
 * Its log group, with key and retention, is there before its first call; calls are traced; an event that it gives up is kept.
 *
 * Controls: CMP-04 least privilege, CMP-09 logs leave the machine, CMP-10 every alarm acts, CMP-16 no event is lost, CMP-17 calls are traced.
 */
export class MonitoredFunction extends Construct implements iam.IGrantable {
  /** The function. Its own grants, triggers and metrics all apply. */
  public readonly function: lambda.Function;

  /** The log group. */
  public readonly logGroup: logs.ILogGroup;

  /** The key of variables, log group and queue. */
  public readonly encryptionKey: kms.IKey;

  /** The events that were given up; absent if they go elsewhere. */
  public readonly failures?: sqs.Queue;

  /** Errors. */
  public readonly errorsAlarm: cloudwatch.Alarm;

  /** Calls turned away. */
  public readonly throttlesAlarm: cloudwatch.Alarm;

  /** Calls near the timeout. */
  public readonly durationAlarm: cloudwatch.Alarm;

  /** Events in `failures`; absent if they go elsewhere. */
  public readonly failuresAlarm?: cloudwatch.Alarm;

  /** The principal that grants go to. */
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: MonitoredFunctionProps) {
    super(scope, id);

    const timeout = props.timeout ?? Duration.seconds(30);
    const timeoutSeconds = wholeSeconds(this, 'timeout', timeout, 1, 900);
    const durationPercent = props.durationThresholdPercent ?? 80;
    const { errorsThreshold = 1, throttlesThreshold = 1, memorySizeMib = 256, removalPolicy = RemovalPolicy.RETAIN } = props;
    checkPercent(this, 'durationThresholdPercent', durationPercent);
    checkWhole(this, 'errorsThreshold', errorsThreshold, 1);
    checkWhole(this, 'throttlesThreshold', throttlesThreshold, 1);
    checkWhole(this, 'memorySizeMib', memorySizeMib, 128, 10240);
    if (props.reservedConcurrency !== undefined) checkWhole(this, 'reservedConcurrency', props.reservedConcurrency, 1);

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    this.logGroup = props.logGroup ?? new EncryptedLogGroup(this, 'Logs', { encryptionKey: this.encryptionKey, retention: props.logRetention, removalPolicy }).logGroup;
    if (!props.onFailure) {
      this.failures = new sqs.Queue(this, 'Failures', {
        encryptionMasterKey: this.encryptionKey, enforceSSL: true, retentionPeriod: Duration.days(14), removalPolicy,
      });
      // a queue that outlives its stack stays protected
      (this.failures.node.findChild('Policy') as sqs.QueuePolicy).applyRemovalPolicy(removalPolicy);
    }

    const role = new ManagedRole(this, 'Role', {
      description: `Role of a function (${this.node.path})`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    this.logGroup.grantWrite(role).assertSuccess();
    this.function = new lambda.Function(this, 'Function', {
      description: props.description ?? `Function ${this.node.path}`,
      code: props.code,
      handler: props.handler,
      runtime: props.runtime ?? lambda.Runtime.NODEJS_24_X,
      role,
      timeout,
      memorySize: memorySizeMib,
      environment: props.environment,
      environmentEncryption: this.encryptionKey,
      reservedConcurrentExecutions: props.reservedConcurrency,
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
      retryAttempts: 2,
      onFailure: props.onFailure ?? new SqsDestination(this.failures!),
    });
    this.node.defaultChild = this.function.node.defaultChild;
    this.grantPrincipal = this.function.grantPrincipal;

    const alarms = new AlarmSet(this, props);
    const period = Duration.minutes(5);
    this.errorsAlarm = alarms.add('Errors', FUNCTION_ERRORS, this.function.metricErrors({ period }), errorsThreshold);
    this.throttlesAlarm = alarms.add('Throttles', FUNCTION_THROTTLES, this.function.metricThrottles({ period }), throttlesThreshold);
    const slowest = this.function.metricDuration({ period, statistic: cloudwatch.Stats.MAXIMUM });
    this.durationAlarm = alarms.add('Duration', FUNCTION_DURATION, slowest, timeoutSeconds * 10 * durationPercent);
    if (this.failures) this.failuresAlarm = alarms.add('GivenUp', FUNCTION_FAILURES, this.failures.metricApproximateNumberOfMessagesVisible({ period }), 1);
  }
}
