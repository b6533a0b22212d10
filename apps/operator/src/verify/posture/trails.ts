import { GetTrailCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { unless } from '../check';
import { Posture } from './posture';

/** Trails record every region, encrypted and so that a change of a log file shows, and hand their events to a log group. */
export const trails: Posture = (stack, { cloudTrail, logs }) => stack.ofType('AWS::CloudTrail::Trail').flatMap(({ logicalId, physicalId: Name }) => {
  const read = async () => (await cloudTrail.send(new GetTrailCommand({ Name }))).Trail;
  const status = () => cloudTrail.send(new GetTrailStatusCommand({ Name }));
  return [
    {
      title: `${logicalId}: records every region and the global services`,
      run: async () => {
        const trail = await read();
        const { IsLogging, LatestDeliveryError } = await status();
        return unless([
          !IsLogging && 'it does not record',
          LatestDeliveryError && `delivery fails: ${LatestDeliveryError}`,
          !trail?.IsMultiRegionTrail && 'it records one region only',
          !trail?.IncludeGlobalServiceEvents && 'it leaves out the global services',
        ]);
      },
    },
    {
      title: `${logicalId}: encrypts its log files with a customer key, and a changed one shows`,
      run: async () => {
        const trail = await read();
        return unless([!trail?.KmsKeyId && 'no customer key', !trail?.LogFileValidationEnabled && 'log files are not validated']);
      },
    },
    {
      title: `${logicalId}: hands its events to a log group`,
      run: async () => {
        const group = (await read())?.CloudWatchLogsLogGroupArn?.split(':')[6];
        if (!group) return unless(['it has no log group']);
        const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }));
        const { LatestCloudWatchLogsDeliveryError: error } = await status();
        return unless([!logGroups?.some((one) => one.logGroupName === group) && `its log group '${group}' does not exist`, error && `delivery fails: ${error}`]);
      },
    },
  ];
});
