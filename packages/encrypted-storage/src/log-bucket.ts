import { Annotations, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EncryptionKey } from './encryption-key';
import { LogPurpose } from './log-purpose';
import { DenyWrongKey } from './mixins/deny-wrong-key';
import { logAccess } from './private/access-logging';
import { LOG_DELIVERIES, LogDelivery } from './private/log-delivery';
import { keptForDays, lockedForDays } from './private/object-lock';
import { privateBucket } from './private/private-bucket';

const YEAR_IN_DAYS = 365;
const SUPERSEDED_VERSIONS_KEPT_FOR_DAYS = 90;

/**
 * Properties of `LogBucket`.
 */
export interface LogBucketProps {
  /** What the bucket receives. Each purpose has statements of its own in the policy, and refuses what would keep its logs out. */
  readonly purpose: LogPurpose;

  /**
   * What the bucket receives besides, so that one bucket serves them all. Each purpose once. Together they may have no key and no
   * lock that one of them refuses.
   *
   * @default - nothing
   */
  readonly furtherPurposes?: LogPurpose[];

  /**
   * The key that encrypts the logs. The services that deliver are let in by its policy; an imported key must do that itself, and
   * synthesis warns (STO-07). Everybody else is refused who writes under another key (STO-01). Refused for `ACCESS_LOGS` and
   * `LOAD_BALANCER`, whose services deliver to SSE-S3 only, and for `CLOUDTRAIL`, where the key is given to the trail.
   *
   * @default - S3 encrypts with keys of its own (SSE-S3)
   */
  readonly encryptionKey?: kms.IKey;

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
   * @default - access is not logged; unless the bucket takes nothing but access logs, synthesis warns (STO-04)
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * What the keys of the access log objects begin with. Only with `accessLogsBucket`.
   *
   * @default - the path of the construct and a slash
   */
  readonly accessLogsPrefix?: string;

  /**
   * How long logs are kept. Whole days, from 1 to 36,500, and not less than `objectLock` says. Less than a year is warned about
   * (STO-10).
   *
   * @default Duration.days(365), or as long as `objectLock` says if that is longer
   */
  readonly logsKeptFor?: Duration;

  /**
   * How long logs that were deleted or overwritten can be brought back. Whole days, from 1 to 36,500, and not less than
   * `objectLock` says.
   *
   * @default Duration.days(90), or as long as `objectLock` says if that is longer
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
   */
  readonly supersededVersionsKeptFor?: Duration;

  /**
   * How long a log can be neither changed nor deleted, and by whom not. Refused for `ACCESS_LOGS` and `CONFIG`, whose services
   * deliver nothing then. Not with `RemovalPolicy.DESTROY`: locked logs cannot be emptied.
   *
   * @default - logs are not locked
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   */
  readonly objectLock?: s3.ObjectLockRetention;

  /**
   * What happens to the bucket and its policy when they leave the stack. `DESTROY` empties the bucket first, and logs that
   * arrive meanwhile are turned away.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A private, versioned bucket that only the AWS services of its purposes may write their logs to. One is enough for many sources.
 *
 * The access to access logs is not logged: a bucket that logs to itself never comes to rest, and a bucket for the logs of
 * the log bucket has the same question again.
 *
 * Controls: STO-01 customer key, STO-02 TLS only, STO-03 no public access, STO-04 access logs, STO-07 service writers, STO-08
 * survives its stack, STO-09 versions, STO-10 retention, STO-11 object lock, STO-12 log delivery.
 */
export class LogBucket extends Construct {
  /** The bucket. Pass it as the log target of others; its own grants and metrics apply. */
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: LogBucketProps) {
    super(scope, id);

    const purposes = [props.purpose, ...props.furtherPurposes ?? []];
    this.refuseWhatKeepsLogsOut(purposes, props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const locked = lockedForDays(this, props.objectLock, removalPolicy);
    const logDays = keptForDays(this, 'logsKeptFor', props.logsKeptFor, YEAR_IN_DAYS, locked);

    this.bucket = privateBucket(this, {
      bucketName: props.bucketName,
      bucketNamePrefix: props.bucketNamePrefix,
      encryptionKey: props.encryptionKey,
      supersededVersionsKeptForDays: keptForDays(this, 'supersededVersionsKeptFor', props.supersededVersionsKeptFor, SUPERSEDED_VERSIONS_KEPT_FOR_DAYS, locked),
      lifecycleRules: [{ id: 'Logs', expiration: Duration.days(logDays) }],
      objectLock: props.objectLock,
      removalPolicy,
    });
    // AWS Config names the key of its channel, which may be another, and how the log delivery service asks is nowhere written
    if (props.encryptionKey) this.bucket.with(new DenyWrongKey(props.encryptionKey, { exceptServices: true }));
    for (const purpose of purposes) {
      purpose.bucketPolicyStatements(this.bucket).forEach((statement) => this.bucket.addToResourcePolicy(statement));
      if (props.encryptionKey && purpose.keyWriter) EncryptionKey.allowService(props.encryptionKey, purpose.keyWriter);
    }
    this.logAccess(purposes, props);

    if (!Token.isUnresolved(logDays) && logDays < YEAR_IN_DAYS) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-10', `logs are gone after ${logDays} days; auditors ask for ${YEAR_IN_DAYS}`);
    }
  }

  private refuseWhatKeepsLogsOut(purposes: LogPurpose[], props: LogBucketProps): void {
    const twice = purposes.find(({ id }, index) => purposes.findIndex((other) => other.id === id) < index);
    if (twice) {
      throw new Error(`'furtherPurposes' must name each purpose once and not that of 'purpose', got '${twice.id}' twice [${this.node.path}]`);
    }
    if (props.encryptionKey) this.refuse('encryptionKey', purposes, ({ refusesKey }) => refusesKey);
    if (props.objectLock) this.refuse('objectLock', purposes, ({ refusesLock }) => refusesLock);
  }

  private refuse(prop: string, purposes: LogPurpose[], reason: (delivery: LogDelivery) => string | undefined): void {
    for (const { id } of purposes) {
      const because = reason(LOG_DELIVERIES[id]);
      if (because) throw new Error(`'${prop}' must not be given to a bucket for '${id}', because ${because}; leave it out, or give '${id}' a bucket of its own [${this.node.path}]`);
    }
  }

  private logAccess(purposes: LogPurpose[], { accessLogsBucket, accessLogsPrefix }: LogBucketProps): void {
    if (accessLogsPrefix !== undefined && !accessLogsBucket) {
      throw new Error(`'accessLogsPrefix' needs 'accessLogsBucket', got only '${accessLogsPrefix}'; pass both or none [${this.node.path}]`);
    }
    const takesAccessLogs = purposes.some(({ id }) => id === LogPurpose.ACCESS_LOGS.id);
    if (accessLogsBucket && takesAccessLogs) {
      throw new Error(`'accessLogsBucket' must not be given to a bucket for access logs, which would never come to rest, got '${accessLogsBucket.node.path}'; leave it out [${this.node.path}]`);
    }
    if (accessLogsBucket) {
      logAccess(this, this.bucket.node.defaultChild as s3.CfnBucket, accessLogsBucket, accessLogsPrefix);
    } else if (!takesAccessLogs) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-04', "access to this bucket is not logged; pass 'accessLogsBucket'");
    } else if (purposes.length > 1) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-04', 'access to this bucket is not logged, because it takes access logs too; give those a bucket of their own');
    }
  }
}
