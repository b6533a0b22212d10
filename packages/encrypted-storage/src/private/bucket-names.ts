import { Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { checkName } from './check-name';

/** The two ways to name a bucket. */
export interface BucketNames {
  readonly bucketName?: string;
  readonly bucketNamePrefix?: string;
}

const RESERVED = '(?!xn--|sthree-|amzn-s3-demo-)';
const BUCKET_NAME = new RegExp(`^${RESERVED}(?!.*(-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`);
const BUCKET_NAME_RULE = '3 to 63 lower-case letters, digits and hyphens, without a dot (TLS certificates do not match one) and without a reserved prefix or suffix';

/** 63 characters for a bucket name, less those of `-<account>-` and `-an`. */
const LEFT_FOR_PREFIX_AND_REGION = 46;
const SHORTEST_REGION = 'us-east-1';

/** What S3 is told about the name, once it is sure that S3 accepts it. */
export function bucketNaming(scope: IConstruct, names: BucketNames): Pick<s3.BucketProps, 'bucketName' | 'bucketNamePrefix' | 'bucketNamespace'> {
  const { bucketName, bucketNamePrefix } = names;
  if (bucketName !== undefined && bucketNamePrefix !== undefined) {
    throw new Error(`'bucketName' and 'bucketNamePrefix' exclude each other, got '${bucketName}' and '${bucketNamePrefix}'; pass one of them [${scope.node.path}]`);
  }
  checkName(scope, 'bucketName', bucketName, BUCKET_NAME, BUCKET_NAME_RULE);
  if (bucketNamePrefix === undefined) return { bucketName };

  const region = Stack.of(scope).region;
  const longest = LEFT_FOR_PREFIX_AND_REGION - (Token.isUnresolved(region) ? SHORTEST_REGION : region).length;
  checkName(scope, 'bucketNamePrefix', bucketNamePrefix, new RegExp(`^${RESERVED}(?=.{1,${longest}}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$`),
    `1 to ${longest} lower-case letters, digits and hyphens, without a reserved prefix`);
  return { bucketNamePrefix, bucketNamespace: s3.BucketNamespace.ACCOUNT_REGIONAL };
}
