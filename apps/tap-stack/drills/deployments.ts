import { CreateStackCommand, DeleteStackCommand, waitUntilStackDeleteComplete } from '@aws-sdk/client-cloudformation';
import { DisableRuleCommand, EnableRuleCommand } from '@aws-sdk/client-eventbridge';
import { apiCallIsTold, Clients, confirming, Drill, DrillContext } from '@tapstack/operator';

/** Time enough for AWS to take back a stack in which nothing was made. */
const UNDONE_WITHIN_SECONDS = 300;

/** A key whose policy would lock everybody out, its maker included: it is never made. */
const NEVER_MADE = JSON.stringify({ Resources: { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [] } } } } });

/** A second stack fails, since a stack cannot report that it was never made: a subscriber hears of it. */
export const deploymentFailureIsTold: Drill = confirming(['R-01'], apiCallIsTold({
  title: 'a stack that cannot be made',
  topic: ({ stack }) => stack.output('AlertsTopicArn'),
  action: 'cloudformation:CreateStack',
  call: (as, context) => as.cloudFormation.send(new CreateStackCommand({ StackName: drillStack(context), TemplateBody: NEVER_MADE })),
  undo: async ({ cloudFormation }, context) => {
    const StackName = drillStack(context);
    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete({ client: cloudFormation, maxWaitTime: UNDONE_WITHIN_SECONDS, minDelay: 1, maxDelay: 5 }, { StackName });
  },
  // CloudFormation tells what became of the stack, not who made it
  says: (message, _, context) => message.includes(`stack/${drillStack(context)}/`) && message.includes('ROLLBACK_'),
  needs: [{ title: 'the rule', without: ({ stack, target }, action) => withoutRule(target.clients, stack.output('DeploymentFailuresRuleArn'), action) }],
}));

function drillStack({ stack }: DrillContext): string {
  return `${stack.name}-drill-that-fails`;
}

async function withoutRule<T>({ events }: Clients, ruleArn: string, action: () => Promise<T>): Promise<T> {
  const Name = ruleArn.split('/').at(-1)!;
  await events.send(new DisableRuleCommand({ Name }));
  try {
    return await action();
  } finally {
    await events.send(new EnableRuleCommand({ Name }));
  }
}
