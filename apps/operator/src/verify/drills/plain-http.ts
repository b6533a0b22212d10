import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, ListObjectsV2Command, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { failed, notVerifiable, passed } from '../check';
import { Drill } from './drill';

/** Every bucket is asked over plain HTTP and refuses; with the policy gone the same request is answered, so it was the policy. */
export const plainHttp: Drill = ({ stack, target }) => stack.ofType('AWS::S3::Bucket').flatMap(({ logicalId, physicalId: bucket }) => [
  {
    title: `${logicalId}: plain HTTP is refused`,
    run: async () => {
      const answer = await ask(target.plainS3, bucket);
      return answer === 'AccessDenied' ? passed : failed(`the request was ${answer}`);
    },
  },
  {
    title: `${logicalId}: it is the policy that refuses plain HTTP (canary)`,
    run: async () => {
      if (!target.local) return notVerifiable('a policy is taken away only on a local AWS');
      const answer = await withoutPolicy(target.clients.s3, bucket, () => ask(target.plainS3, bucket));
      return answer === 'answered' ? passed : failed(`without the policy the request was ${answer}`);
    },
  },
]);

async function ask(s3: S3Client, bucket: string): Promise<string> {
  return s3.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 })).then(() => 'answered', (error: Error) => error.name);
}

async function withoutPolicy<T>(s3: S3Client, bucket: string, action: () => Promise<T>): Promise<T> {
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
  try {
    return await action();
  } finally {
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  }
}
