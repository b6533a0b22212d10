/** The recorder of the account and region. */
export interface Recorder {
  readonly name: string;
  readonly recording: boolean;
}

/** What is to be done, and what is to be remembered until the stack goes. */
export interface Decision {
  readonly call?: 'START' | 'STOP';
  /** The name of the recorder, and whether it was recording before. */
  readonly physicalResourceId: string;
}

const STOPPED_BEFORE = '/stopped-before';

/**
 * The recorder belongs to the account: it is started if it stands still, and stopped again when the stack goes if it stood still
 * before. Nothing else of it is touched.
 */
export function decide(requestType: 'Create' | 'Update' | 'Delete', recorder: Recorder | undefined, remembered = ''): Decision {
  if (requestType === 'Delete') {
    const again = recorder?.recording && remembered === `${recorder.name}${STOPPED_BEFORE}`;
    return { call: again ? 'STOP' : undefined, physicalResourceId: remembered };
  }
  if (!recorder) throw new Error('there must be a recorder to adopt, but this account and region have none; let the construct create one');

  const call = recorder.recording ? undefined : 'START';
  return { call, physicalResourceId: requestType === 'Update' ? remembered : `${recorder.name}${call ? STOPPED_BEFORE : ''}` };
}
