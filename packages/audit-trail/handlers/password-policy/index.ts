import { GetAccountPasswordPolicyCommand, IAMClient, UpdateAccountPasswordPolicyCommand } from '@aws-sdk/client-iam';
import { Answer, customResource, Request } from '../custom-resource';
import { PasswordPolicy, strengthened } from './decide';

const iam = new IAMClient();

/** Makes the password policy of the account as strong as told; when the stack goes, the policy stays. */
export const handler = customResource(async ({ RequestType, ResourceProperties }: Request): Promise<Answer> => {
  if (RequestType === 'Delete') return { physicalResourceId: 'password-policy' };

  const wanted = { length: Number(ResourceProperties.MinimumLength), reuse: Number(ResourceProperties.ReusePrevention) };
  const policy = strengthened(wanted, await existing());
  if (policy) await iam.send(new UpdateAccountPasswordPolicyCommand(policy));
  return { physicalResourceId: 'password-policy', data: { Outcome: policy ? 'STRENGTHENED' : 'WAS_STRONG' } };
});

async function existing(): Promise<PasswordPolicy | undefined> {
  try {
    return (await iam.send(new GetAccountPasswordPolicyCommand())).PasswordPolicy;
  } catch (error) {
    if (['NoSuchEntity', 'NoSuchEntityException'].includes((error as Error).name)) return undefined;
    throw error;
  }
}
