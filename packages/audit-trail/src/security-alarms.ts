import { EncryptedTopic, ServiceWriter } from '@tapstack/encrypted-storage';
import { Annotations, Aws, Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { MonitoredActivity } from './monitored-activity';
import { checkName } from './private/check-name';
import { exclusions } from './private/quiet';
import { RUNBOOK } from './private/runbook';

const LONGEST_PATTERN = 1024;

/**
 * An activity that is alarmed on with exceptions.
 */
export interface QuietedActivity {
  /** What goes on: one of those that are not switched off. */
  readonly activity: MonitoredActivity;

  /** Why the exceptions are no danger. It stands in the description of the alarm. */
  readonly reason: string;

  /**
   * Roles whose sessions may do it unheard.
   *
   * @default - none
   */
  readonly roles?: iam.IRole[];

  /**
   * Users who may do it unheard.
   *
   * @default - none
   */
  readonly users?: iam.IUser[];

  /**
   * Services that may do it unheard when they act in somebody's name: `config.amazonaws.com`, for example.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
   */
  readonly services?: string[];
}

/**
 * Properties of `SecurityAlarms`.
 */
export interface SecurityAlarmsProps {
  /**
   * The log group that a trail delivers to: `audit.logGroup` of an `AuditTrail`. Not one of the class Infrequent Access, which
   * has no metric filters.
   */
  readonly logGroup: logs.ILogGroup;

  /**
   * Who is told. CloudWatch is let in by its policy and by that of its key; an imported topic or key must do that itself, and
   * synthesis warns.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
   */
  readonly topic: sns.ITopic;

  /**
   * Activities that nobody is told about. Synthesis warns for each (AUD-15).
   *
   * @default - none
   */
  readonly without?: MonitoredActivity[];

  /**
   * Activities that some roles, users or services may do unheard. Synthesis warns for each (AUD-17).
   *
   * @default - none
   */
  readonly quieted?: QuietedActivity[];

  /**
   * The namespace of the metrics. 1 to 255 characters, not beginning with `AWS/` or a colon, and without colons at all.
   *
   * @default - `SecurityAlarms/<name of the stack>`, so that two environments in one account do not count together
   */
  readonly metricNamespace?: string;

  /**
   * The page whose sections say what to do: `#usage-of-the-root-user`, for example. Each alarm links to its own.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;
}

/**
 * An alarm for each activity that the CIS AWS Foundations Benchmark asks to be told about: it goes off at the first event, and
 * says when five minutes passed without another.
 *
 * Controls: AUD-15 the catalogue of CIS, AUD-16 every alarm acts, AUD-17 exceptions have reasons.
 */
export class SecurityAlarms extends Construct {
  /** The alarms, in the order of CIS, without those that are switched off. */
  public readonly alarms: cloudwatch.Alarm[] = [];

  /** The namespace of the metrics. */
  public readonly metricNamespace: string;

  /**
   * @throws if an activity is quieted and switched off, or twice, or for nobody, or with a pattern that is too long; if nothing is
   * left; if the namespace is not one; if the log group has no metric filters
   */
  constructor(scope: Construct, id: string, private readonly props: SecurityAlarmsProps) {
    super(scope, id);

    this.metricNamespace = props.metricNamespace ?? `SecurityAlarms/${Aws.STACK_NAME}`;
    this.checkInput(props);
    EncryptedTopic.allowPublisher(props.topic, ServiceWriter.CLOUDWATCH_ALARMS);

    const without = props.without ?? [];
    for (const activity of MonitoredActivity.all().filter((one) => !without.includes(one))) {
      this.alarms.push(this.alarm(activity, props.quieted?.find((quieted) => quieted.activity === activity)));
    }
    for (const { id: off, title } of without) {
      Annotations.of(this).addWarningV2(`audit-trail:AUD-15-${off}`, `nobody is told about ${title}`);
    }
    this.node.addValidation({ validate: () => this.namesakes() });
  }

  /**
   * How often an activity was seen in five minutes.
   *
   * @param activity one that is not switched off
   * @throws if the activity is switched off
   */
  public metric(activity: MonitoredActivity): cloudwatch.Metric {
    if (this.props.without?.includes(activity)) {
      throw new Error(`'activity' must be one that is monitored, got '${activity.id}', which 'without' switches off [${this.node.path}]`);
    }
    return new cloudwatch.Metric({
      namespace: this.metricNamespace, metricName: activity.id, statistic: cloudwatch.Stats.SUM, period: Duration.minutes(5),
    });
  }

  private alarm(activity: MonitoredActivity, quieted?: QuietedActivity): cloudwatch.Alarm {
    const pattern = activity.pattern(...quieted ? exclusions(quieted.roles ?? [], quieted.users ?? [], quieted.services ?? []) : []);
    if (!Token.isUnresolved(pattern) && pattern.length > LONGEST_PATTERN) {
      throw new Error(`'quieted' must leave a pattern of at most ${LONGEST_PATTERN} characters, got ${pattern.length} for '${activity.id}'; name fewer [${this.node.path}]`);
    }
    new logs.MetricFilter(this, `${activity.id}Filter`, {
      filterName: activity.id,
      logGroup: this.props.logGroup,
      filterPattern: logs.FilterPattern.literal(pattern),
      metricNamespace: this.metricNamespace,
      metricName: activity.id,
      metricValue: '1',
    });
    const alarm = new cloudwatch.Alarm(this, activity.id, {
      metric: this.metric(activity),
      alarmDescription: this.description(activity, quieted),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // the filter says nothing when nothing happens
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    // nobody is told that it is over: what was done is done
    alarm.addAlarmAction(new SnsAction(this.props.topic));
    return alarm;
  }

  private description({ id, title, controls, runbook }: MonitoredActivity, quieted?: QuietedActivity): string {
    if (quieted) Annotations.of(this).addWarningV2(`audit-trail:AUD-17-${id}`, `some may do unheard: ${title}, because ${quieted.reason}`);
    const exceptions = quieted ? ` With exceptions: ${quieted.reason}.` : '';
    return `Seen in the trail: ${title} (${controls.join(', ')}).${exceptions} ${this.props.runbookUrl ?? RUNBOOK}#${runbook}`;
  }

  private checkInput({ logGroup, without = [], quieted = [], metricNamespace }: SecurityAlarmsProps): void {
    checkName(this, 'metricNamespace', metricNamespace, /^(?!AWS\/)[^:\s][^:]{0,254}$/, "1 to 255 characters without colons, not beginning with 'AWS/'");
    const group = logGroup.node.defaultChild;
    if (group instanceof logs.CfnLogGroup && group.logGroupClass === logs.LogGroupClass.INFREQUENT_ACCESS) {
      throw new Error(`'logGroup' must be of the class Standard, got one of Infrequent Access, which has no metric filters [${this.node.path}]`);
    }
    if (MonitoredActivity.all().every((activity) => without.includes(activity))) {
      throw new Error(`'without' must leave an activity to tell about, got all of them; leave the construct out instead [${this.node.path}]`);
    }
    quieted.forEach((one, index) => this.checkQuieted(one, without, quieted.slice(0, index)));
  }

  private checkQuieted(quieted: QuietedActivity, without: MonitoredActivity[], before: QuietedActivity[]): void {
    const { activity, reason, roles = [], users = [], services = [] } = quieted;
    const fail = (rule: string) => { throw new Error(`'quieted' must ${rule} [${this.node.path}]`); };
    if (without.includes(activity)) fail(`not name what 'without' switches off, got '${activity.id}' in both; leave it out of one`);
    if (before.some((other) => other.activity === activity)) fail(`name an activity once, got '${activity.id}' twice; put the exceptions together`);
    if (reason.trim() === '') fail(`give a reason, got none for '${activity.id}'`);
    if (roles.length + users.length + services.length === 0) fail(`name roles, users or services, got none for '${activity.id}'`);
    for (const service of services.filter((name) => !Token.isUnresolved(name) && !/^[a-z0-9.-]+\.amazonaws\.com$/.test(name))) {
      fail(`name services as CloudTrail does, got '${service}'; write 'config.amazonaws.com', for example`);
    }
  }

  /** Two that count in one namespace count each other's events. */
  private namesakes(): string[] {
    const stack = Stack.of(this);
    const namespace = (alarms: SecurityAlarms) => JSON.stringify(stack.resolve(alarms.metricNamespace));
    const others = stack.node.findAll().filter((other): other is SecurityAlarms => other instanceof SecurityAlarms && other !== this);
    return others.filter((other) => namespace(other) === namespace(this)).map((other) => `'metricNamespace' must be its own for each, got the one of '${other.node.path}'; pass another [${this.node.path}]`);
  }
}
