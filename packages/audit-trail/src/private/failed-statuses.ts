/**
 * Every status of a stack that says a deployment failed, also one that was rolled back successfully.
 *
 * A failed create ends in ROLLBACK_COMPLETE, a failed update in UPDATE_ROLLBACK_COMPLETE: only with rollback disabled do CREATE_FAILED
 * and UPDATE_FAILED stay. Each failure is told when it begins to be undone, which is early, and when that ended.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
export const FAILED_STATUSES = [
  'CREATE_FAILED',
  'DELETE_FAILED',
  'IMPORT_ROLLBACK_COMPLETE',
  'IMPORT_ROLLBACK_FAILED',
  'IMPORT_ROLLBACK_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'ROLLBACK_IN_PROGRESS',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_IN_PROGRESS',
];
