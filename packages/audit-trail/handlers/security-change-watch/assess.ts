import { ApiCall } from './api-call';
import { securityGroupChange } from './security-groups';

/** What subscribers are told: who did what to which group, and whether it is open to the world now. */
export interface Finding {
  readonly summary: string;
  readonly openToTheWorld: boolean;
  readonly opened: string[];
  readonly group: string;
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

  const { group, openedToTheWorld } = securityGroupChange(call);
  const identity = call.userIdentity ?? {};
  const who = identity.arn ?? identity.invokedBy ?? identity.principalId ?? identity.type ?? 'unknown';
  const openToTheWorld = openedToTheWorld.length > 0;
  return {
    summary: `${openToTheWorld ? `OPEN TO THE WORLD (${openedToTheWorld.join('; ')}): ` : ''}${who} called ${call.eventName} on ${group}`,
    openToTheWorld,
    opened: openedToTheWorld,
    group,
    what: call.eventName,
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
