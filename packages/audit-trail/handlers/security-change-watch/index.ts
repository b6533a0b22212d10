import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { parse } from './api-call';
import { assess, Finding } from './assess';

// without limits of its own a call that finds no route waits until the function is stopped, and nothing is logged
const sns = new SNSClient({ maxAttempts: 2, requestHandler: { connectionTimeout: 3000, requestTimeout: 5000 } });

/** Tells the topic about one change. An error is thrown again, so that Lambda retries and keeps the event in the end. */
export const handler = async (event: unknown): Promise<void> => {
  try {
    const call = parse(event);
    const finding = assess(call);
    if (finding) await publish(finding);
    log('INFO', finding ? 'published' : 'nothing changed', { eventId: call.eventID, eventName: call.eventName, openToTheWorld: finding?.openToTheWorld });
  } catch (error) {
    log('ERROR', 'not published', { error: String(error), eventId: (event as { id?: string } | null | undefined)?.id });
    throw error;
  }
};

async function publish(finding: Finding): Promise<void> {
  const topicArn = process.env.TOPIC_ARN;
  if (!topicArn) throw new Error("'TOPIC_ARN' must be set in the environment, got nothing");

  await sns.send(new PublishCommand({
    TopicArn: topicArn,
    Subject: `${finding.group === undefined ? 'Security setting' : 'Security group'} ${finding.openToTheWorld ? 'opened to the world' : 'changed'}`,
    Message: JSON.stringify(finding, undefined, 2),
    // subscribers filter by these
    MessageAttributes: {
      eventId: { DataType: 'String', StringValue: finding.eventId },
      eventName: { DataType: 'String', StringValue: finding.what },
      openToTheWorld: { DataType: 'String', StringValue: String(finding.openToTheWorld) },
    },
  }));
}

function log(level: string, message: string, details: object): void {
  console.log(JSON.stringify({ level, message, ...details }));
}
