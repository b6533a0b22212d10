import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { EncryptedTopic } from '../encrypted-topic';
import { ServiceWriter } from '../service-writer';

/** What somebody should know of; the rest (backups, creation, notices) is routine. */
const WORTH_TELLING = ['availability', 'configuration change', 'deletion', 'failover', 'failure', 'low storage', 'maintenance', 'recovery'];

/** Has RDS tell a topic what happens to an instance, and who changes its parameters. */
export function tellEvents(
  scope: Construct, topic: sns.ITopic, instance: rds.DatabaseInstance, parameters: rds.ParameterGroup,
): rds.CfnEventSubscription[] {
  const admitted = EncryptedTopic.allowPublisher(topic, ServiceWriter.RDS_EVENTS);
  const snsTopicArn = topic.topicArn;
  const { parameterGroupName } = parameters.bindToInstance({});
  const subscriptions = [
    new rds.CfnEventSubscription(scope, 'InstanceEvents', {
      snsTopicArn, sourceType: 'db-instance', sourceIds: [instance.instanceIdentifier], eventCategories: WORTH_TELLING,
    }),
    new rds.CfnEventSubscription(scope, 'ParameterEvents', {
      snsTopicArn, sourceType: 'db-parameter-group', sourceIds: [parameterGroupName], eventCategories: ['configuration change'],
    }),
  ];
  // RDS refuses a topic to which it may not publish
  if (admitted) subscriptions.forEach((subscription) => subscription.node.addDependency(admitted));
  return subscriptions;
}
