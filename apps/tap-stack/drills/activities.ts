import { GetMetricStatisticsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateLogStreamCommand, DeleteLogStreamCommand, DescribeMetricFiltersCommand, PutLogEventsCommand, TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { apiCallIsTold, Check, Clients, confirming, Drill, DrillContext, failed, notVerifiable, unless } from '@tapstack/operator';
import { DRILL } from './calls';

const HOUR_IN_MILLISECONDS = 3_600_000;

/** What an event of a trail has in it for a filter to read. */
type TrailEvent = Readonly<Record<string, unknown>>;

/** An activity that is alarmed on, and what is nearly one. */
interface Activity {
  /** The name of the filter and of its metric. */
  readonly id: string;
  readonly title: string;
  readonly event: TrailEvent;
  readonly nearMisses: TrailEvent[];
}

const CALL = {
  eventSource: 's3.amazonaws.com', eventName: 'GetObject', sourceIPAddress: '198.51.100.7', eventType: 'AwsApiCall', userIdentity: { type: 'IAMUser' },
};

const ACTIVITIES: Activity[] = [
  {
    id: 'UnauthorizedApiCalls',
    title: 'a call that is refused',
    event: { ...CALL, errorCode: 'AccessDenied' },
    // one that is allowed, one that fails for another reason, and what AWS tries when it delivers logs
    nearMisses: [CALL, { ...CALL, errorCode: 'NoSuchKey' }, { ...CALL, errorCode: 'AccessDenied', sourceIPAddress: 'delivery.logs.amazonaws.com' }],
  },
  {
    id: 'RootUsage',
    title: 'a call by the root user',
    event: { ...CALL, eventName: 'CreateUser', userIdentity: { type: 'Root' } },
    // what a service does for the account, and in the name of its root user
    nearMisses: [
      { ...CALL, userIdentity: { type: 'Root' }, eventType: 'AwsServiceEvent' },
      { ...CALL, userIdentity: { type: 'Root', invokedBy: 'backup.amazonaws.com' } },
    ],
  },
];

/** Events as a trail delivers them are counted and reach a subscriber; what is nearly such an event is not counted (C-09). */
export const activitiesAreTold: Drill = confirming(['C-09'], (context) => ACTIVITIES.flatMap((activity) => [
  ...[...alarmIsTold(activity)(context), isCounted(activity, context)]
    .map((check) => context.target.local ? check : onlyWhereEventsCanBeForged(check)),
  nearMissesAreNot(activity, context),
]));

function alarmIsTold({ id, title, event }: Activity): Drill {
  const logStreamName = `${DRILL}-${id}`;
  return apiCallIsTold({
    title: `SecurityAlarms${id}: ${title}`,
    topic: ({ stack }) => stack.output('AlertsTopicArn'),
    action: 'logs:PutLogEvents',
    call: async (as, context) => {
      await backToOk(id, context);
      await write(as, event, logStreamName, context);
    },
    undo: async ({ logs }, context) => {
      await logs.send(new DeleteLogStreamCommand({ logGroupName: context.stack.output('TrailLogGroup'), logStreamName }));
      await backToOk(id, context);
    },
    says: (message, _, context) => message.includes(alarmName(id, context)) && /"NewStateValue":\s*"ALARM"/.test(message),
    needs: [],
  });
}

function isCounted({ id, title, event }: Activity, context: DrillContext): Check {
  return {
    title: `SecurityAlarms${id}: ${title} is counted once`,
    run: async () => {
      const logStreamName = `${DRILL}-${id}-counted`;
      const { clients } = context.target;
      const since = new Date(Date.now() - HOUR_IN_MILLISECONDS);
      const before = await counted(id, since, context);
      await write(clients, event, logStreamName, context);
      const after = await counted(id, since, context);
      await clients.logs.send(new DeleteLogStreamCommand({ logGroupName: context.stack.output('TrailLogGroup'), logStreamName }));
      await backToOk(id, context);
      return unless([after !== before + 1 && `the metric went from ${before} to ${after}`]);
    },
  };
}

function nearMissesAreNot({ id, nearMisses }: Activity, { stack, target }: DrillContext): Check {
  return {
    title: `SecurityAlarms${id}: what is nearly one is not counted`,
    run: async () => {
      const { logs } = target.clients;
      const { metricFilters } = await logs.send(new DescribeMetricFiltersCommand({ logGroupName: stack.output('TrailLogGroup'), filterNamePrefix: id }));
      if (metricFilters?.length !== 1) return failed(`${metricFilters?.length} filters are called ${id}`);
      const { matches } = await logs.send(new TestMetricFilterCommand({
        filterPattern: metricFilters[0].filterPattern, logEventMessages: nearMisses.map((event) => JSON.stringify(event)),
      }));
      return unless((matches ?? []).map(({ eventMessage }) => `${eventMessage} is`));
    },
  };
}

function onlyWhereEventsCanBeForged(check: Check): Check {
  return { ...check, run: async () => notVerifiable('events of the trail are forged on a local AWS only') };
}

function alarmName(id: string, { stack }: DrillContext): string {
  return stack.resource('AWS::CloudWatch::Alarm', `SecurityAlarms${id}`).physicalId;
}

/** An alarm that has gone off already would say nothing. */
async function backToOk(id: string, context: DrillContext): Promise<void> {
  const { cloudWatch } = context.target.clients;
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: alarmName(id, context), StateValue: 'OK', StateReason: 'tapstack verify: drill' }));
}

async function write(as: Clients, event: TrailEvent, logStreamName: string, { stack, target }: DrillContext): Promise<void> {
  const stream = { logGroupName: stack.output('TrailLogGroup'), logStreamName };
  await target.clients.logs.send(new CreateLogStreamCommand(stream));
  await as.logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message: JSON.stringify(event) }] }));
}

async function counted(id: string, StartTime: Date, { stack, target }: DrillContext): Promise<number> {
  const { Datapoints } = await target.clients.cloudWatch.send(new GetMetricStatisticsCommand({
    Namespace: stack.output('SecurityAlarmsNamespace'), MetricName: id, StartTime, EndTime: new Date(Date.now() + 60_000), Period: 60, Statistics: ['Sum'],
  }));
  return (Datapoints ?? []).reduce((sum, point) => sum + point.Sum!, 0);
}
