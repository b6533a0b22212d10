import { Answer, customResource, Request } from '../custom-resource';
import { look, perform } from './account';
import { Asking, decide } from './decide';

/** Makes sure that the account records, whoever made the recorder. */
export const handler = customResource(async (request: Request): Promise<Answer> => {
  const asking = askingIn(request);
  const account = await look();
  const { steps, physicalResourceId } = decide(request.RequestType, account.found, asking, request.PhysicalResourceId);
  for (const step of steps) await perform(step, account, asking);
  return { physicalResourceId, data: { RecorderName: account.found?.recorder ?? 'default' } };
});

function askingIn({ StackId, LogicalResourceId, ResourceProperties: { BucketName, KeyArn, RoleArn, Stays } }: Request): Asking {
  return {
    // the last part of the ARN is the stack's own, whatever its name; the key of a tag has at most 128 characters
    user: `${StackId.split('/').at(-1)}/${LogicalResourceId}`.slice(0, 100),
    delivery: { bucket: String(BucketName), keyArn: String(KeyArn) },
    roleArn: String(RoleArn),
    stays: Stays === 'true',
  };
}
