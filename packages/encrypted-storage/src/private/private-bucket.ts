import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { RequireTls } from '../mixins/require-tls';
import { BucketNames, bucketNaming } from './bucket-names';

/** What differs between our buckets. */
export interface PrivateBucketOptions extends BucketNames {
  /** The customer key; without one S3 encrypts with its own. */
  readonly encryptionKey?: kms.IKey;
  readonly supersededVersionsKeptForDays: number;
  readonly lifecycleRules: s3.LifecycleRule[];
  readonly objectLock?: s3.ObjectLockRetention;
  readonly removalPolicy: RemovalPolicy;
}

/** The bucket that all our buckets are: private, versioned, without ACLs, encrypted, and over TLS only. */
export function privateBucket(scope: Construct, options: PrivateBucketOptions): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Bucket', {
    ...bucketNaming(scope, options),
    encryption: options.encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey: options.encryptionKey,
    bucketKeyEnabled: options.encryptionKey && true,
    // keys that callers bring along with each request: nobody could read the object without them, us included
    blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: true,
    objectLockEnabled: options.objectLock && true,
    objectLockDefaultRetention: options.objectLock,
    lifecycleRules: [
      {
        id: 'SupersededVersions',
        noncurrentVersionExpiration: Duration.days(options.supersededVersionsKeptForDays),
        expiredObjectDeleteMarker: true,
      },
      { id: 'UnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ...options.lifecycleRules,
    ],
    removalPolicy: options.removalPolicy,
    autoDeleteObjects: options.removalPolicy === RemovalPolicy.DESTROY,
  });
  scope.node.defaultChild = bucket.node.defaultChild;

  // not `enforceSSL`, whose statements have no sid to find them by
  bucket.with(new RequireTls());
  // a bucket that outlives its stack stays protected
  bucket.policy?.applyRemovalPolicy(options.removalPolicy);
  return bucket;
}
