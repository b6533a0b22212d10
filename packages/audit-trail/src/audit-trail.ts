import { EncryptedLogGroup, EncryptionKey, LogBucket, LogPurpose, ServiceWriter } from '@tapstack/encrypted-storage';
import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { checkName } from './private/check-name';

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
   * What happens to the bucket, the log group, and to the key if it is made here, when they leave the stack. The trail goes.
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
 * Controls: AUD-08 all regions, AUD-09 log file validation, AUD-10 encrypted, AUD-11 delivery to CloudWatch Logs.
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

  /**
   * @throws if a name breaks the rules of CloudTrail or S3, or if log files would expire under their lock
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
      managementEvents: cloudtrail.ReadWriteType.ALL,
    });
    this.node.defaultChild = this.trail.node.defaultChild;
    this.deliverToLogGroup();
    // CloudTrail makes a trail only when its bucket lets it write
    this.trail.node.addDependency(this.bucket.policy!);
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
