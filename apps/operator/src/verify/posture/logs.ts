import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { unless } from '../check';
import { Posture } from './posture';

/** Log groups are encrypted with a customer key, and end some day. */
export const logs: Posture = (stack, { logs: client }) => stack.ofType('AWS::Logs::LogGroup').map(({ logicalId, physicalId: name }) => ({
  title: `${logicalId}: is encrypted and has a retention`,
  run: async () => {
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    const group = logGroups?.find((one) => one.logGroupName === name);
    return unless([!group && 'there is no such group', group && !group.kmsKeyId && 'no customer key', group && !group.retentionInDays && 'it never ends']);
  },
}));
