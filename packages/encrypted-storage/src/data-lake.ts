import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EncryptedBucket } from './encrypted-bucket';
import { LogBucket } from './log-bucket';
import { LogPurpose } from './log-purpose';

/**
 * One zone of a `DataLake`.
 */
export interface DataLakeZone {
  /** What the zone is called. 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter. */
  readonly name: string;

  /**
   * The key that encrypts the objects of the zone, and of no other zone.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The beginning of a name that only this account can take: `<prefix>-<account>-<region>-an`. Lower-case letters, digits
   * and hyphens, at most 46 characters less the length of the region's name.
   *
   * @default - the `bucketNamePrefix` of the lake and the name of the zone
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
   */
  readonly bucketNamePrefix?: string;

  /**
   * Expiry of current versions, transitions to colder storage.
   *
   * @default - objects stay; superseded versions expire after 90 days, and uploads that stay unfinished for a week are dropped
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
   */
  readonly lifecycleRules?: s3.LifecycleRule[];
}

/**
 * Properties of `DataLake`.
 */
export interface DataLakeProps {
  /**
   * The zones, each a bucket under a key of its own. At least one, each name once.
   *
   * @default - `raw`, `curated` and `published`
   */
  readonly zones?: DataLakeZone[];

  /**
   * The beginning of names that only this account can take: `<prefix>-<zone>-<account>-<region>-an`. With the zone, at most 46
   * characters less the length of the region's name.
   *
   * @default - CloudFormation makes unique names for the zones that have no prefix of their own
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
   */
  readonly bucketNamePrefix?: string;

  /**
   * The bucket that receives the access logs of every zone, each below its own path.
   *
   * @default - a new `LogBucket`
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * What happens to buckets, and to the keys that are made here, when they leave the stack. `DESTROY` empties the buckets first.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Buckets for data in stages, each under a key of its own, the access to all of them logged.
 *
 * A key per zone means that a role which may read one zone cannot read another, whatever a bucket policy says by mistake.
 *
 * Controls: STO-01 customer key, STO-02 TLS only, STO-03 no public access, STO-04 access logs, STO-08 survives its stack, STO-09
 * versions.
 */
export class DataLake extends Construct {
  /** The zones by name, in the order given. */
  public readonly zones: { [name: string]: EncryptedBucket };

  /** The bucket that receives the access logs. */
  public readonly accessLogsBucket: s3.IBucket;

  /**
   * @throws if there is no zone, or if the name of one is not a name or there twice
   */
  constructor(scope: Construct, id: string, props: DataLakeProps = {}) {
    super(scope, id);

    const zones: DataLakeZone[] = props.zones ?? ['raw', 'curated', 'published'].map((name) => ({ name }));
    this.checkNames(zones.map(({ name }) => name));

    this.accessLogsBucket = props.accessLogsBucket ?? new LogBucket(this, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS, removalPolicy: props.removalPolicy }).bucket;
    this.zones = Object.fromEntries(zones.map(({ name, encryptionKey, lifecycleRules, bucketNamePrefix }) => [name, new EncryptedBucket(this, `Zone-${name}`, {
      encryptionKey,
      lifecycleRules,
      bucketNamePrefix: bucketNamePrefix ?? (props.bucketNamePrefix === undefined ? undefined : `${props.bucketNamePrefix}-${name}`),
      accessLogsBucket: this.accessLogsBucket,
      removalPolicy: props.removalPolicy,
    })]));
  }

  /**
   * Lets `grantee` read objects of zones, and decrypt with their keys.
   *
   * @param grantee who
   * @param zones the names of the zones; every zone if left out
   * @throws if there is no such zone
   */
  public grantRead(grantee: iam.IGrantable, zones?: string[]): iam.Grant {
    return this.grant(zones, ({ bucket }) => bucket.grantRead(grantee));
  }

  /**
   * Lets `grantee` write objects of zones and delete them, and encrypt with their keys; not read them.
   *
   * @param grantee who
   * @param zones the names of the zones; every zone if left out
   * @throws if there is no such zone
   */
  public grantWrite(grantee: iam.IGrantable, zones?: string[]): iam.Grant {
    return this.grant(zones, ({ bucket }) => bucket.grantWrite(grantee));
  }

  private grant(names: string[] = Object.keys(this.zones), grant: (zone: EncryptedBucket) => iam.Grant): iam.Grant {
    const unknown = names.find((name) => !(name in this.zones));
    if (names.length === 0 || unknown !== undefined) {
      throw new Error(`'zones' must name zones of ${Object.keys(this.zones).join(', ')}, got ${unknown === undefined ? 'none' : `'${unknown}'`}; leave it out for all of them [${this.node.path}]`);
    }
    return names.map((name) => grant(this.zones[name])).reduce((all, one) => all.combine(one));
  }

  private checkNames(names: string[]): void {
    if (names.length === 0) throw new Error(`'zones' must hold at least one zone, got none; leave it out for the usual three [${this.node.path}]`);

    // not known at deployment only: it is part of the construct's path
    const wrong = names.find((name) => !/^(?=.{1,20}$)[a-z](-?[a-z0-9])*$/.test(name));
    if (wrong !== undefined) {
      throw new Error(`'zones' must have names of 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter, got '${wrong}' [${this.node.path}]`);
    }
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined) throw new Error(`'zones' must have each name once, got '${twice}' twice [${this.node.path}]`);
  }
}
