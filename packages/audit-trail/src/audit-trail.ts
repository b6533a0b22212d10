import { EncryptedLogGroup, EncryptedTopic, EncryptionKey, LogBucket, LogPurpose, ServiceWriter } from '@tapstack/encrypted-storage';
import { Annotations, ArnFormat, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DataEvents } from './data-events';
import { checkName } from './private/check-name';
import { SILENCE, TRAIL_CHANGES, whenSilent } from './private/dead-man';
import { Notices } from './private/notices';
import { RUNBOOK } from './private/runbook';

/**
 * Properties of `AuditTrail`.
 */
export interface AuditTrailProps {
  /**
   * The name of the trail, unique in account and region. 3 to 128 letters, digits and `._-`, beginning and ending with a letter
   * or digit, without two of `._-` in a row.
   *
   * @default - CloudFormation makes a unique name
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
   */
  readonly trailName?: string;

  /**
   * The key that encrypts log files and log events. CloudTrail and CloudWatch Logs are let in by its policy; an imported key
   * must do that itself, and synthesis warns.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The beginning of a name for the bucket that only this account can take: `<prefix>-<account>-<region>-an`. Lower-case
   * letters, digits and hyphens, at most 46 characters less the length of the region's name.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly bucketNamePrefix?: string;

  /**
   * The bucket that receives the access logs of the trail's bucket, in the same account and region, encrypted with S3-managed
   * keys.
   *
   * @default - access is not logged, and synthesis warns
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * How long the events are kept in CloudWatch Logs. Less than a year is warned about.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly retention?: logs.RetentionDays;

  /**
   * How long the bucket keeps the log files. Whole days, from 1 to 36,500, and not less than `objectLock` says. Less than a year
   * is warned about.
   *
   * @default Duration.days(365), or as long as `objectLock` says if that is longer
   */
  readonly logFilesKeptFor?: Duration;

  /**
   * How long a log file can be neither changed nor deleted, and by whom not. Not with `RemovalPolicy.DESTROY`: locked log files
   * cannot be emptied.
   *
   * @default - log files are not locked; validation tells when one was changed or deleted
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   */
  readonly objectLock?: s3.ObjectLockRetention;

  /**
   * What is recorded besides the management events: what is done with objects, and who invokes functions. Each event is charged for.
   *
   * @default - management events only
   */
  readonly dataEvents?: DataEvents[];

  /**
   * Who is told when the trail is stopped, deleted or changed, and when nothing was delivered for an hour. EventBridge and
   * CloudWatch are let in by its policy and by that of its key; an imported topic or key must do that itself, and synthesis warns.
   *
   * @default - nobody is told, and synthesis warns (AUD-19)
   */
  readonly topic?: sns.ITopic;

  /**
   * The queue that keeps what could not be told to `topic`. EventBridge is let in by its policy and by that of its key.
   *
   * @default - a new `EncryptedDeadLetterQueue` that keeps it for 14 days, if there is a topic
   */
  readonly failedEvents?: sqs.IQueue;

  /**
   * The page whose sections `#the-trail-was-changed`, `#no-events-arrive`, `#no-log-files-arrive` and `#somebody-was-not-told` say what
   * to do.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;

  /**
   * What happens to the bucket, the log group, and to key and queue if they are made here, when they leave the stack. The trail
   * goes.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A trail of all management events, of every region and of the global services, that cannot be changed unseen.
 *
 * Log files go to a bucket of their own, the events to a log group as well, where alarms can count them.
 *
 * Controls: AUD-08 all regions, AUD-09 log file validation, AUD-10 encrypted, AUD-11 delivery to CloudWatch Logs,
 * AUD-18 data events, AUD-19 silence is told, AUD-04 no event is lost.
 */
export class AuditTrail extends Construct {
  /** The trail. Its own event selectors apply. */
  public readonly trail: cloudtrail.Trail;

  /** The bucket of the log files. */
  public readonly bucket: s3.Bucket;

  /** The log group of the events. Metric filters go here. */
  public readonly logGroup: logs.LogGroup;

  /** The key that encrypts log files and log events. */
  public readonly encryptionKey: kms.IKey;

  /** The rule that hears of a stopped, deleted or changed trail, if there is a topic. */
  public readonly trailChanges?: events.Rule;

  /** Goes off when CloudWatch Logs gets no events, if there is a topic. */
  public readonly noEvents?: cloudwatch.Alarm;

  /** Goes off when the bucket gets no log files, if there is a topic. */
  public readonly noLogFiles?: cloudwatch.Alarm;

  /** What could not be told to the topic, if there is one. */
  public readonly failedEvents?: sqs.IQueue;

  /** Goes off when somebody was not told; not there if `failedEvents` was given with such an alarm. */
  public readonly failedEventsAlarm?: cloudwatch.Alarm;

