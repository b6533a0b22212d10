import { setTimeout as sleep } from 'node:timers/promises';
import {
  AddUserToGroupCommand, CreateAccessKeyCommand, CreateUserCommand, DeactivateMFADeviceCommand, DeleteAccessKeyCommand, DeleteUserCommand,
  DeleteUserPolicyCommand, DeleteVirtualMFADeviceCommand, ListMFADevicesCommand, ListVirtualMFADevicesCommand, PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Clients } from '../../clients';
import { Target } from '../../target';

/** IAM is the same everywhere a moment later, not at once. */
const KEY_WORKS_WITHIN_SECONDS = 30;
const POLICY = 'drill';

/** What a user of a drill is given. */
export interface UserProps {
  /** The groups it is a member of. */
  readonly groups?: string[];

  /** The actions that it may do, on everything, as far as nothing denies them. */
  readonly mayDo?: string[];
}

/** Does something with an IAM user of its own, of whom nothing is left afterwards whatever happens. */
export async function withUser<T>(target: Target, props: UserProps, action: (user: DrillUser) => Promise<T>): Promise<T> {
  const name = `tapstack-drill-${process.pid}-${Date.now()}`;
  const { iam } = target.clients;
  const { User } = await iam.send(new CreateUserCommand({ UserName: name }));
  const undo: (() => Promise<unknown>)[] = [() => iam.send(new DeleteUserCommand({ UserName: name }))];
  try {
    if (props.mayDo?.length) {
      const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: props.mayDo, Resource: '*' }] };
      await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: POLICY, PolicyDocument: JSON.stringify(document) }));
      undo.unshift(() => iam.send(new DeleteUserPolicyCommand({ UserName: name, PolicyName: POLICY })));
    }
    for (const GroupName of props.groups ?? []) {
      await iam.send(new AddUserToGroupCommand({ UserName: name, GroupName }));
      undo.unshift(() => iam.send(new RemoveUserFromGroupCommand({ UserName: name, GroupName })));
    }
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    undo.unshift(() => iam.send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId: AccessKey!.AccessKeyId })));
    undo.unshift(() => removeDevices(target.clients, name));
    const clients = target.as({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
    await untilItWorks(clients);
    return await action({ name, arn: User!.Arn!, clients });
  } finally {
    await undoAll(name, undo);
  }
}

/** Every step is tried, whatever became of the one before it. */
async function undoAll(name: string, steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const problems: string[] = [];
  for (const step of steps) await step().catch((error: Error) => problems.push(`${error.name}: ${error.message}`));
  if (problems.length > 0) throw new Error(`something of the user '${name}' is left behind: ${problems.join('; ')}`);
}

/** A user for as long as a drill lasts. */
export interface DrillUser {
  readonly name: string;
  readonly arn: string;
  /** The services as this user, by an access key: without any sign of multi-factor authentication. */
  readonly clients: Clients;
}

async function untilItWorks({ sts }: Clients): Promise<void> {
  const deadline = Date.now() + KEY_WORKS_WITHIN_SECONDS * 1000;
  for (;;) {
    const error = await sts.send(new GetCallerIdentityCommand({})).then(() => undefined, (problem: Error) => problem);
    if (!error) return;
    if (Date.now() > deadline) throw error;
    await sleep(1000);
  }
}

/** What the user has enabled, and what it has made under its own name and not enabled. */
async function removeDevices({ iam }: Clients, UserName: string): Promise<void> {
  const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName }));
  for (const { SerialNumber } of MFADevices ?? []) await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }));
  const { VirtualMFADevices } = await iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned' }));
  for (const { SerialNumber } of VirtualMFADevices ?? []) {
    if (SerialNumber!.endsWith(`/${UserName}`)) await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));
  }
}
