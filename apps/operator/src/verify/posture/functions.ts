import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { unless } from '../check';
import { Posture } from './posture';

/** Functions, the CDK's own included, write structured logs to a group of the stack and tell somebody when they fail. */
export const functions: Posture = (stack, { lambda, logs }) => stack.ofType('AWS::Lambda::Function').map(({ logicalId, physicalId: name }) => ({
  title: `${logicalId}: structured logs into a group of its own, and failures go somewhere`,
  run: async () => {
    const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    const group = configuration.LoggingConfig?.LogGroup;
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
    return unless([
      configuration.LoggingConfig?.LogFormat !== 'JSON' && `the log format is ${configuration.LoggingConfig?.LogFormat}`,
      !logGroups?.some((one) => one.logGroupName === group) && `its log group '${group}' does not exist`,
      !configuration.DeadLetterConfig?.TargetArn && 'no dead-letter target',
      !configuration.Timeout && 'no timeout',
    ]);
  },
}));
