import { setTimeout as sleep } from 'node:timers/promises';
import { CreateVirtualMFADeviceCommand, DeactivateMFADeviceCommand, EnableMFADeviceCommand } from '@aws-sdk/client-iam';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { Clients } from '../../clients';
import { Check, unless } from '../check';
import { attempted } from './attempt';
import type { Attempt } from './attempt';
import { Drill, DrillContext } from './drill';
import { oneTimeCode, STEP_SECONDS } from './one-time-code';
import { DrillUser, withUser } from './user';

/** A group whose members must use multi-factor authentication. */
export interface MfaGroup {
  /** The name of the group. */
  readonly group: (context: DrillContext) => string;

  /** What a member is permitted and must not do without: harmless calls, for they are really made. */
  readonly tries: (context: DrillContext) => Attempt[];
}

/**
 * A member of the group enrols a device with nothing but an access key, can do nothing else, and does what it may once a session
 * was begun with a code of the device. A user with the same permissions who is no member is not held back: so it was the group.
 */
export function usersNeedMfa(job: MfaGroup): Drill {
  return (context) => {
    const group = job.group(context);
    const title = context.stack.resources.find(({ physicalId }) => physicalId === group)?.logicalId ?? group;
    const tries = job.tries(context);
    const mayDo = tries.map(({ action }) => action);
    const asMember = (action: (user: DrillUser) => ReturnType<Check['run']>) => withUser(context.target, { groups: [group], mayDo }, action);
    const isOutside = async (user: DrillUser) => unless(await outcomes(user.clients, tries, 'allowed'));
    return [
      {
        title: `${title}: a member without MFA may enrol a device, and does nothing else it is permitted`,
        run: () => asMember(async (user) => unless([...await outcomes(user.clients, tries, 'denied'), await takesAway(user)])),
      },
      {
        title: `${title}: with MFA a member does what it is permitted`,
        run: () => asMember(async (user) => unless(await outcomes(await withMfa(context, user), tries, 'allowed'))),
      },
      {
        title: `${title}: it is the group that asks for MFA (canary)`,
        run: () => withUser(context.target, { mayDo }, isOutside),
      },
    ];
  };
}

/** What did not end as it should. */
async function outcomes(as: Clients, tries: readonly Attempt[], expected: 'allowed' | 'denied'): Promise<string[]> {
  const wrong: string[] = [];
  for (const attempt of tries) {
    const outcome = await attempted(as, attempt);
    if (outcome !== expected) wrong.push(`'${attempt.title}' was ${outcome}`);
  }
  return wrong;
}

/** A stolen password must not undo the second factor. */
async function takesAway(user: DrillUser): Promise<string | undefined> {
  const { serialNumber } = await enrol(user);
  const call = (as: Clients) => as.iam.send(new DeactivateMFADeviceCommand({ UserName: user.name, SerialNumber: serialNumber }));
  const outcome = await attempted(user.clients, { call });
  return outcome === 'denied' ? undefined : `taking the own device away was ${outcome}`;
}

interface Device {
  readonly serialNumber: string;
  readonly seed: string;
}

async function enrol({ clients: { iam }, name }: DrillUser): Promise<Device> {
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }));
  const serialNumber = VirtualMFADevice!.SerialNumber!;
  const seed = Buffer.from(VirtualMFADevice!.Base32StringSeed!).toString();
  const now = Date.now() / 1000;
  await iam.send(new EnableMFADeviceCommand({
    UserName: name,
    SerialNumber: serialNumber,
    AuthenticationCode1: oneTimeCode(seed, now - STEP_SECONDS),
    AuthenticationCode2: oneTimeCode(seed, now),
  }));
  return { serialNumber, seed };
}

async function withMfa({ target }: DrillContext, user: DrillUser): Promise<Clients> {
  const { serialNumber, seed } = await enrol(user);
  // AWS takes no code twice, and the present one has enabled the device
  if (!target.local) await sleep(STEP_SECONDS * 1000);
  const TokenCode = oneTimeCode(seed, Date.now() / 1000);
  const { Credentials } = await user.clients.sts.send(new GetSessionTokenCommand({ SerialNumber: serialNumber, TokenCode }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  return target.as({ accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken });
}
