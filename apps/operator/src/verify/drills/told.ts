import { ChangeMessageVisibilityCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { Clients } from '../../clients';
import { failed, notVerifiable, passed, unless } from '../check';
import { Drill, DrillContext } from './drill';
import { Subscriber } from './subscriber';
import { DrillUser, withUser } from './user';

/** On a local AWS events come at once; CloudTrail hands an event on within minutes. */
const ARRIVES_WITHIN_SECONDS = { local: 20, aws: 900 };
/** Longer than a function that fails is tried again for on a local AWS. */
const STAYS_AWAY_FOR_SECONDS = 6;
const KEPT_WITHIN_SECONDS = 10;

/** A call that subscribers of a topic must hear of. */
export interface ToldCall {
  /** In words: `a security group opened to the world`. */
  readonly title: string;

  /** The ARN of the topic. */
  readonly topic: (context: DrillContext) => string;

  /** What IAM calls the permission to make the call. */
  readonly action: string;

  /** The call, made by a user of the drill's own. */
  call(as: Clients, context: DrillContext): Promise<unknown>;

  /** Puts right what the call did, as the operator. */
  undo(clients: Clients, context: DrillContext): Promise<unknown>;

  /** Whether a message is the one that is waited for; it must name who made the call. */
  says(message: string, who: DrillUser, context: DrillContext): boolean;

  /** What the message needs on its way: without it nothing may arrive, or the arrival proves nothing. */
  readonly needs: Need[];
}

/** Something without which a message does not arrive. */
export interface Need {
  /** In words: `the permission of the rule to invoke the function`. */
  readonly title: string;

  /** Does something while it is gone, and puts it back whatever happens. */
  without<T>(context: DrillContext, action: () => Promise<T>): Promise<T>;

  /** The URL of the queue that keeps what could not be told meanwhile. */
  readonly keptIn?: (context: DrillContext) => string;
}

/**
 * A user makes the call, and the message about it arrives at a subscriber of the topic; what the call did is put right. Once for
 * each need, the same without it: then nothing may arrive.
 */
export function apiCallIsTold(told: ToldCall): Drill {
  return (context) => [
    {
      title: `${told.title}: a subscriber is told, and by whom it was done`,
      run: async () => {
        const seconds = context.target.local ? ARRIVES_WITHIN_SECONDS.local : ARRIVES_WITHIN_SECONDS.aws;
        return withUser(context.target, { mayDo: [told.action] }, async (user) =>
          await isHeard(told, context, user, seconds) ? passed : failed(`nothing arrived within ${seconds} seconds`));
      },
    },
    ...told.needs.map((need) => ({
      title: `${told.title}: without ${need.title} nothing arrives${need.keptIn ? ', and the event is kept' : ''} (canary)`,
      run: async () => {
        if (!context.target.local) return notVerifiable('a protection is taken away only on a local AWS');
        return withUser(context.target, { mayDo: [told.action] }, async (user) => {
          const heard = await need.without(context, () => isHeard(told, context, user, STAYS_AWAY_FOR_SECONDS));
          const lost = need.keptIn && !await isKept(context.target.clients, need.keptIn(context), user.name);
          return unless([heard && 'the message arrived all the same', lost && 'the event is not in the queue that keeps what fails']);
        });
      },
    })),
  ];
}

async function isHeard(told: ToldCall, context: DrillContext, user: DrillUser, seconds: number): Promise<boolean> {
  const { clients } = context.target;
  const subscriber = await Subscriber.to(clients, told.topic(context));
  try {
    await told.call(user.clients, context);
    try {
      return await subscriber.hears((message) => told.says(message, user, context), seconds);
    } finally {
      await told.undo(clients, context);
    }
  } finally {
    await subscriber.leave();
  }
}

/** Takes what the drill has left out of the queue, and nothing else. */
async function isKept({ sqs }: Clients, QueueUrl: string, who: string): Promise<boolean> {
  const deadline = Date.now() + KEPT_WITHIN_SECONDS * 1000;
  let found = false;
  do {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 }));
    for (const { Body, ReceiptHandle } of Messages ?? []) {
      if (Body?.includes(who)) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        found = true;
      } else {
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
      }
    }
  } while (!found && Date.now() < deadline);
  return found;
}
