import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, ListObjectsV2Command, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { failed, notVerifiable, passed } from '../check';
import { parsePolicy, refusesPlainHttp, statements } from '../posture/policy';
import { Drill } from './drill';

/** Every bucket is asked over plain HTTP and refuses; with the statement gone the same request is answered, so it was the policy. */
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
      if (!target.local) return notVerifiable('a statement is taken away only on a local AWS');
      const answer = await withoutStatement(target.clients.s3, bucket, () => ask(target.plainS3, bucket));
      return answer === 'answered' ? passed : failed(`without the statement the request was ${answer}`);
    },
  },
]);

async function ask(s3: S3Client, bucket: string): Promise<string> {
  return s3.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 })).then(() => 'answered', (error: Error) => error.name);
}

/** The others stay: a service that delivers meanwhile would be refused, and its status say so for a while. */
async function withoutStatement<T>(s3: S3Client, bucket: string, action: () => Promise<T>): Promise<T> {
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
  const policy = parsePolicy(Policy!);
  const others = statements(policy).filter((statement) => !refusesPlainHttp({ Statement: statement }));
  if (others.length > 0) {
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ ...policy, Statement: others }) }));
  } else {
    // S3 takes no policy without a statement
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
  }
  try {
    return await action();
  } finally {
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  }
}
