import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { IAMClient } from '@aws-sdk/client-iam';
import { Request } from '../handlers/custom-resource';
import { handler } from '../handlers/ensured-recorder';

type Tag = { Key: string; Value: string };

const LINKED_ROLE = 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';

/** The account that the function meets: what its calls change, the next ones see. */
class Account {
  public recorder?: { name: string; arn: string; roleARN: string; recordingGroup?: object; recording: boolean; tags: Record<string, string> };
  public channel?: { name: string; s3BucketName: string; s3KmsKeyArn: string };
  public linkedRole = false;
  /** How often the role is not known yet. */
  public roleUnknownFor = 0;
  /** Buckets that AWS Config may write to. */
  public readonly writable = new Set(['first-bucket', 'second-bucket', 'other-bucket']);
  public readonly calls: string[] = [];

  public answer(call: string, input: never): object {
    if (!/^(Describe|Get|List)/.test(call)) this.calls.push(call);
    if (!(call in this.answers)) throw new Error(`unexpected ${call}`);
    return this.answers[call](input);
  }

  private readonly answers: Record<string, (input: never) => object> = {
    DescribeConfigurationRecorders: () => ({ ConfigurationRecorders: this.recorder ? [this.recorder] : [] }),
    DescribeConfigurationRecorderStatus: () => ({ ConfigurationRecordersStatus: [{ recording: this.recorder!.recording }] }),
    DescribeDeliveryChannels: () => ({ DeliveryChannels: this.channel ? [this.channel] : [] }),
    ListTagsForResource: () => ({ Tags: Object.entries(this.recorder!.tags).map(([Key, Value]) => ({ Key, Value })) }),
    CreateServiceLinkedRole: () => {
      if (this.linkedRole) throw Object.assign(new Error('has been taken'), { name: 'InvalidInputException' });
      this.linkedRole = true;
      return {};
    },
    PutConfigurationRecorder: ({ ConfigurationRecorder: made, Tags }: { ConfigurationRecorder: { name: string; roleARN: string }; Tags: Tag[] }) => {
      if (!this.linkedRole || this.roleUnknownFor > 0) {
        this.roleUnknownFor -= 1;
        throw Object.assign(new Error('cannot be assumed'), { name: 'InvalidRoleException' });
      }
      this.recorder = { ...made, arn: `arn:aws:config:eu-central-1:111122223333:configuration-recorder/${made.name}/abc`, recording: false, tags: tagsIn(Tags) };
      return {};
    },
    TagResource: ({ Tags }: { Tags: Tag[] }) => {
      Object.assign(this.recorder!.tags, tagsIn(Tags));
      return {};
    },
    UntagResource: ({ TagKeys }: { TagKeys: string[] }) => {
      TagKeys.forEach((key) => delete this.recorder!.tags[key]);
      return {};
    },
    PutDeliveryChannel: ({ DeliveryChannel }: { DeliveryChannel: Account['channel'] & object }) => {
      if (!this.writable.has(DeliveryChannel.s3BucketName)) throw Object.assign(new Error('no'), { name: 'InsufficientDeliveryPolicyException' });
      this.channel = DeliveryChannel;
      return {};
    },
    StartConfigurationRecorder: () => this.recording(true),
    StopConfigurationRecorder: () => this.recording(false),
    DeleteDeliveryChannel: () => {
      if (this.recorder?.recording) throw new Error('it records');
      this.channel = undefined;
      return {};
    },
    DeleteConfigurationRecorder: () => {
      this.recorder = undefined;
      return {};
    },
  };

  private recording(on: boolean): object {
    if (on && !this.channel) throw Object.assign(new Error('no channel'), { name: 'NoAvailableDeliveryChannelException' });
    this.recorder!.recording = on;
    return {};
  }
}

