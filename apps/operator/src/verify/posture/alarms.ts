import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { unless } from '../check';
import { Posture } from './posture';

/** Alarms tell somebody. */
export const alarms: Posture = (stack, { cloudWatch }) => stack.ofType('AWS::CloudWatch::Alarm').map(({ logicalId, physicalId: name }) => ({
  title: `${logicalId}: is switched on and tells somebody`,
  run: async () => {
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    const alarm = MetricAlarms?.[0];
    return unless([
      !alarm && 'there is no such alarm',
      alarm && !alarm.ActionsEnabled && 'its actions are switched off',
      alarm && !alarm.AlarmActions?.length && 'it has no action',
      alarm && !alarm.AlarmDescription && 'nothing says what it means',
    ]);
  },
}));
