import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Clients, confirming, Drill, notVerifiable, unless } from '@tapstack/operator';
import { DRILL } from './calls';

/** One page of a listing, and of what can be deleted at once. */
const ONE_PAGE = 1_000;
const AT_A_TIME = 20;

/**
 * Fills a bucket that goes with the stack with more versions than one page has, and hides them behind a delete marker: `down` shows
 * that all of them go, since a bucket with anything in it is not deleted (C-07).
 */
export function manyVersionsGo(output: string): Drill {
  return confirming(['C-07'], ({ stack, target }) => stack.ofType('Custom::S3AutoDeleteObjects').length === 0 ? [] : [{
    title: `${output}: holds more than ${ONE_PAGE} versions, all of which are to go with the stack`,
    run: async () => {
      if (!target.local) return notVerifiable('a bucket is filled on a local AWS only');
      const Bucket = stack.output(output);
      if (!await hasMoreThanAPage(target.clients, Bucket)) await fill(target.clients, Bucket);
      return unless([!await hasMoreThanAPage(target.clients, Bucket) && 'there are fewer']);
    },
  }]);
}

async function fill({ s3 }: Clients, Bucket: string): Promise<void> {
  const object = { Bucket, Key: `${DRILL}-many-versions` };
  for (let written = 0; written <= ONE_PAGE; written += AT_A_TIME) {
    await Promise.all(Array.from({ length: AT_A_TIME }, () => s3.send(new PutObjectCommand({ ...object, Body: DRILL }))));
  }
  await s3.send(new DeleteObjectCommand(object));
}

async function hasMoreThanAPage({ s3 }: Clients, Bucket: string): Promise<boolean> {
  const { IsTruncated } = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: ONE_PAGE }));
  return IsTruncated ?? false;
}
