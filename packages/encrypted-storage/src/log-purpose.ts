import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LOG_DELIVERIES } from './private/log-delivery';
import { ServiceWriter } from './service-writer';

/** What CloudTrail, the strictest of them, accepts; wildcards and variables would widen a policy. */
const PREFIX = /^(?!.*AWSLogs)(?=.{1,200}$)[\w!.'()-]+(\/[\w!.'()-]+)*$/;

/**
 * What a `LogBucket` receives, which decides who may write where, and how the bucket may be encrypted and locked.
 *
 * Everything but access logs lands below `AWSLogs/<account>/`, or below `<prefix>/AWSLogs/<account>/` if its source has been
 * given a prefix: say the same here with `under`.
 */
export class LogPurpose {
  /**
   * Server access logs of the S3 buckets of the account and region.
   *
   * SSE-S3 only: S3 does not deliver access logs to a bucket with a KMS key or with a default lock, and says nothing.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  public static readonly ACCESS_LOGS = new LogPurpose('AccessLogs');

  /**
   * Log files of the CloudTrail trails of the account whose home is this region.
   *
   * The bucket's own encryption is SSE-S3. A trail that has a customer key asks for it with each log file, and what CloudTrail
   * writes without asking is not refused by a key that admits log files only.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
   */
  public static readonly CLOUDTRAIL = new LogPurpose('CloudTrail');

  /**
   * Snapshots and histories of AWS Config. Not locked: AWS Config does not deliver to a bucket with a default lock.
   *
   * @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
   */
  public static readonly CONFIG = new LogPurpose('Config', ServiceWriter.CONFIG);

  /**
   * VPC flow logs, and what else the log delivery service writes for the account and region, such as the access logs of
   * Network Load Balancers.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
   */
  public static readonly FLOW_LOGS = new LogPurpose('FlowLogs', ServiceWriter.LOG_DELIVERY);

  /**
   * Access, connection and health check logs of Application Load Balancers, and access logs of Classic ones, of the account.
   *
   * SSE-S3 only: Elastic Load Balancing writes to no bucket with a KMS key.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  public static readonly LOAD_BALANCER = new LogPurpose('LoadBalancer');

  private constructor(
    /** The name of the purpose. */
    public readonly id: string,
    /** Who uses the key of the bucket when it delivers; nobody where the bucket can have none. */
    public readonly keyWriter?: ServiceWriter,
    /** What the keys begin with, without a slash at either end; nothing if they begin with `AWSLogs`. */
    public readonly prefix?: string,
  ) {}

  /**
   * The same, from sources that put a prefix before `AWSLogs`. Not for access logs: each bucket that is logged has its own.
   *
   * @param prefix 1 to 200 letters, digits and `!_.'()-`, in parts separated by single slashes; without `AWSLogs`
   * @throws if it breaks this rule, or if this purpose knows no prefix
   */
  public under(prefix: string): LogPurpose {
    const { refusesPrefix } = LOG_DELIVERIES[this.id];
    if (refusesPrefix) throw new Error(`'prefix' is not for LogPurpose '${this.id}', because ${refusesPrefix}, got '${prefix}'; leave it out`);
    if (!Token.isUnresolved(prefix) && !PREFIX.test(prefix)) {
      throw new Error(`'prefix' must be 1 to 200 letters, digits and "!_.'()-" in parts separated by single slashes, without 'AWSLogs', got '${prefix}'`);
    }
    return new LogPurpose(this.id, this.keyWriter, prefix);
  }

  /**
   * The statements that let the service deliver, for a bucket of yours; a `LogBucket` has them.
   *
   * @param bucket the bucket whose policy they are for
   */
  public bucketPolicyStatements(bucket: s3.IBucket): iam.PolicyStatement[] {
    return LOG_DELIVERIES[this.id].statements(bucket, this.prefix === undefined ? '' : `${this.prefix}/`);
  }
}
