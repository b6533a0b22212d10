/** Where AWS Config delivers to. */
export interface Delivery {
  readonly bucket: string;
  readonly keyArn: string;
}

/** The recorder and the channel of the account and region. */
export interface Found {
  readonly recorder: string;
  readonly recording: boolean;
  /** The stacks that use a recorder which one of them made, each with where it would have it deliver. None: somebody else made it. */
  readonly users: Readonly<Record<string, Delivery>>;
  /** Where the channel delivers to, if there is a channel. */
  readonly deliversTo?: Delivery;
}

/** The stack that asks. */
export interface Asking {
  readonly user: string;
  readonly delivery: Delivery;
  /** The role of a recorder that is made. */
  readonly roleArn: string;
  /** Whether what was made stays when the stack goes. */
  readonly stays: boolean;
}

/** One thing to do. */
export type Step =
  | { readonly do: 'MAKE' | 'JOIN' | 'LEAVE' | 'START' | 'STOP' | 'REMOVE' }
  | { readonly do: 'DELIVER'; readonly to: Delivery };

/** What is to be done, and what is to be remembered until the stack goes. */
export interface Decision {
  readonly steps: readonly Step[];
  readonly physicalResourceId: string;
}

const MADE = 'made-where-absent';
const STOPPED_BEFORE = '/stopped-before';

/**
 * A recorder that somebody else made is started if it stands still, stopped again when the stack goes if it stood still before, and
 * not touched otherwise. Where there is none, one is made for every stack that asks. Who uses it stands on the recorder itself, so
 * that the last one takes it away, and whoever goes before hands on the channel.
 */
export function decide(requestType: 'Create' | 'Update' | 'Delete', found: Found | undefined, asking: Asking, remembered = ''): Decision {
  if (requestType === 'Delete') return { steps: leaving(found, asking, remembered), physicalResourceId: remembered };
  if (!found) return { steps: [{ do: 'MAKE' }, { do: 'DELIVER', to: asking.delivery }, { do: 'START' }], physicalResourceId: MADE };

  const start: Step[] = found.recording ? [] : [{ do: 'START' }];
  if (Object.keys(found.users).length > 0) return { steps: [{ do: 'JOIN' }, ...redirected(found, asking), ...start], physicalResourceId: MADE };
  const before = `${found.recorder}${start.length > 0 ? STOPPED_BEFORE : ''}`;
  return { steps: start, physicalResourceId: requestType === 'Create' || remembered === MADE ? before : remembered };
}

/** The channel follows a stack whose bucket or key is another now, and is made again where somebody took it away. */
function redirected({ users, deliversTo }: Found, { user, delivery }: Asking): Step[] {
  const mine = deliversTo === undefined || [users[user]?.bucket, delivery.bucket].includes(deliversTo.bucket);
  const changed = deliversTo?.bucket !== delivery.bucket || deliversTo.keyArn !== delivery.keyArn;
  return mine && changed ? [{ do: 'DELIVER', to: delivery }] : [];
}

function leaving(found: Found | undefined, { user, delivery, stays }: Asking, remembered: string): Step[] {
  if (!found) return [];
  const { recorder, recording, users, deliversTo } = found;
  if (Object.keys(users).length === 0) return recording && remembered === `${recorder}${STOPPED_BEFORE}` ? [{ do: 'STOP' }] : [];
  // a creation that failed half-way remembers nothing: what it made is of no use to anybody
  if (!users[user] || (stays && remembered === MADE)) return [];

  const [heir] = Object.keys(users).filter((other) => other !== user).sort();
  if (heir === undefined) return [{ do: 'REMOVE' }];
  return [...deliversTo?.bucket === delivery.bucket ? [{ do: 'DELIVER' as const, to: users[heir] }] : [], { do: 'LEAVE' }];
}
