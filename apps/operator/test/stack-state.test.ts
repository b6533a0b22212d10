import { StackStatus } from '@aws-sdk/client-cloudformation';
import { FirstStep, firstStepBeforeDeploy } from '../src/stack-state';

const { NONE, WAIT, DELETE, STOP } = FirstStep;

/** Every status that CloudFormation knows, and what has to happen first. */
const DECISIONS: Record<StackStatus, FirstStep> = {
  CREATE_COMPLETE: NONE,
  CREATE_FAILED: DELETE,
  CREATE_IN_PROGRESS: WAIT,
  DELETE_COMPLETE: NONE,
  DELETE_FAILED: STOP,
  DELETE_IN_PROGRESS: WAIT,
  IMPORT_COMPLETE: NONE,
  IMPORT_IN_PROGRESS: WAIT,
  IMPORT_ROLLBACK_COMPLETE: NONE,
  IMPORT_ROLLBACK_FAILED: STOP,
  IMPORT_ROLLBACK_IN_PROGRESS: WAIT,
  // what a change set leaves that was never executed: there is no stack yet
  REVIEW_IN_PROGRESS: DELETE,
  ROLLBACK_COMPLETE: DELETE,
  ROLLBACK_FAILED: DELETE,
  ROLLBACK_IN_PROGRESS: WAIT,
  UPDATE_COMPLETE: NONE,
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: WAIT,
  UPDATE_FAILED: STOP,
  UPDATE_IN_PROGRESS: WAIT,
  UPDATE_ROLLBACK_COMPLETE: NONE,
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: WAIT,
  UPDATE_ROLLBACK_FAILED: STOP,
  UPDATE_ROLLBACK_IN_PROGRESS: WAIT,
};

test.each(Object.values(StackStatus))('%s', (status) => {
  expect(firstStepBeforeDeploy(status)).toBe(DECISIONS[status]);
});

test('a stack that does not exist needs nothing', () => {
  expect(firstStepBeforeDeploy(undefined)).toBe(NONE);
});

test('a status that nobody knows stops', () => {
  expect(firstStepBeforeDeploy('SOMETHING_NEW')).toBe(STOP);
});

test('R-02 nothing that ever worked is deleted: only what was never created', () => {
  const deleted = Object.values(StackStatus).filter((status) => firstStepBeforeDeploy(status) === DELETE);
  expect(deleted.filter((status) => /^(UPDATE|IMPORT|CREATE_COMPLETE|DELETE)/.test(status))).toEqual([]);
});
