import { EncryptedBucket, LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EnvironmentStack } from '../environments/environment';

/** The bucket of access logs: who read and wrote the others. */
export function accessLogs(stack: EnvironmentStack, id: string, resource: string): s3.Bucket {
  const { logsKeptFor, dataRemoval: removalPolicy } = stack.stage;
  return new LogBucket(stack, id, { purpose: LogPurpose.ACCESS_LOGS, bucketNamePrefix: stack.names.of(resource), logsKeptFor, removalPolicy }).bucket;
}

/** The bucket of what the environment works with. */
export function secureStorage(stack: EnvironmentStack, encryptionKey: kms.IKey, accessLogsBucket: s3.IBucket): s3.Bucket {
  return new EncryptedBucket(stack, 'SecureStorage', {
    bucketNamePrefix: stack.names.of('secure-storage'), encryptionKey, accessLogsBucket, removalPolicy: stack.stage.dataRemoval,
  }).bucket;
}
