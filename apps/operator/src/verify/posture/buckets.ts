import {
  GetBucketEncryptionCommand, GetBucketPolicyCommand, GetBucketVersioningCommand, GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { unless } from '../check';
import { DeployedStack } from '../deployed-stack';
import { parsePolicy, refusesPlainHttp } from './policy';
import { Posture } from './posture';

/** Buckets keep what they hold encrypted, private and versioned, and say so in a policy that asks for TLS. */
export const buckets: Posture = (stack, { s3 }) => stack.ofType('AWS::S3::Bucket').flatMap(({ logicalId, physicalId: Bucket }) => [
  {
    title: `${logicalId}: encrypts what it is given`,
    run: async () => {
      const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
      const rule = ServerSideEncryptionConfiguration?.Rules?.[0];
      const encryption = rule?.ApplyServerSideEncryptionByDefault;
      const customerKey = encryption?.SSEAlgorithm === 'aws:kms' && Boolean(encryption.KMSMasterKeyID) && rule?.BucketKeyEnabled === true;
      return unless([!customerKey && !isLogTarget(stack, logicalId) && !isTrailTarget(stack, logicalId) && `no customer key with a bucket key: ${JSON.stringify(rule)}`, !encryption && 'no default encryption']);
    },
  },
  {
    title: `${logicalId}: blocks every kind of public access`,
    run: async () => {
      const { PublicAccessBlockConfiguration: block } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      return unless([
        !block?.BlockPublicAcls && 'BlockPublicAcls is off', !block?.BlockPublicPolicy && 'BlockPublicPolicy is off',
        !block?.IgnorePublicAcls && 'IgnorePublicAcls is off', !block?.RestrictPublicBuckets && 'RestrictPublicBuckets is off',
      ]);
    },
  },
  {
    title: `${logicalId}: keeps versions`,
    run: async () => {
      const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket }));
      return unless([Status !== 'Enabled' && `versioning is ${Status ?? 'off'}`]);
    },
  },
  {
    title: `${logicalId}: has a policy that denies plain HTTP`,
    run: async () => {
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      return unless([!refusesPlainHttp(parsePolicy(Policy!)) && 'no statement denies requests without TLS']);
    },
  },
]);

/** Server access logs can be delivered to buckets with S3's own keys only. */
function isLogTarget(stack: DeployedStack, logicalId: string): boolean {
  return Object.values(stack.template.Resources).some(({ Type, Properties }) => {
    const destination = (Properties?.LoggingConfiguration as { DestinationBucketName?: { Ref?: string } } | undefined)?.DestinationBucketName;
    return Type === 'AWS::S3::Bucket' && destination?.Ref === logicalId;
  });
}

/** A trail encrypts its log files with a key of its own, whatever the bucket would do with them. */
function isTrailTarget(stack: DeployedStack, logicalId: string): boolean {
  return Object.values(stack.template.Resources).some(({ Type, Properties }) =>
    Type === 'AWS::CloudTrail::Trail' && Boolean(Properties?.KMSKeyId) && (Properties?.S3BucketName as { Ref?: string } | undefined)?.Ref === logicalId);
}
