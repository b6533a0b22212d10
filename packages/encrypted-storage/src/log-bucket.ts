import { Annotations, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { logAccess } from './private/access-logging';
import { accessLogDelivery, trailDelivery } from './private/bucket-statements';
import { privateBucket } from './private/private-bucket';
import { wholeDays } from './private/whole-days';

const YEAR_IN_DAYS = 365;
const HUNDRED_YEARS_IN_DAYS = 36500;

/**
 * What a `LogBucket` receives, which decides who may write to it and how it is encrypted.
 */
export enum LogPurpose {
  /**
   * Server access logs of the S3 buckets of the account and region.
   *
   * Encrypted with S3-managed keys (SSE-S3): S3 does not deliver access logs to a bucket with a KMS key, and says nothing.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  ACCESS_LOGS = 'ACCESS_LOGS',

  /**
   * Log files of the CloudTrail trails of the account whose home is this region, without a key prefix.
   *
   * The bucket's own encryption is SSE-S3. A trail that has a customer key asks for it with each log file, and what CloudTrail
   * writes without asking is not refused by a key that admits log files only.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
   */
  CLOUDTRAIL = 'CLOUDTRAIL',
}

/** Who may write to the bucket, by purpose. */
const DELIVERY: Record<LogPurpose, (bucket: s3.IBucket) => iam.PolicyStatement[]> = {
  [LogPurpose.ACCESS_LOGS]: (bucket) => [accessLogDelivery(bucket)],
  [LogPurpose.CLOUDTRAIL]: trailDelivery,
};

/**
 * Properties of `LogBucket`.
 */
export interface LogBucketProps {
  /** What the bucket receives. Each purpose has a policy and an encryption of its own. */
  readonly purpose: LogPurpose;

  /**
   * The name of the bucket, unique in all of AWS. 3 to 63 lower-case letters, digits and hyphens.
   *
   * @default - CloudFormation makes a unique name
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
   */
  readonly bucketName?: string;

  /**
   * The beginning of a name that only this account can take: `<prefix>-<account>-<region>-an`. Lower-case letters, digits
   * and hyphens, at most 46 characters less the length of the region's name.
   *
   * @default - CloudFormation makes a unique name
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
   */
  readonly bucketNamePrefix?: string;

  /**
   * The bucket that receives the access logs of this one: a `LogBucket` for access logs in the same account and region. CIS
   * asks for it where the logs are those of CloudTrail. Refused where they are access logs themselves.
   *
   * @default - access is not logged; with `LogPurpose.CLOUDTRAIL` synthesis warns (STO-04)
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * What the keys of the access log objects begin with. Only with `accessLogsBucket`.
   *
   * @default - the path of the construct and a slash
   */
  readonly accessLogsPrefix?: string;

  /**
   * How long logs are kept. Whole days, from 1 to 36,500. Less than a year is warned about (STO-10).
   *
   * @default Duration.days(365)
   */
  readonly logsKeptFor?: Duration;

  /**
   * How long logs that were deleted or overwritten can be brought back. Whole days, from 1 to 36,500.
   *
   * @default Duration.days(90)
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
   */
  readonly supersededVersionsKeptFor?: Duration;

  /**
   * What happens to the bucket and its policy when they leave the stack. `DESTROY` empties the bucket first, and logs that
   * arrive meanwhile are turned away.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A private, versioned bucket that one AWS service may write its logs to. One is enough for many sources.
 *
 * The access to access logs is not logged: a bucket that logs to itself never comes to rest, and a bucket for the logs of
 * the log bucket has the same question again.
 *
 * Controls: STO-02 TLS only, STO-03 no public access, STO-04 access logs, STO-08 survives its stack, STO-09 versions,
 * STO-10 retention, STO-12 log delivery.
 */
export class LogBucket extends Construct {
  /** The bucket. Pass it as the log target of others; its own grants and metrics apply. */
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);

    const keptForDays = wholeDays(this, 'logsKeptFor', props.logsKeptFor ?? Duration.days(YEAR_IN_DAYS), 1, HUNDRED_YEARS_IN_DAYS);
    const superseded = props.supersededVersionsKeptFor ?? Duration.days(90);

    this.bucket = privateBucket(this, {
      bucketName: props.bucketName,
      bucketNamePrefix: props.bucketNamePrefix,
      supersededVersionsKeptForDays: wholeDays(this, 'supersededVersionsKeptFor', superseded, 1, HUNDRED_YEARS_IN_DAYS),
      lifecycleRules: [{ id: 'Logs', expiration: Duration.days(keptForDays) }],
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    DELIVERY[props.purpose](this.bucket).forEach((statement) => this.bucket.addToResourcePolicy(statement));
    this.logAccess(props);

    if (!Token.isUnresolved(keptForDays) && keptForDays < YEAR_IN_DAYS) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-10', `logs are gone after ${keptForDays} days; auditors ask for ${YEAR_IN_DAYS}`);
    }
  }

  private logAccess({ purpose, accessLogsBucket, accessLogsPrefix }: LogBucketProps): void {
    if (accessLogsPrefix !== undefined && !accessLogsBucket) {
      throw new Error(`'accessLogsPrefix' needs 'accessLogsBucket', got only '${accessLogsPrefix}'; pass both or none [${this.node.path}]`);
    }
    if (accessLogsBucket && purpose === LogPurpose.ACCESS_LOGS) {
      throw new Error(`'accessLogsBucket' must not be given to a bucket for access logs, which would never come to rest, got '${accessLogsBucket.node.path}'; leave it out [${this.node.path}]`);
    }
    if (accessLogsBucket) {
      logAccess(this, this.bucket, accessLogsBucket, accessLogsPrefix);
    } else if (purpose === LogPurpose.CLOUDTRAIL) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-04', "access to this bucket is not logged; pass 'accessLogsBucket'");
    }
  }
}
