import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmSpec } from './alarm-set';

/** Errors of the load balancer's own. */
export const LOAD_BALANCER_ERRORS: AlarmSpec = {
  happened: 'The load balancer itself answered at least {threshold} requests with an error within five minutes.',
  response: 'Find the requests in the access log by their elb_status_code: no target was healthy, or one closed the connection or took too long.',
  runbook: 'load-balancer-errors',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Errors of what is behind it. */
export const TARGET_ERRORS: AlarmSpec = {
  happened: 'The targets answered at least {threshold} requests with an error within five minutes.',
  response: 'Find the requests in the access log by their target_status_code, and the error in the log of the target.',
  runbook: 'target-errors',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Callers that were turned away. */
export const REJECTED_CONNECTIONS: AlarmSpec = {
  happened: 'The load balancer turned away at least {threshold} connections within five minutes, because it had as many as it can have.',
  response: 'Find who opens them in the connection log.',
  runbook: 'rejected-connections',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Slow targets. */
export const TARGET_LATENCY: AlarmSpec = {
  happened: 'One answer of the targets in a hundred took more than {threshold} seconds for fifteen minutes.',
  response: 'Find the slow requests in the access log by their target_processing_time.',
  runbook: 'target-latency',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  evaluationPeriods: 3,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Targets that get no requests. */
export const UNHEALTHY_TARGETS: AlarmSpec = {
  happened: 'At least {threshold} target failed its health checks for five minutes, or there is no target.',
  response: 'Ask the target group why, then read the log of the target.',
  runbook: 'unhealthy-targets',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 5,
  missingData: cloudwatch.TreatMissingData.BREACHING,
};
