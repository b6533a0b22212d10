/** What a service does in this account and region before anything is done. */
export enum State {
  /** It was never turned on. */
  ABSENT = 'ABSENT',
  /** It works. */
  ON = 'ON',
  /** Somebody turned it on and then paused it. */
  PAUSED = 'PAUSED',
}

/** What is to be done, and what became of the service. */
export interface Decision {
  readonly enable: boolean;
  readonly outcome: 'ENABLED' | 'WAS_ON' | 'LEFT';
}

/**
 * A service belongs to the account, not to the stack: it is turned on where it is missing, and nothing else is ever done to it.
 */
export function decide(service: string, requestType: 'Create' | 'Update' | 'Delete', state: State): Decision {
  if (requestType === 'Delete') return { enable: false, outcome: 'LEFT' };
  if (state === State.PAUSED) {
    throw new Error(`${service} must work, but somebody paused it in this account and region; resume it there, or leave it out of the stack`);
  }
  return state === State.ON ? { enable: false, outcome: 'WAS_ON' } : { enable: true, outcome: 'ENABLED' };
}
