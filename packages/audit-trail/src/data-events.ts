import { Token } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * Which of a bucket's events are recorded.
 */
export interface ObjectEventsOptions {
  /**
   * What the keys of the objects begin with. Not a pattern: a `*` would stand for itself.
   *
   * @default - every object of the bucket
   */
  readonly prefix?: string;

  /**
   * Whether reads, writes, or both are recorded.
   *
   * @default cloudtrail.ReadWriteType.ALL
   */
  readonly readWriteType?: cloudtrail.ReadWriteType;
}

/**
 * Data events that an `AuditTrail` records: what is done with the objects of a bucket, or who invokes a function.
 *
 * Each is charged for by event.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
export class DataEvents {
  /**
   * What is done with the objects of a bucket.
   *
   * @param bucket whose objects
   * @param options which of them, and what is done
   * @throws if the bucket has no ARN, the prefix has a `*` or begins with a slash, or nothing is to be recorded
   */
  public static ofBucket(bucket: s3.IBucket, options: ObjectEventsOptions = {}): DataEvents {
    const { prefix = '', readWriteType = cloudtrail.ReadWriteType.ALL } = options;
    checkArn('bucket', bucket.bucketArn, /^arn:[^:*]+:s3:::[^/*]+$/, "an ARN such as 'arn:aws:s3:::name'", bucket.node.path);
    // what is known at deployment only has neither in its placeholder
    if (prefix.includes('*') || prefix.startsWith('/')) {
      throw new Error(`'prefix' must be what keys begin with, without '*' and without a slash in front, got '${prefix}'; leave it out for every object [${bucket.node.path}]`);
    }
    if (readWriteType === cloudtrail.ReadWriteType.NONE) {
      throw new Error(`'readWriteType' must record something, got NONE; leave the bucket out instead [${bucket.node.path}]`);
    }
    const readOnly = readWriteType === cloudtrail.ReadWriteType.ALL ? [] : [equal('readOnly', String(readWriteType === cloudtrail.ReadWriteType.READ_ONLY))];
    return new DataEvents(`Objects of ${bucket.node.path}`, [
      equal('resources.type', 'AWS::S3::Object'),
      // the slash ends the name: without it `logs` would mean `logs-of-another` as well
      { field: 'resources.ARN', startsWith: [`${bucket.bucketArn}/${prefix}`] },
      ...readOnly,
    ]);
  }

  /**
   * Who invokes a function.
   *
   * @param fn the function; every version and alias of it
   * @throws if the function has no ARN, or one of a version or alias
   */
  public static ofFunction(fn: lambda.IFunction): DataEvents {
    checkArn('fn', fn.functionArn, /^arn:[^:*]+:lambda:[^:*]+:\d{12}:function:[^:*]+$/, "an ARN of a function such as 'arn:aws:lambda:…:function:name', without a version", fn.node.path);
    return new DataEvents(`Invocations of ${fn.node.path}`, [equal('resources.type', 'AWS::Lambda::Function'), equal('resources.ARN', fn.functionArn)]);
  }

  private constructor(private readonly name: string, private readonly fields: cloudtrail.CfnTrail.AdvancedFieldSelectorProperty[]) {}

  /**
   * The advanced event selector that CloudTrail is given.
   */
  public selector(): cloudtrail.CfnTrail.AdvancedEventSelectorProperty {
    return { name: this.name, fieldSelectors: [equal('eventCategory', 'Data'), ...this.fields] };
  }
}

function equal(field: string, value: string): cloudtrail.CfnTrail.AdvancedFieldSelectorProperty {
  return { field, equalTo: [value] };
}

function checkArn(prop: string, arn: string, pattern: RegExp, rule: string, path: string): void {
  const refused = Token.isUnresolved(arn) ? arn.includes('*') : !pattern.test(arn);
  if (refused) throw new Error(`'${prop}' must have ${rule}, got '${arn}' [${path}]`);
}
