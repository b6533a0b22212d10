import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { unless } from '../check';
import { DeployedStack } from '../deployed-stack';
import { parsePolicy, refusesPlainHttp } from './policy';
import { Posture } from './posture';

/** Queues are encrypted with a customer key, refuse plain HTTP, and what nobody can handle goes somewhere. */
export const queues: Posture = (stack, { sqs }) => stack.ofType('AWS::SQS::Queue').map(({ logicalId, physicalId: QueueUrl }) => ({
  title: `${logicalId}: is encrypted with a customer key, denies plain HTTP and loses no message`,
  run: async () => {
    const { Attributes: queue } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return unless([
      !queue?.KmsMasterKeyId && 'no customer key',
      queue?.KmsMasterKeyId?.includes('alias/aws/') && 'the key is AWS\'s, which no service can send through',
      !(queue?.Policy && refusesPlainHttp(parsePolicy(queue.Policy))) && 'no statement denies requests without TLS',
      !queue?.RedrivePolicy && !isDeadLetterQueue(stack, logicalId) && 'no dead-letter queue',
    ]);
  },
}));

/** A queue that others keep their failures in needs none for its own. */
function isDeadLetterQueue(stack: DeployedStack, logicalId: string): boolean {
  const targets = Object.values(stack.template.Resources).flatMap(({ Properties = {} }) => [
    (Properties.RedrivePolicy as { deadLetterTargetArn?: unknown } | undefined)?.deadLetterTargetArn,
    (Properties.DeadLetterConfig as { TargetArn?: unknown } | undefined)?.TargetArn,
    (Properties.DestinationConfig as { OnFailure?: { Destination?: unknown } } | undefined)?.OnFailure?.Destination,
    ...((Properties.Targets as { DeadLetterConfig?: { Arn?: unknown } }[] | undefined) ?? []).map((target) => target.DeadLetterConfig?.Arn),
  ]);
  return targets.some((target) => JSON.stringify(target) === JSON.stringify({ 'Fn::GetAtt': [logicalId, 'Arn'] }));
}
