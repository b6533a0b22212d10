import { GetKeyPolicyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { Clients } from '../../clients';
import { admitsService, list, parsePolicy, Statement, statements } from '../posture/policy';

/** Does something while the statements of a key's policy that are picked are gone, and puts the policy back whatever happens. */
export async function withoutKeyStatements<T>(
  { kms }: Clients, KeyId: string, picks: (statement: Statement) => boolean, action: () => Promise<T>,
): Promise<T> {
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  const document = parsePolicy(Policy!);
  const rest = statements(document).filter((statement) => !picks(statement));
  if (rest.length === statements(document).length) throw new Error(`the policy of the key '${KeyId}' has no such statement to take away`);
  await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: JSON.stringify({ ...document, Statement: rest }) }));
  try {
    return await action();
  } finally {
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
  }
}

/** Does something while a service may not invoke a function, and lets it again whatever happens. */
export async function withoutInvocation<T>({ lambda }: Clients, FunctionName: string, service: string, action: () => Promise<T>): Promise<T> {
  const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
  const taken = statements(parsePolicy(Policy!)).filter((statement) => admitsService(statement, service));
  if (taken.length === 0) throw new Error(`the policy of the function '${FunctionName}' does not admit ${service}`);
  try {
    for (const { Sid } of taken) await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
    return await action();
  } finally {
    for (const statement of taken) await lambda.send(permission(FunctionName, service, statement));
  }
}

function permission(FunctionName: string, service: string, { Sid, Action, Condition }: Statement): AddPermissionCommand {
  const keys = Object.values(Condition ?? {}).flatMap((one) => Object.entries(one));
  const conditions = new Map(keys.map(([key, value]) => [key.toLowerCase(), list(value)[0]]));
  return new AddPermissionCommand({
    FunctionName, StatementId: Sid, Action: list(Action)[0], Principal: service,
    SourceArn: conditions.get('aws:sourcearn'), SourceAccount: conditions.get('aws:sourceaccount'),
  });
}
