import { CfnCondition, Fn } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** An e-mail subscription beside the topic, if the operator gave an address when deploying. */
export function subscribeIfGiven(topic: sns.Topic, email: string): void {
  const scope = topic.node.scope as Construct;
  const subscription = new sns.Subscription(scope, 'EmailSubscription', { topic, protocol: sns.SubscriptionProtocol.EMAIL, endpoint: email });
  const given = new CfnCondition(scope, 'EmailGiven', { expression: Fn.conditionNot(Fn.conditionEquals(email, '')) });
  (subscription.node.defaultChild as sns.CfnSubscription).cfnOptions.condition = given;
}
