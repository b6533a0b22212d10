import { Annotations, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { accessLogDelivery } from './private/bucket-statements';
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
}

/** Who may write to the bucket, by purpose. */
const DELIVERY: Record<LogPurpose, (bucket: s3.IBucket) => iam.PolicyStatement> = {
  [LogPurpose.ACCESS_LOGS]: accessLogDelivery,
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
 * Its own access is not logged: a bucket that logs to itself never comes to rest, and a bucket for the logs of the log
 * bucket has the same question again.
 *
 * Controls: STO-02 TLS only, STO-03 no public access, STO-08 survives its stack, STO-09 versions, STO-10 retention,
 * STO-12 log delivery.
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
    this.bucket.addToResourcePolicy(DELIVERY[props.purpose](this.bucket));

    if (!Token.isUnresolved(keptForDays) && keptForDays < YEAR_IN_DAYS) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-10', `logs are gone after ${keptForDays} days; auditors ask for ${YEAR_IN_DAYS}`);
    }
  }
}
