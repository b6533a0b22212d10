import { StackStatus } from '@aws-sdk/client-cloudformation';

/** What has to happen before a stack can be deployed. */
export enum FirstStep {
  /** Nothing stands in the way. */
  NONE = 'none',
  /** Somebody, perhaps a run that was killed, is still at it. */
  WAIT = 'wait',
  /** Its creation failed: there is nothing to update, it must go first. */
  DELETE = 'delete',
  /** No deployment can mend it; a person decides. */
  STOP = 'stop',
}

const NEVER_CREATED: readonly string[] = [
  StackStatus.CREATE_FAILED, StackStatus.ROLLBACK_COMPLETE, StackStatus.ROLLBACK_FAILED, StackStatus.REVIEW_IN_PROGRESS,
];
const HEALTHY: readonly string[] = [
  StackStatus.CREATE_COMPLETE, StackStatus.UPDATE_COMPLETE, StackStatus.UPDATE_ROLLBACK_COMPLETE, StackStatus.IMPORT_COMPLETE,
  StackStatus.IMPORT_ROLLBACK_COMPLETE, StackStatus.DELETE_COMPLETE,
];

/** Decides from the status alone; an absent stack has none. A status that nobody knows stops. */
export function firstStepBeforeDeploy(status: string | undefined): FirstStep {
  if (status === undefined || HEALTHY.includes(status)) return FirstStep.NONE;
  if (NEVER_CREATED.includes(status)) return FirstStep.DELETE;
  return status.endsWith('_IN_PROGRESS') ? FirstStep.WAIT : FirstStep.STOP;
}
