import { Clients } from '../../clients';

/** One call that somebody is allowed, or must not be. */
export interface Attempt {
  /** In words: `write an object to its bucket`. */
  readonly title: string;
  /** The action and the resource, for where the caller cannot be had and IAM is asked instead. */
  readonly action: string;
  readonly resource: string;
  /** The requirements of the app that it confirms, by id, besides those of the whole drill. */
  readonly confirms?: readonly string[];
  /** The call itself. */
  call(as: Clients): Promise<unknown>;
}

const DENIALS = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'Client.UnauthorizedOperation', 'AuthorizationError', 'AuthorizationErrorException'];

/** How a call ends: allowed, denied, or with an error that is neither. */
export async function attempted(as: Clients, { call }: Pick<Attempt, 'call'>): Promise<string> {
  return call(as).then(() => 'allowed', (error: Error) => DENIALS.includes(error.name) ? 'denied' : `${error.name}: ${error.message}`);
}
