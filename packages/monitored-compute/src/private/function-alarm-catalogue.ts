import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmSpec } from './alarm-set';

const AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;

/** A function that is not called says nothing, and need not. */
const NOT_CALLED = { evaluationPeriods: 1, missingData: cloudwatch.TreatMissingData.NOT_BREACHING };

/** Calls that ended in an error. */
export const FUNCTION_ERRORS: AlarmSpec = {
  happened: 'At least {threshold} calls of the function ended in an error within five minutes.',
  response: 'Read the error in the log group.',
  runbook: 'function-errors',
  comparison: AT_LEAST,
  ...NOT_CALLED,
};

/** Calls that were turned away. */
export const FUNCTION_THROTTLES: AlarmSpec = {
  happened: 'At least {threshold} calls of the function were turned away within five minutes.',
  response: 'Compare its concurrency with what is reserved for it, and with the quota of the account.',
  runbook: 'function-throttles',
  comparison: AT_LEAST,
  ...NOT_CALLED,
};

/** Calls that came near the timeout. */
export const FUNCTION_DURATION: AlarmSpec = {
  happened: 'The slowest call of the function took more than {threshold} milliseconds.',
  response: 'Look at the traces for what it waits for, before it is stopped by its timeout.',
  runbook: 'function-duration',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  ...NOT_CALLED,
};

/** Events that were given up. */
export const FUNCTION_FAILURES: AlarmSpec = {
  happened: 'Events that the function gave up are waiting in its queue.',
  response: 'Read why in the messages, mend the function, and send the events again.',
  runbook: 'function-failures',
  comparison: AT_LEAST,
  ...NOT_CALLED,
};
