import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmSpec } from './alarm-set';

/** The period of the alarms on load: a peak is not an alarm, five minutes of it are. */
export const FIVE_MINUTES = Duration.minutes(5);

const ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD;
const AT_LEAST = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;

/** An instance that is off carries no load; that it is off is said by the alarm on its status checks. */
const OFF_IS_NO_LOAD = cloudwatch.TreatMissingData.NOT_BREACHING;

/** The silence of whoever should report is the worst report of all. */
const SILENCE_IS_FAILURE = cloudwatch.TreatMissingData.BREACHING;

/** The processor. */
export const CPU: AlarmSpec = {
  happened: 'The processor was above {threshold} % on average for five minutes.',
  response: 'Look for the process that uses it, and at the CPU credits if the type is burstable.',
  runbook: 'processor',
  comparison: ABOVE,
  evaluationPeriods: 1,
  missingData: OFF_IS_NO_LOAD,
};

/** Bytes received. */
export const NETWORK_IN: AlarmSpec = {
  happened: 'The instance received more than {threshold} bytes in five minutes.',
  response: 'Find who sends them in the flow logs of the VPC.',
  runbook: 'network-in',
  comparison: ABOVE,
  evaluationPeriods: 1,
  missingData: OFF_IS_NO_LOAD,
};

/** Bytes sent. */
export const NETWORK_OUT: AlarmSpec = {
  happened: 'The instance sent more than {threshold} bytes in five minutes.',
  response: 'Find who receives them in the flow logs of the VPC; unless it is expected, treat it as data being carried out.',
  runbook: 'network-out',
  comparison: ABOVE,
  evaluationPeriods: 1,
  missingData: OFF_IS_NO_LOAD,
};

/** The status checks of EC2. */
export const STATUS_CHECK: AlarmSpec = {
  happened: 'The instance failed a status check, or reported none, for two minutes.',
  response: 'Tell the host from the system by the two checks; stop and start the instance to move it to another host.',
  runbook: 'status-checks',
  comparison: AT_LEAST,
  evaluationPeriods: 2,
  missingData: SILENCE_IS_FAILURE,
};

/** Memory, as the agent sees it. */
export const MEMORY: AlarmSpec = {
  happened: 'Memory was above {threshold} % on average for five minutes, or the CloudWatch agent is silent.',
  response: 'Without data look at the agent; otherwise look for the process that grows.',
  runbook: 'memory',
  comparison: ABOVE,
  evaluationPeriods: 1,
  missingData: SILENCE_IS_FAILURE,
};

/** A file system, as the agent sees it. */
export const DISK: AlarmSpec = {
  happened: 'A file system was above {threshold} % on average for five minutes, or the CloudWatch agent is silent.',
  response: 'Without data look at the agent; otherwise delete what is not needed or grow the volume.',
  runbook: 'disk',
  comparison: ABOVE,
  evaluationPeriods: 1,
  missingData: SILENCE_IS_FAILURE,
};
