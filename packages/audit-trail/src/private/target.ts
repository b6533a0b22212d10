import * as events from 'aws-cdk-lib/aws-events';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';

/**
 * A target that is tried for a day, as EventBridge does unless it is told otherwise, after which the event is kept.
 *
 * Not the targets of the L2: they add a statement for each rule to the queue, which admits all of them already, and the one of a topic changes its
 * key, depending on a feature flag.
 */
export function deliveredTo(arn: string, targetResource: IConstruct, failedEvents: sqs.IQueue): events.IRuleTarget {
  return {
    bind: () => ({
      arn,
      targetResource,
      deadLetterConfig: { arn: failedEvents.queueArn },
    }),
  };
}
