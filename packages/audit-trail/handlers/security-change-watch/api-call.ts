/** What the handler reads of an API call as CloudTrail records it. Anything but the first two can be missing. */
export interface ApiCall {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventTime?: string;
  readonly errorCode?: string;
  readonly awsRegion?: string;
  readonly recipientAccountId?: string;
  readonly sourceIPAddress?: string;
  readonly userAgent?: string;
  readonly userIdentity?: { readonly type?: string; readonly arn?: string; readonly principalId?: string; readonly invokedBy?: string };
  readonly requestParameters?: unknown;
  readonly responseElements?: unknown;
}

/** The event is not an API call that CloudTrail recorded. */
export class MalformedEvent extends Error {
  public readonly name = 'MalformedEvent';
}

/** The API call in an event of EventBridge. */
export function parse(event: unknown): ApiCall {
  const detail = fields(fields(event).detail);
  for (const name of ['eventID', 'eventName']) {
    if (typeof detail[name] !== 'string' || detail[name] === '') throw new MalformedEvent(`'detail.${name}' must be a text, got ${JSON.stringify(detail[name])}`);
  }
  return detail as unknown as ApiCall;
}

/** The fields of a value that may be anything; none if it has none. */
export function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}