  /**
   * @throws if a name breaks the rules of CloudTrail or S3, if log files would expire under their lock, or if `failedEvents` comes
   * without `topic`
   */
  constructor(scope: Construct, id: string, props: AuditTrailProps = {}) {
    super(scope, id);

    checkName(this, 'trailName', props.trailName, /^(?=.{3,128}$)[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*$/,
      "3 to 128 letters, digits and '._-', beginning and ending with a letter or digit, without two of '._-' in a row");
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    EncryptionKey.allowService(this.encryptionKey, ServiceWriter.CLOUDTRAIL);
    this.bucket = new LogBucket(this, 'LogFiles', {
      purpose: LogPurpose.CLOUDTRAIL,
      bucketNamePrefix: props.bucketNamePrefix,
      accessLogsBucket: props.accessLogsBucket,
      logsKeptFor: props.logFilesKeptFor,
      objectLock: props.objectLock,
      removalPolicy,
    }).bucket;
    this.logGroup = new EncryptedLogGroup(this, 'Events', { encryptionKey: this.encryptionKey, retention: props.retention, removalPolicy }).logGroup;

    this.trail = new cloudtrail.Trail(this, 'Trail', {
      trailName: props.trailName,
      // imported, so that the L2 adds no statements of its own to the bucket's policy
      bucket: s3.Bucket.fromBucketName(this, 'Target', this.bucket.bucketName),
      encryptionKey: this.encryptionKey,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableFileValidation: true,
      managementEvents: props.dataEvents?.length ? undefined : cloudtrail.ReadWriteType.ALL,
    });
    this.node.defaultChild = this.trail.node.defaultChild;
    this.deliverToLogGroup();
    if (props.dataEvents?.length) this.recordAlso(props.dataEvents);
    // CloudTrail makes a trail only when its bucket lets it write
    this.trail.node.addDependency(this.bucket.policy!);

    if (props.topic) {
      const { topic, failedEvents, runbookUrl } = props;
      const notices = new Notices(this, { topic, failedEvents, encryptionKey: () => this.encryptionKey, removalPolicy, runbookUrl });
      this.failedEvents = notices.failedEvents;
      this.failedEventsAlarm = notices.failedEventsAlarm;
      this.trailChanges = notices.tell('TrailChanges', 'A trail that was stopped, deleted or changed', TRAIL_CHANGES);
      [this.noEvents, this.noLogFiles] = this.listenForSilence(props.topic, props.runbookUrl ?? RUNBOOK);
    } else if (props.failedEvents) {
      throw new Error(`'failedEvents' must come with who is told, got no 'topic'; pass it too [${this.node.path}]`);
    } else {
      Annotations.of(this).addWarningV2('audit-trail:AUD-19', "nobody is told when the trail is stopped or delivers nothing; pass 'topic'");
    }
  }

  /** Below the L2, which knows the older selectors only; CloudTrail takes either kind. */
  private recordAlso(dataEvents: DataEvents[]): void {
    const trail = this.trail.node.defaultChild as cloudtrail.CfnTrail;
    trail.advancedEventSelectors = [
      { name: 'Management events', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
      ...dataEvents.map((one) => one.selector()),
    ];
    const selectors = trail.eventSelectors;
    const others = (): unknown[] => Stack.of(this).resolve(selectors) ?? [];
    // an empty list of the other kind is one kind too many
    trail.eventSelectors = Lazy.any({ produce: () => (others().length > 0 ? others() : undefined) });
    this.node.addValidation({
      validate: () => (others().length === 0 ? [] : [
        `'dataEvents' must be all data events of the trail, got others through its own methods; pass them as 'dataEvents' [${this.node.path}]`,
      ]),
    });
  }

  private listenForSilence(topic: sns.ITopic, runbookUrl: string): cloudwatch.Alarm[] {
    EncryptedTopic.allowPublisher(topic, ServiceWriter.CLOUDWATCH_ALARMS);
    // S3 counts requests only where it is asked to
    this.bucket.addMetric({ id: 'LogFiles' });
    const { logGroupName } = this.logGroup;
    const options = { statistic: cloudwatch.Stats.SUM, period: SILENCE };
    const eventsSeen = new cloudwatch.Metric({ namespace: 'AWS/Logs', metricName: 'IncomingLogEvents', dimensionsMap: { LogGroupName: logGroupName }, ...options });
    const filesSeen = new cloudwatch.Metric({
      namespace: 'AWS/S3', metricName: 'PutRequests', dimensionsMap: { BucketName: this.bucket.bucketName, FilterId: 'LogFiles' }, ...options,
    });
    const alarms = [
      new cloudwatch.Alarm(this, 'NoEvents', whenSilent(eventsSeen, `CloudTrail delivered no events to CloudWatch Logs for an hour. ${runbookUrl}#no-events-arrive`)),
      new cloudwatch.Alarm(this, 'NoLogFiles', whenSilent(filesSeen, `CloudTrail delivered no log files to S3 for an hour. ${runbookUrl}#no-log-files-arrive`)),
    ];
    const action = new SnsAction(topic);
    for (const alarm of alarms) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    return alarms;
  }

  /** Below the L2, whose own role has an inline policy. */
  private deliverToLogGroup(): void {
    const role = new iam.Role(this, 'DeliveryRole', {
      description: `Delivers the events of the trail to CloudWatch Logs (${this.node.path})`,
      assumedBy: new iam.ServicePrincipal('cloudtrail.amazonaws.com'),
    });
    const policy = new iam.ManagedPolicy(this, 'DeliveryPolicy', {
      description: `Writes the events of the trail to its log group (${this.node.path})`,
      statements: [new iam.PolicyStatement({
        sid: 'WriteEvents',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.streams()],
      })],
      roles: [role],
    });
    const trail = this.trail.node.defaultChild as cloudtrail.CfnTrail;
    trail.cloudWatchLogsLogGroupArn = this.logGroup.logGroupArn;
    trail.cloudWatchLogsRoleArn = role.roleArn;
    // CloudTrail tries to write when the trail is made
    this.trail.node.addDependency(policy);
  }

  /** The streams that CloudTrail makes in the log group: they begin with the account. */
  private streams(): string {
    const { account, region } = Stack.of(this);
    return Stack.of(this).formatArn({
      service: 'logs', resource: 'log-group', resourceName: `${this.logGroup.logGroupName}:log-stream:${account}_CloudTrail_${region}*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
