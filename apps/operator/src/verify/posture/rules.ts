import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { Clients } from '../../clients';
import { Check, unless } from '../check';
import { admitsRule, keyAdmitsRules, parsePolicy } from './policy';
import { Posture } from './posture';

/** EventBridge rules are switched on, and whatever they tell lets them: a target that does not loses every event unseen. */
export const rules: Posture = (stack, clients) => stack.ofType('AWS::Events::Rule').flatMap(({ logicalId, physicalId }): Check[] => {
  // the physical id is the name, with that of the bus before it where it is not the default one
  const [Name, EventBusName] = physicalId.split('|').reverse();
  const targets = async () => (await clients.events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName }))).Targets ?? [];
  const rule = () => clients.events.send(new DescribeRuleCommand({ Name, EventBusName }));
  return [
    {
      title: `${logicalId}: is enabled and has targets`,
      run: async () => {
        const { State } = await rule();
        return unless([State !== 'ENABLED' && `it is ${State}`, (await targets()).length === 0 && 'it has no target']);
      },
    },
    {
      title: `${logicalId}: its targets, and where failures go, let it in`,
      run: async () => {
        const { Arn } = await rule();
        const arns = (await targets()).flatMap((target) => [target.Arn!, ...target.DeadLetterConfig?.Arn ? [target.DeadLetterConfig.Arn] : []]);
        return unless(await Promise.all(arns.map(async (arn) => await admits(clients, arn, Arn!) ? undefined : `${arn} does not`)));
      },
    },
  ];
});

/** Whether a topic, a queue or a function admits a rule, and so does the key that encrypts it. */
async function admits(clients: Clients, arn: string, rule: string): Promise<boolean> {
  const { policy, key } = await doorsOf(clients, arn);
  if (!policy || !admitsRule(parsePolicy(policy), rule)) return false;
  if (!key) return true;
  const { Policy } = await clients.kms.send(new GetKeyPolicyCommand({ KeyId: key, PolicyName: 'default' }));
  return keyAdmitsRules(parsePolicy(Policy!));
}

async function doorsOf(clients: Clients, arn: string): Promise<{ readonly policy?: string; readonly key?: string }> {
  switch (arn.split(':')[2]) {
    case 'lambda': {
      const { Policy } = await clients.lambda.send(new GetPolicyCommand({ FunctionName: arn }));
      return { policy: Policy };
    }
    case 'sns': {
      const { Attributes } = await clients.sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
      return { policy: Attributes?.Policy, key: Attributes?.KmsMasterKeyId };
    }
    case 'sqs': {
      const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: arn.split(':')[5] }));
      const { Attributes } = await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy', 'KmsMasterKeyId'] }));
      return { policy: Attributes?.Policy, key: Attributes?.KmsMasterKeyId };
    }
    default: return {};
  }
}
