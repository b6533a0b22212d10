import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmSpec } from './alarm-set';

const ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD;

/** Five of these are the five minutes of an alarm; with the maximum, five minutes in which one machine never recovered. */
export const ONE_MINUTE = Duration.minutes(1);

/** The processors. */
export const FLEET_CPU: AlarmSpec = {
  happened: 'The processors of the fleet were above {threshold} % on average for five minutes.',
  response: 'The fleet is as large as it may become, or grows too slowly; raise its maximum.',
  runbook: 'fleet-processor',
  comparison: ABOVE,
  evaluationPeriods: 1,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Bytes received by all together. */
export const FLEET_NETWORK_IN: AlarmSpec = {
  happened: 'The fleet received more than {threshold} bytes in five minutes.',
  response: 'Find who sends them in the flow logs of the VPC.',
  runbook: 'network-in',
  comparison: ABOVE,
  evaluationPeriods: 1,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Bytes sent by all together. */
export const FLEET_NETWORK_OUT: AlarmSpec = {
  happened: 'The fleet sent more than {threshold} bytes in five minutes.',
  response: 'Find who receives them in the flow logs of the VPC; unless it is expected, treat it as data being carried out.',
  runbook: 'network-out',
  comparison: ABOVE,
  evaluationPeriods: 1,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** The status checks of EC2. */
export const FLEET_STATUS_CHECK: AlarmSpec = {
  happened: 'An instance of the fleet failed its status checks for five minutes, or none reported any.',
  response: 'The group replaces it; look at its activities if it does not.',
  runbook: 'fleet-capacity',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 5,
  missingData: cloudwatch.TreatMissingData.BREACHING,
};

/** Instances in service. */
export const FLEET_IN_SERVICE: AlarmSpec = {
  happened: 'Fewer than {threshold} instances of the fleet were in service for five minutes.',
  response: 'Read why launches fail in the activities of the group.',
  runbook: 'fleet-capacity',
  comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
  evaluationPeriods: 5,
  missingData: cloudwatch.TreatMissingData.BREACHING,
};

/** Memory of the fullest machine. */
export const FLEET_MEMORY: AlarmSpec = {
  happened: 'Memory of an instance of the fleet stayed above {threshold} % for five minutes, or no CloudWatch agent reports.',
  response: 'Find the instance by its own metrics, and the process that grows.',
  runbook: 'memory',
  comparison: ABOVE,
  evaluationPeriods: 5,
  missingData: cloudwatch.TreatMissingData.BREACHING,
};

/** The fullest file system. */
export const FLEET_DISK: AlarmSpec = {
  happened: 'A file system of an instance of the fleet stayed above {threshold} % for five minutes, or no CloudWatch agent reports.',
  response: 'Find the instance by its own metrics; delete what is not needed, or replace the instance.',
  runbook: 'disk',
  comparison: ABOVE,
  evaluationPeriods: 5,
  missingData: cloudwatch.TreatMissingData.BREACHING,
};
