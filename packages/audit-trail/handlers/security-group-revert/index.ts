import { EC2Client, IpPermission, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { parse } from '../security-change-watch/api-call';
import { Rule } from '../security-change-watch/security-group-rules';
import { Decision, decide, Notice, notice, Outcome } from './decide';

const limits = { maxAttempts: 3, requestHandler: { connectionTimeout: 3000, requestTimeout: 5000 } };
const ec2 = new EC2Client(limits);
const sns = new SNSClient(limits);

/**
 * Takes away what one call opened to the world, and tells the topic. What is still open afterwards is told as well, and thrown, so that Lambda
 * retries and keeps the event in the end.
 */
export const handler = async (event: unknown): Promise<void> => {
  try {
    const call = parse(event);
    const decision = decide(call);
    const outcomes = decision ? await takeAway(decision) : [];
    const told = decision && notice(call, decision, outcomes);
    log('INFO', decision ? 'reverted' : 'nothing to revert', { eventId: call.eventID, eventName: call.eventName, outcomes });
    if (told) await publish(told);
    if (told && told.stillOpen.length > 0) throw new Error(`not reverted: ${told.stillOpen.join('; ')}`);
  } catch (error) {
    log('ERROR', 'failed', { error: String(error), eventId: (event as { id?: string } | null | undefined)?.id });
    throw error;
  }
};

/** One call for each rule: of several in one call EC2 takes all away, or none. */
async function takeAway({ group, rules }: Decision): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const rule of rules) outcomes.push(await takeAwayOne(group, rule));
  return outcomes;
}

async function takeAwayOne(group: string, rule: Rule): Promise<Outcome> {
  const named = group.startsWith('sg-') ? { GroupId: group } : { GroupName: group };
  try {
    const { UnknownIpPermissions = [] } = await ec2.send(new RevokeSecurityGroupIngressCommand({ ...named, IpPermissions: [permission(rule)] }));
    // what a default network does not find is no error
    return { rule, became: UnknownIpPermissions.length > 0 ? 'GONE' : 'REVERTED' };
  } catch (error) {
    const { name } = error as Error;
    if (['InvalidPermission.NotFound', 'InvalidGroup.NotFound'].includes(name)) return { rule, became: 'GONE' };
    return { rule, became: 'STILL_OPEN', error: name };
  }
}

/** The rule as EC2 must be told it: exactly. */
function permission({ protocol, from, to, peer }: Rule): IpPermission {
  const ports = protocol === '-1' || from === undefined ? {} : { FromPort: Number(from), ToPort: Number(to ?? from) };
  return { IpProtocol: protocol, ...ports, ...peer.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: peer }] } : { IpRanges: [{ CidrIp: peer }] } };
}

async function publish(told: Notice): Promise<void> {
  const topicArn = process.env.TOPIC_ARN;
  if (!topicArn) throw new Error("'TOPIC_ARN' must be set in the environment, got nothing");

  const open = told.stillOpen.length > 0;
  await sns.send(new PublishCommand({
    TopicArn: topicArn,
    Subject: open ? 'Security group still open to the world' : 'Security group closed again',
    Message: JSON.stringify(told, undefined, 2),
    // subscribers filter by these
    MessageAttributes: {
      eventId: { DataType: 'String', StringValue: told.eventId },
      eventName: { DataType: 'String', StringValue: told.what },
      openToTheWorld: { DataType: 'String', StringValue: String(open) },
      reverted: { DataType: 'String', StringValue: String(told.reverted.length > 0) },
    },
  }));
}

function log(level: string, message: string, details: object): void {
  console.log(JSON.stringify({ level, message, ...details }));
}
