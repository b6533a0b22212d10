import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRouteTablesCommand, DescribeVpcEndpointsCommand } from '@aws-sdk/client-ec2';
import { FunctionConfiguration, GetFunctionConfigurationCommand, GetFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import { Clients } from '../../clients';
import { Check, unless } from '../check';
import { Posture } from './posture';

/** Functions, the CDK's own included, write structured logs to a group of the stack and tell somebody when they fail. */
export const functions: Posture = (stack, clients) => stack.ofType('AWS::Lambda::Function').flatMap(({ logicalId, physicalId: name }): Check[] => {
  const read = () => clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  return [
    {
      title: `${logicalId}: structured logs into a group of its own, and failures go somewhere`,
      run: async () => {
        const configuration = await read();
        const group = configuration.LoggingConfig?.LogGroup;
        const { logGroups } = await clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
        return unless([
          configuration.LoggingConfig?.LogFormat !== 'JSON' && `the log format is ${configuration.LoggingConfig?.LogFormat}`,
          !logGroups?.some((one) => one.logGroupName === group) && `its log group '${group}' does not exist`,
          !await whereFailuresGo(clients, configuration) && 'its failures go nowhere',
          !configuration.Timeout && 'no timeout',
        ]);
      },
    },
    ...stack.template.Resources[logicalId]?.Properties?.VpcConfig ? [{
      title: `${logicalId}: works in its network, and reaches AWS from every subnet there`,
      run: async () => {
        const { VpcConfig } = await read();
        const subnets = VpcConfig?.SubnetIds ?? [];
        const stranded = await withoutWayOut(clients, VpcConfig?.VpcId, subnets);
        return unless([
          subnets.length === 0 && 'it is in no network',
          !VpcConfig?.SecurityGroupIds?.length && 'it has no security group',
          ...stranded.map((subnet) => `nothing leads out of ${subnet}: neither a NAT gateway nor an endpoint`),
        ]);
      },
    }] : [],
  ];
});

/** The dead-letter target, or the destination of what was given up. */
async function whereFailuresGo({ lambda }: Clients, { FunctionName, DeadLetterConfig }: FunctionConfiguration): Promise<string | undefined> {
  if (DeadLetterConfig?.TargetArn) return DeadLetterConfig.TargetArn;
  const { DestinationConfig } = await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' })).catch((error: Error) => {
    if (error.name === 'ResourceNotFoundException') return { DestinationConfig: undefined };
    throw error;
  });
  return DestinationConfig?.OnFailure?.Destination;
}

/** A function has no public address, so that an internet gateway does not help it. */
async function withoutWayOut({ ec2 }: Clients, vpcId: string | undefined, subnets: string[]): Promise<string[]> {
  if (!vpcId) return [];
  const { VpcEndpoints } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }));
  if (VpcEndpoints?.some((endpoint) => endpoint.VpcEndpointType === 'Interface')) return [];
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'association.subnet-id', Values: subnets }] }));
  const leadingOut = (RouteTables ?? []).filter((table) => table.Routes?.some((route) => route.NatGatewayId && route.State === 'active'));
  const connected = new Set(leadingOut.flatMap((table) => table.Associations ?? []).map((association) => association.SubnetId));
  return subnets.filter((subnet) => !connected.has(subnet));
}
