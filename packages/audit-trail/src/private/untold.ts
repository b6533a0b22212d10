import { EncryptedTopic, ServiceWriter } from '@tapstack/encrypted-storage';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { RUNBOOK } from './runbook';

/** Who hears that somebody was not told. */
export interface UntoldProps {
  readonly topic: sns.ITopic;
  readonly failedEvents: sqs.IQueue;
  readonly runbookUrl?: string;
}

/**
 * An alarm that goes off when messages wait in the queue; none if the queue, which others may share, has one already.
 */
export function alarmOnUntold(scope: Construct, { topic, failedEvents, runbookUrl = RUNBOOK }: UntoldProps): cloudwatch.Alarm | undefined {
  if (hasAlarm(failedEvents)) return undefined;

  EncryptedTopic.allowPublisher(topic, ServiceWriter.CLOUDWATCH_ALARMS);
  const alarm = new cloudwatch.Alarm(scope, 'FailedEventsAlarm', {
    metric: failedEvents.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, period: Duration.minutes(5) }),
    alarmDescription: `Somebody was not told of an event. ${runbookUrl}#somebody-was-not-told`,
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    // SQS publishes nothing about a queue that nobody uses
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}

/** Names are compared as they are at synthesis: that of one queue is the same token wherever it is asked for. */
function hasAlarm({ node, queueName }: sqs.IQueue): boolean {
  return node.root.node.findAll().some((other) => (
    other instanceof cloudwatch.CfnAlarm && other.namespace === 'AWS/SQS' && other.metricName === 'ApproximateNumberOfMessagesVisible'
    && Array.isArray(other.dimensions) && other.dimensions.some((dimension) => 'value' in dimension && dimension.value === queueName)
  ));
}
