import { ApiCall } from './api-call';
import { BeforeAfter, beforeAfter } from './before-after';
import { securityGroupChange } from './security-groups';
import { settingChange } from './settings';

/** What subscribers are told: who did what to what, what it turned into what, and whether it is open to the world now. */
export interface Finding extends BeforeAfter {
  readonly summary: string;
  readonly openToTheWorld: boolean;
  readonly opened: string[];
  /** The security group, if it is one. */
  readonly group?: string;
  /** What was changed, if it is no security group. */
  readonly resource?: string;
  readonly what: string;
  readonly who: string;
  readonly fromWhere: string;
  readonly userAgent: string;
  readonly when: string;
  readonly account: string;
  readonly region: string;
  /** The id that CloudTrail gave the call: the same in every retry. */
  readonly eventId: string;
  /** What was asked for, as CloudTrail recorded it. */
  readonly request: unknown;
}

/** Decides what to tell about a call: nothing if it failed, for nothing changed. */
export function assess(call: ApiCall): Finding | undefined {
  if (call.errorCode) return undefined;

  const { subject, name, openedToTheWorld } = changeOf(call);
  const identity = call.userIdentity ?? {};
  const who = identity.arn ?? identity.invokedBy ?? identity.principalId ?? identity.type ?? 'unknown';
  const openToTheWorld = openedToTheWorld.length > 0;
  const { before, after } = beforeAfter(call);
  const turned = before === undefined && after === undefined ? '' : `: ${before ?? 'not recorded'} → ${after ?? 'not recorded'}`;
  return {
    summary: `${openToTheWorld ? `OPEN TO THE WORLD (${openedToTheWorld.join('; ')}): ` : ''}${who} called ${call.eventName} on ${name}${turned}`,
    openToTheWorld,
    opened: openedToTheWorld,
    ...subject,
    what: call.eventName,
    before,
    after,
    who,
    fromWhere: call.sourceIPAddress ?? 'unknown',
    userAgent: call.userAgent ?? 'unknown',
    when: call.eventTime ?? 'unknown',
    account: call.recipientAccountId ?? 'unknown',
    region: call.awsRegion ?? 'unknown',
    eventId: call.eventID,
    request: call.requestParameters ?? null,
  };
}

/** A change, with the fields that name what was changed. */
interface Change {
  readonly subject: Pick<Finding, 'group' | 'resource'>;
  readonly name: string;
  readonly openedToTheWorld: string[];
}

function changeOf(call: ApiCall): Change {
  if (call.eventName.includes('SecurityGroup')) {
    const { group, openedToTheWorld } = securityGroupChange(call);
    return { subject: { group }, name: group, openedToTheWorld };
  }
  const { resource, openedToTheWorld } = settingChange(call);
  return { subject: { resource }, name: resource, openedToTheWorld };
}
