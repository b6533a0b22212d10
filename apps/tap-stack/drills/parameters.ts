import { CreateChangeSetCommand, DeleteChangeSetCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { confirming, Drill, DrillContext, failed, passed, unless } from '@tapstack/operator';
import { DRILL } from './calls';

/** What each parameter must not be. */
const REFUSED: Record<string, string> = {
  EnvironmentSuffix: 'Upper', Environment: 'prod', EC2InstanceType: 'x9.mega', AllowedSSHCIDR: '0.0.0.0/0', DBUsername: 'admin', AlertEmail: 'nobody',
};

/** A change set with a value that a parameter does not take is refused; every parameter is described, and none asks for a password. */
export const parametersAreHeldTo: Drill = confirming(['P-09', 'X-01'], (context) => {
  const parameters = Object.entries(context.stack.template.Parameters ?? {});
  return [
    {
      title: 'parameters: each is described, and none asks for a password',
      run: async () => unless(parameters.flatMap(([name, { Description, NoEcho }]) => [
        !Description && `${name} is not described`, (NoEcho || /password|secret/i.test(name)) && `${name} may be a password`,
      ])),
    },
    ...parameters.filter(([name]) => name in REFUSED).map(([name]) => ({
      title: `parameters: ${name} must not be '${REFUSED[name]}'`,
      run: async () => {
        const answer = await changeTo(context, name, REFUSED[name]);
        return answer.includes(name) ? passed : failed(answer);
      },
    })),
  ];
});

/** The value of a parameter of the stack as it was deployed. */
export async function parameterOf({ stack, target }: DrillContext, name: string): Promise<string | undefined> {
  const { Stacks } = await target.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: stack.name }));
  return Stacks?.[0].Parameters?.find(({ ParameterKey }) => ParameterKey === name)?.ParameterValue;
}

/** What CloudFormation says to a change of one parameter; the change is never executed. */
async function changeTo({ stack, target: { clients: { cloudFormation } } }: DrillContext, name: string, value: string): Promise<string> {
  const changeSet = { StackName: stack.name, ChangeSetName: DRILL };
  const Parameters = Object.keys(stack.template.Parameters ?? {}).map((ParameterKey) => (
    ParameterKey === name ? { ParameterKey, ParameterValue: value } : { ParameterKey, UsePreviousValue: true }));
  try {
    await cloudFormation.send(new CreateChangeSetCommand({ ...changeSet, UsePreviousTemplate: true, Capabilities: ['CAPABILITY_NAMED_IAM'], Parameters }));
    await cloudFormation.send(new DeleteChangeSetCommand(changeSet));
    return 'the change set was made';
  } catch (error) {
    const { name: kind, message } = error as Error;
    return kind === 'ValidationError' ? message : `${kind}: the change set failed otherwise`;
  }
}
