import { APIGatewayClient, BadRequestException, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { AttachRolePolicyCommand, CreateRoleCommand, EntityAlreadyExistsException, IAMClient } from '@aws-sdk/client-iam';
import { needsRole, RequestType } from './decide';

interface Request {
  readonly RequestType: RequestType;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: { readonly RoleName: string; readonly RoleArn: string; readonly PolicyArn: string };
}

/** A new role is known everywhere within seconds, seldom a minute. */
const ATTEMPTS = 12;
const BETWEEN_ATTEMPTS_MS = 5000;

/** Gives the account a role for the logs of its APIs, if it has none. */
export const handler = async (request: Request): Promise<void> => {
  const { StackId, RequestId, LogicalResourceId } = request;
  let outcome: object;
  try {
    outcome = { Status: 'SUCCESS', Data: { Outcome: await ensure(request) } };
  } catch (error) {
    outcome = { Status: 'FAILED', Reason: String(error) };
  }
  console.log(JSON.stringify({ requestType: request.RequestType, ...outcome }));
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'api-gateway-account', ...outcome });
  // the address is signed for an empty content type; an answer that is not taken is thrown, so that Lambda tries again
  const answer = await fetch(request.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
  if (!answer.ok) throw new Error(`CloudFormation answered ${answer.status}`);
};

async function ensure({ RequestType: requestType, ResourceProperties: { RoleName, RoleArn, PolicyArn } }: Request): Promise<string> {
  const apis = new APIGatewayClient();
  const account = requestType === 'Delete' ? {} : await apis.send(new GetAccountCommand({}));
  if (!needsRole(requestType, account.cloudwatchRoleArn)) return 'LEFT';

  await ensureRole(RoleName, PolicyArn);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await apis.send(new UpdateAccountCommand({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: RoleArn }] }));
      return 'SET';
    } catch (error) {
      if (!(error instanceof BadRequestException) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_ATTEMPTS_MS));
    }
  }
}

async function ensureRole(RoleName: string, PolicyArn: string): Promise<void> {
  const iam = new IAMClient();
  const statement = { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  try {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Description: 'Writes the logs of all APIs of the account' }));
  } catch (error) {
    // from a stack in another region, or one that has gone
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}
