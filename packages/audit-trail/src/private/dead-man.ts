import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';

/** What takes a trail out of service, or makes it record less. */
export const TRAIL_CHANGES: events.EventPattern = {
  source: ['aws.cloudtrail'],
  detailType: ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: ['cloudtrail.amazonaws.com'],
    eventName: ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'],
    errorCode: [{ exists: false }],
  },
};

/** How long nothing may arrive: in an account that is used at all something happens every few minutes. */
export const SILENCE = Duration.hours(1);

/** Goes off when a number that is always above zero is not, or is no longer there. */
export function whenSilent(metric: cloudwatch.IMetric, alarmDescription: string): cloudwatch.AlarmProps {
  return {
    metric,
    alarmDescription,
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 1,
    // silence is what it listens for
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  };
}
