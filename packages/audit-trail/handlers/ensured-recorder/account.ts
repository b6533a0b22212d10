import {
  ConfigServiceClient, DeleteConfigurationRecorderCommand, DeleteDeliveryChannelCommand, DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand, DescribeDeliveryChannelsCommand, ListTagsForResourceCommand, PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand, StartConfigurationRecorderCommand, StopConfigurationRecorderCommand, Tag, TagResourceCommand, UntagResourceCommand,
} from '@aws-sdk/client-config-service';
import { CreateServiceLinkedRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { Asking, Delivery, Found, Step } from './decide';

const NAME = 'default';
const USED_BY = 'used-by:';

/** What IAM says of a role that it is asked for twice. */
const IS_THERE = ['InvalidInputException', 'EntityAlreadyExistsException'];

/** A new role is not known everywhere at once. */
const ATTEMPTS = 10;
const PAUSE_IN_MILLISECONDS = 3_000;

const config = new ConfigServiceClient();
const iam = new IAMClient();

/** What is there before anything is done. */
export interface Account {
  readonly found?: Found;
  readonly arn?: string;
  readonly channel?: string;
}

/** Looks at the recorder and the channel. */
export async function look(): Promise<Account> {
  const [recorder] = (await config.send(new DescribeConfigurationRecordersCommand())).ConfigurationRecorders ?? [];
  if (recorder?.name === undefined) return {};

  const status = await config.send(new DescribeConfigurationRecorderStatusCommand({ ConfigurationRecorderNames: [recorder.name] }));
  const [channel] = (await config.send(new DescribeDeliveryChannelsCommand())).DeliveryChannels ?? [];
  return {
    arn: recorder.arn,
    channel: channel?.name,
    found: {
      recorder: recorder.name,
      recording: status.ConfigurationRecordersStatus?.[0]?.recording ?? false,
      users: usersIn(await tagsOf(recorder.arn)),
      deliversTo: channel && { bucket: channel.s3BucketName ?? '', keyArn: channel.s3KmsKeyArn ?? '' },
    },
  };
}

/** Does one thing. */
export async function perform(step: Step, { found, arn, channel = NAME }: Account, asking: Asking): Promise<void> {
  const ConfigurationRecorderName = found?.recorder ?? NAME;
  switch (step.do) {
    case 'MAKE':
      await make(asking);
      return;
    case 'JOIN':
      await config.send(new TagResourceCommand({ ResourceArn: arn, Tags: [tagOf(asking)] }));
      return;
    case 'LEAVE':
      await config.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: [tagOf(asking).Key] }));
      return;
    case 'START':
      await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName }));
      return;
    case 'STOP':
      await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName }));
      return;
    case 'DELIVER':
      await config.send(new PutDeliveryChannelCommand({
        DeliveryChannel: {
          name: channel, s3BucketName: step.to.bucket, s3KmsKeyArn: step.to.keyArn,
          configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
        },
      }));
      return;
    case 'REMOVE':
      // a channel goes when nothing records, and a recorder when it has no channel
      await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName }));
      if (found?.deliversTo !== undefined) await config.send(new DeleteDeliveryChannelCommand({ DeliveryChannelName: channel }));
      await config.send(new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName }));
  }
}

/** With the tag from the beginning: what a creation that fails half-way leaves is known to be ours. */
async function make(asking: Asking): Promise<void> {
  await ensureServiceLinkedRole();
  await patiently(() => config.send(new PutConfigurationRecorderCommand({
    ConfigurationRecorder: { name: NAME, roleARN: asking.roleArn, recordingGroup: { allSupported: true, includeGlobalResourceTypes: true } },
    Tags: [tagOf(asking)],
  })));
}

/** An account has it once, and nobody deletes it. */
async function ensureServiceLinkedRole(): Promise<void> {
  try {
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'config.amazonaws.com' }));
  } catch (error) {
    if (!IS_THERE.includes((error as Error).name)) throw error;
  }
}

async function patiently(call: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call();
      return;
    } catch (error) {
      if ((error as Error).name !== 'InvalidRoleException' || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_IN_MILLISECONDS));
    }
  }
}

async function tagsOf(ResourceArn: string | undefined): Promise<Tag[]> {
  const tags: Tag[] = [];
  let NextToken: string | undefined;
  do {
    const page = await config.send(new ListTagsForResourceCommand({ ResourceArn, NextToken }));
    tags.push(...page.Tags ?? []);
    NextToken = page.NextToken;
  } while (NextToken);
  return tags;
}

function tagOf({ user, delivery: { bucket, keyArn } }: Asking): Tag & { Key: string } {
  return { Key: `${USED_BY}${user}`, Value: `${bucket} ${keyArn}` };
}

function usersIn(tags: Tag[]): Record<string, Delivery> {
  return Object.fromEntries(tags.filter(({ Key }) => Key?.startsWith(USED_BY)).map(({ Key, Value = '' }) => {
    const [bucket, keyArn] = Value.split(' ');
    return [Key!.slice(USED_BY.length), { bucket, keyArn }];
  }));
}
