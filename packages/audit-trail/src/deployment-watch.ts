import { EncryptedTopic, EncryptionKey, ServiceWriter } from '@tapstack/encrypted-storage';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { checkName } from './private/check-name';
import { FAILED_STATUSES } from './private/failed-statuses';
import { Notices } from './private/notices';
import { RUNBOOK } from './private/runbook';

/**
 * Properties of `DeploymentWatch`.
 */
export interface DeploymentWatchProps {
  /**
   * Who is told. EventBridge and CloudWatch are let in by its policy and by that of its key; an imported topic or key must do that
   * itself, and synthesis warns.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly topic: sns.ITopic;

  /**
   * What the names of the stacks begin with that are watched: letters, digits and hyphens, beginning with a letter, at most 128.
   *
   * @default - every stack of the account and region
   */
  readonly stackNamePrefix?: string;

  /**
   * The queue that keeps what could not be told. EventBridge is let in by its policy and by that of its key; an imported one must do
   * that itself, and synthesis warns.
   *
   * @default - a new `EncryptedDeadLetterQueue` that keeps it for 14 days
   */
  readonly failedEvents?: sqs.IQueue;

  /**
   * The key that encrypts what could not be told.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days, unless `failedEvents` is given
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The page whose sections `#a-deployment-failed` and `#somebody-was-not-told` say what to do.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;

  /**
   * What happens to queue and key, if they are made here, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Tells a topic when a stack of CloudFormation fails, also when it was rolled back successfully, and alarms until it is quiet.
 *
 * A stack cannot tell that it was never made: the watch must be there before, in a stack of its own or in an earlier deployment.
 *
 * Controls: AUD-20 failed deployments are told, AUD-16 every alarm acts, AUD-04 no event is lost.
 */
export class DeploymentWatch extends Construct {
  /** The rule that hears of failed stacks. */
  public readonly failures: events.Rule;

  /** Goes off when a stack failed within the last five minutes. */
  public readonly alarm: cloudwatch.Alarm;

  /** What could not be told. */
  public readonly failedEvents: sqs.IQueue;

  /** Goes off when somebody was not told; not there if `failedEvents` was given with such an alarm. */
  public readonly failedEventsAlarm?: cloudwatch.Alarm;

  /**
   * @throws if the prefix is none of the name of a stack
   */
  constructor(scope: Construct, id: string, props: DeploymentWatchProps) {
    super(scope, id);

    const { topic, stackNamePrefix } = props;
    checkName(this, 'stackNamePrefix', stackNamePrefix, /^[a-zA-Z][a-zA-Z0-9-]{0,127}$/, 'what names of stacks begin with: a letter, then letters, digits and hyphens, at most 128');
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;

    const notices = new Notices(this, {
      topic,
      failedEvents: props.failedEvents,
      encryptionKey: () => props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key,
      removalPolicy,
      runbookUrl: props.runbookUrl,
    });
    this.failedEvents = notices.failedEvents;
    this.failedEventsAlarm = notices.failedEventsAlarm;
    this.failures = notices.tell('Failures', 'Deployments that failed', {
      source: ['aws.cloudformation'],
      detailType: ['CloudFormation Stack Status Change'],
      resources: stackNamePrefix === undefined ? undefined : events.Match.prefix(Stack.of(this).formatArn({
        service: 'cloudformation', resource: 'stack', resourceName: stackNamePrefix,
      })),
      detail: { 'status-details': { status: FAILED_STATUSES } },
    });
    this.node.defaultChild = this.failures.node.defaultChild;

    EncryptedTopic.allowPublisher(topic, ServiceWriter.CLOUDWATCH_ALARMS);
    this.alarm = new cloudwatch.Alarm(this, 'Alarm', {
      metric: this.metricFailures(),
      alarmDescription: `A deployment failed. ${props.runbookUrl ?? RUNBOOK}#a-deployment-failed`,
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // the rule counts nothing when it hears of nothing
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(topic);
    this.alarm.addAlarmAction(action);
    this.alarm.addOkAction(action);
  }

  /**
   * How often a stack failed in five minutes, as EventBridge counts it for the rule: CloudFormation has no metrics of its own.
   *
   * @param options what to change of the metric
   */
  public metricFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: this.failures.ruleName },
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(5),
      ...options,
    });
  }
}
