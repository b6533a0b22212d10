import { DescribeAlarmsCommand, SetAlarmStateCommand, StateValue } from '@aws-sdk/client-cloudwatch';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { Clients } from '../../clients';
import { failed, notVerifiable, passed } from '../check';
import { admitsService, Statement } from '../posture/policy';
import { Drill } from './drill';
import { Subscriber } from './subscriber';
import { withoutKeyStatements } from './without';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';
const ARRIVES_WITHIN_SECONDS = 20;
/** On a local AWS a message that comes at all comes at once. */
const STAYS_AWAY_FOR_SECONDS = 2;

/**
 * Every alarm is put into alarm and the message arrives at a subscriber of its topic. Once per topic, the same without the
 * statement of the key's policy that lets CloudWatch in: then nothing may arrive, or the first proof is worth nothing.
 */
export const alarmArrives: Drill = ({ stack, target }) => {
  const { clients } = target;
  const alarms = stack.ofType('AWS::CloudWatch::Alarm');
  return [
    ...alarms.map(({ logicalId, physicalId: name }) => ({
      title: `${logicalId}: its alarm reaches a subscriber of the topic`,
      run: async () => {
        const topic = await topicOf(clients, name);
        if (!topic) return failed('no topic among its actions');
        return await drill(clients, name, topic, ARRIVES_WITHIN_SECONDS) ? passed : failed(`nothing arrived within ${ARRIVES_WITHIN_SECONDS} seconds`);
      },
    })),
    ...alarms.slice(0, 1).map(({ logicalId, physicalId: name }) => ({
      title: `${logicalId}: without the key policy's statement for CloudWatch nothing arrives (canary)`,
      run: async () => {
        if (!target.local) return notVerifiable('a statement is taken away only on a local AWS');
        const topic = await topicOf(clients, name);
        const { Attributes } = await clients.sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
        const key = Attributes?.KmsMasterKeyId;
        if (!topic || !key) return failed('the topic is not encrypted with a key of its own');
        const ofCloudWatch = (statement: Statement) => admitsService(statement, CLOUDWATCH);
        const arrived = await withoutKeyStatements(clients, key, ofCloudWatch, () => drill(clients, name, topic, STAYS_AWAY_FOR_SECONDS));
        return arrived ? failed('the message arrived all the same') : passed;
      },
    })),
  ];
};

async function topicOf(clients: Clients, alarm: string): Promise<string | undefined> {
  const { MetricAlarms } = await clients.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarm] }));
  return MetricAlarms?.[0]?.AlarmActions?.find((action) => action.includes(':sns:'));
}

/** Puts the alarm into alarm, listens, and puts it back: the state is all that changes. */
async function drill(clients: Clients, alarm: string, topic: string, seconds: number): Promise<boolean> {
  const subscriber = await Subscriber.to(clients, topic);
  try {
    return await alarmHeard(clients, alarm, subscriber, seconds);
  } finally {
    await subscriber.leave();
  }
}

async function alarmHeard(clients: Clients, alarm: string, subscriber: Subscriber, seconds: number): Promise<boolean> {
  try {
    await setState(clients, alarm, StateValue.OK);
    await setState(clients, alarm, StateValue.ALARM);
    return await subscriber.hears((message) => message.includes(alarm) && message.includes('ALARM'), seconds);
  } finally {
    await setState(clients, alarm, StateValue.OK);
  }
}

async function setState(clients: Clients, AlarmName: string, StateValue: StateValue): Promise<void> {
  await clients.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'tapstack verify: drill' }));
}
