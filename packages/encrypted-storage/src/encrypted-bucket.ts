import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EncryptionKey } from './encryption-key';
import { DenyWrongKey } from './mixins/deny-wrong-key';
import { logAccess } from './private/access-logging';
import { keptForDays, lockedForDays } from './private/object-lock';
import { privateBucket } from './private/private-bucket';

const SUPERSEDED_VERSIONS_KEPT_FOR_DAYS = 90;

/**
 * Properties of `EncryptedBucket`.
 */
export interface EncryptedBucketProps {
  /**
   * The key that encrypts the objects.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
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
   * The bucket that receives server access logs, in the same account and region: a `LogBucket`, or another that is
   * encrypted with S3-managed keys. S3 delivers nothing to a bucket with a KMS key, so such a bucket is refused.
   *
   * Its policy is completed so that S3 may deliver; an imported bucket must do that itself, and synthesis warns.
   *
   * @default - access is not logged, and synthesis warns (STO-04)
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * What the keys of the access log objects begin with. Only with `accessLogsBucket`.
   *
   * @default - the path of the construct and a slash, so that buckets which share a log bucket stay apart
   */
  readonly accessLogsPrefix?: string;

  /**
   * How long superseded and deleted object versions are kept. Whole days, from 1 to 36,500, and not less than
   * `objectLock` says.
   *
   * @default Duration.days(90), or as long as `objectLock` says if that is longer
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
   */
  readonly supersededVersionsKeptFor?: Duration;

  /**
   * Further lifecycle rules: expiry of current versions, transitions to colder storage.
   *
   * @default - superseded versions expire, and uploads that stay unfinished for a week are dropped
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
   */
  readonly lifecycleRules?: s3.LifecycleRule[];

  /**
   * How long an object version can be neither changed nor deleted, and by whom not. Not with
   * `RemovalPolicy.DESTROY`: locked versions cannot be emptied.
   *
   * @default - versions are not locked
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
   */
  readonly objectLock?: s3.ObjectLockRetention;

  /**
   * What happens to the bucket, to its policy and to the key if it is made here, when they leave the stack. `DESTROY`
   * empties the bucket first.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A private, versioned bucket, encrypted with a customer key and no other, that refuses plain HTTP.
 *
 * Controls: STO-01 customer key, STO-02 TLS only, STO-03 no public access, STO-04 access logs, STO-08 survives its stack,
 * STO-09 versions, STO-11 object lock.
 */
export class EncryptedBucket extends Construct {
  /** The bucket. Its own grants, metrics, lifecycle and policy methods all apply. */
  public readonly bucket: s3.Bucket;

  /** The key that encrypts the objects. */
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: EncryptedBucketProps = {}) {
    super(scope, id);

    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const locked = lockedForDays(this, props.objectLock, removalPolicy);

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    this.bucket = privateBucket(this, {
      bucketName: props.bucketName,
      bucketNamePrefix: props.bucketNamePrefix,
      encryptionKey: this.encryptionKey,
      supersededVersionsKeptForDays: keptForDays(this, 'supersededVersionsKeptFor', props.supersededVersionsKeptFor, SUPERSEDED_VERSIONS_KEPT_FOR_DAYS, locked),
      lifecycleRules: props.lifecycleRules ?? [],
      objectLock: props.objectLock,
      removalPolicy,
    });
    this.bucket.with(new DenyWrongKey(this.encryptionKey));

    if (props.accessLogsBucket) {
      logAccess(this, this.bucket.node.defaultChild as s3.CfnBucket, props.accessLogsBucket, props.accessLogsPrefix);
    } else if (props.accessLogsPrefix !== undefined) {
      throw new Error(`'accessLogsPrefix' needs 'accessLogsBucket', got only '${props.accessLogsPrefix}'; pass both or none [${this.node.path}]`);
    } else {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-04', "access to this bucket is not logged; pass 'accessLogsBucket'");
    }
  }
}