function tagsIn(tags: Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

describe('AUD-13 nothing of the account\'s is undone, AUD-21 every resource is recorded: a recorder that is ensured (X-02, C-03)', () => {
  let account: Account;
  let answered: { Status: string; PhysicalResourceId: string; Reason?: string }[];

  beforeEach(() => {
    [account, answered] = [new Account(), []];
    const send = async ({ constructor: { name }, input }: { constructor: { name: string }; input: never }) => account.answer(name.replace(/Command$/, ''), input);
    for (const client of [ConfigServiceClient, IAMClient]) {
      jest.spyOn(client.prototype as { send: unknown }, 'send' as never).mockImplementation(send as never);
    }
    jest.spyOn(global, 'fetch').mockImplementation(async (_, options) => {
      answered.push(JSON.parse(String(options!.body)) as typeof answered[0]);
      return new Response();
    });
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
    jest.spyOn(global, 'setTimeout').mockImplementation(((later: () => void) => later()) as never);
  });
  afterEach(() => { jest.restoreAllMocks(); });

  /** One stack, as CloudFormation speaks for it. */
  class Asker {
    private id?: string;

    constructor(private readonly name: string, private readonly properties: object = {}) {}

    public async asks(RequestType: Request['RequestType'], changed: object = {}): Promise<string> {
      await handler({
        RequestType,
        ResponseURL: 'https://cloudformation.example/answer',
        StackId: `arn:aws:cloudformation:eu-central-1:111122223333:stack/TapStack${this.name}/${this.name}`,
        RequestId: 'request',
        LogicalResourceId: 'Setting',
        PhysicalResourceId: RequestType === 'Create' ? undefined : this.id,
        ResourceProperties: { BucketName: `${this.name}-bucket`, KeyArn: `arn:aws:kms:::key/${this.name}`, RoleArn: LINKED_ROLE, Stays: 'false', ...this.properties, ...changed },
      });
      const { Status, PhysicalResourceId } = answered.at(-1)!;
      this.id = PhysicalResourceId;
      return Status;
    }
  }
  const first = () => new Asker('first');
  const second = () => new Asker('second');
  const theirs = (recording: boolean) => {
    account.recorder = { name: 'theirs', arn: 'arn:theirs', roleARN: 'arn:aws:iam::111122223333:role/theirs', recording, tags: { team: 'security' } };
    account.channel = { name: 'theirs', s3BucketName: 'their-bucket', s3KmsKeyArn: '' };
    return structuredClone({ ...account.recorder, channel: account.channel });
  };
  const found = () => ({ ...account.recorder, channel: account.channel });

  test('where there is none, one is made that records everything, with the service-linked role', async () => {
    expect(await first().asks('Create')).toBe('SUCCESS');
    expect(account.recorder).toMatchObject({ recording: true, roleARN: LINKED_ROLE });
    expect(account.recorder!.recordingGroup).toEqual({ allSupported: true, includeGlobalResourceTypes: true });
    expect(account.channel).toMatchObject({ s3BucketName: 'first-bucket', s3KmsKeyArn: 'arn:aws:kms:::key/first' });
  });

  test('a service-linked role that is there is used', async () => {
    account.linkedRole = true;
    expect(await first().asks('Create')).toBe('SUCCESS');
    expect(account.recorder!.roleARN).toBe(LINKED_ROLE);
  });

  test('a new role is waited for, but not for ever', async () => {
    account.roleUnknownFor = 9;
    expect(await first().asks('Create')).toBe('SUCCESS');
    account = new Account();
    account.roleUnknownFor = 10;
    expect(await first().asks('Create')).toBe('FAILED');
  });

  test.each([true, false])('one of somebody else\'s records while the stack is there, and is afterwards what it was: recording %s', async (recording) => {
    const before = theirs(recording);
    const stack = first();
    expect(await stack.asks('Create')).toBe('SUCCESS');
    expect(found()).toEqual({ ...before, recording: true });
    expect(await stack.asks('Update')).toBe('SUCCESS');
    expect(await stack.asks('Delete')).toBe('SUCCESS');
    expect(found()).toEqual(before);
  });

  test('what was made goes with the stack that made it', async () => {
    const stack = first();
    await stack.asks('Create');
    expect(await stack.asks('Delete')).toBe('SUCCESS');
    expect(found()).toEqual({ channel: undefined });
  });

  test.each([['first', 'second'], ['second', 'first']])('two stacks share one: when the %s goes the %s goes on, and the last takes it away', async (...order) => {
    const stacks: Record<string, Asker> = { first: first(), second: second() };
    for (const stack of Object.values(stacks)) expect(await stack.asks('Create')).toBe('SUCCESS');
    expect(account.channel!.s3BucketName).toBe('first-bucket');

    expect(await stacks[order[0]].asks('Delete')).toBe('SUCCESS');
    expect(account.recorder!.recording).toBe(true);
    expect(account.channel).toMatchObject({ s3BucketName: `${order[1]}-bucket`, s3KmsKeyArn: `arn:aws:kms:::key/${order[1]}` });

    expect(await stacks[order[1]].asks('Delete')).toBe('SUCCESS');
    expect(found()).toEqual({ channel: undefined });
  });

  test('what stays with its data is taken away by no other stack either', async () => {
    const [staying, passing] = [new Asker('first', { Stays: 'true' }), second()];
    await staying.asks('Create');
    await passing.asks('Create');
    await staying.asks('Delete');
    await passing.asks('Delete');
    expect(account).toMatchObject({ recorder: { recording: true }, channel: { s3BucketName: 'first-bucket' } });
  });

  test('a creation that fails half-way takes away what it made, even where it would stay', async () => {
    const stack = new Asker('closed', { Stays: 'true' });
    expect(await stack.asks('Create')).toBe('FAILED');
    expect(account.recorder).toBeDefined();
    expect(await stack.asks('Delete')).toBe('SUCCESS');
    expect(found()).toEqual({ channel: undefined });
  });

  test('the channel follows the stack to another bucket and another key', async () => {
    const stack = first();
    await stack.asks('Create');
    await stack.asks('Update', { BucketName: 'other-bucket' });
    expect(account.channel!.s3BucketName).toBe('other-bucket');
    await stack.asks('Update', { BucketName: 'other-bucket', KeyArn: 'arn:aws:kms:::key/other' });
    expect(account.channel!.s3KmsKeyArn).toBe('arn:aws:kms:::key/other');
  });

  test('a stack of the same name that comes again mends the channel that was left', async () => {
    await new Asker('first', { Stays: 'true' }).asks('Create');
    await new Asker('again', { BucketName: 'first-bucket' }).asks('Create');
    expect(account.channel).toMatchObject({ s3BucketName: 'first-bucket', s3KmsKeyArn: 'arn:aws:kms:::key/again' });
  });

  test('an update mends what somebody took away or stopped, and changes nothing else', async () => {
    const stack = first();
    await stack.asks('Create');
    account.recorder!.recording = false;
    await stack.asks('Update');
    expect(account.recorder!.recording).toBe(true);
    account.channel = undefined;
    await stack.asks('Update');
    expect(account.channel).toMatchObject({ s3BucketName: 'first-bucket' });
    [account.recorder, account.channel] = [undefined, undefined];
    await stack.asks('Update');
    expect(account).toMatchObject({ recorder: { recording: true }, channel: { s3BucketName: 'first-bucket' } });
    account.calls.length = 0;
    await stack.asks('Update');
    expect(account.calls).toEqual(['TagResource']);
  });

  test('nothing is done where the recorder has gone, or another took its place', async () => {
    const stack = first();
    await stack.asks('Create');
    const before = theirs(true);
    expect(await stack.asks('Delete')).toBe('SUCCESS');
    expect(found()).toEqual(before);
    [account.recorder, account.channel] = [undefined, undefined];
    expect(await stack.asks('Delete')).toBe('SUCCESS');
  });

  test('a recorder without a channel of somebody else\'s is not completed: the reason is told', async () => {
    theirs(false);
    account.channel = undefined;
    expect(await first().asks('Create')).toBe('FAILED');
    expect(answered.at(-1)!.Reason).toContain('NoAvailableDeliveryChannelException');
  });
});
