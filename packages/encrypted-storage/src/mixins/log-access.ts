import { Mixin } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { logAccess } from '../private/access-logging';

/**
 * Properties of `LogAccess`.
 */
export interface LogAccessProps {
  /**
   * What the keys of the access log objects begin with.
   *
   * @default - the path of the bucket's construct and a slash, so that buckets which share a log bucket stay apart
   */
  readonly prefix?: string;
}

/**
 * Has S3 log the access to a bucket: `bucket.with(new LogAccess(logs.bucket))`.
 *
 * The policy of the target is completed so that S3 may deliver; that of an imported one its owner must complete, and synthesis
 * warns. For buckets that others made; an `EncryptedBucket` does it with `accessLogsBucket`.
 *
 * Controls: STO-04 access logs.
 */
export class LogAccess extends Mixin {
  /**
   * @param accessLogsBucket where the logs go: a `LogBucket`, or another that is encrypted with S3-managed keys, in the same account and region
   */
  constructor(private readonly accessLogsBucket: s3.IBucket, private readonly props: LogAccessProps = {}) {
    super();
  }

  /**
   * Whether this can be applied to a construct.
   *
   * @param construct is an `AWS::S3::Bucket`, or not
   */
  public supports(construct: IConstruct): boolean {
    return s3.CfnBucket.isCfnBucket(construct);
  }

  /**
   * Turns access logs on.
   *
   * @param construct an `AWS::S3::Bucket`; anything else is left alone
   * @throws if S3 would deliver nothing to the target
   */
  public applyTo(construct: IConstruct): void {
    if (!s3.CfnBucket.isCfnBucket(construct)) return;

    const { scope } = construct.node;
    logAccess(scope?.node.defaultChild === construct ? scope : construct, construct, this.accessLogsBucket, this.props.prefix);
  }
}
