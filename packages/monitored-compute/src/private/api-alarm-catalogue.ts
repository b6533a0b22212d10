import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmSpec } from './alarm-set';

/** Answers that are the API's own fault. */
export const API_SERVER_ERRORS: AlarmSpec = {
  happened: 'The API answered at least {threshold} requests with an error of its own within five minutes.',
  response: 'Find the requests in the access log by their status, and the error of the integration in the execution log.',
  runbook: 'api-server-errors',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Requests that were refused. */
export const API_CLIENT_ERRORS: AlarmSpec = {
  happened: 'The API refused at least {threshold} requests within five minutes.',
  response: 'Find who sends them in the access log: somebody tries the door, or a client is misconfigured or throttled.',
  runbook: 'api-client-errors',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  evaluationPeriods: 1,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

/** Slow answers. */
export const API_LATENCY: AlarmSpec = {
  happened: 'One answer of the API in a hundred took more than {threshold} milliseconds for fifteen minutes.',
  response: 'Compare with the latency of the integration: what lies between the two is the API itself.',
  runbook: 'api-latency',
  comparison: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  evaluationPeriods: 3,
  missingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};
