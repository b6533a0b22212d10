import { GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { confirming, Drill, unless } from '@tapstack/operator';

/** A dashboard shows how things stand. */
export const dashboardShows: Drill = confirming(['R-11'], ({ stack, target }) => {
  const { logicalId, physicalId: DashboardName } = stack.resource('AWS::CloudWatch::Dashboard');
  return [{
    title: `${logicalId}: shows metrics, and the states of the alarms of the stack`,
    run: async () => {
      const { DashboardBody } = await target.clients.cloudWatch.send(new GetDashboardCommand({ DashboardName }));
      const { widgets } = JSON.parse(DashboardBody!) as { widgets: { type: string; properties: { alarms?: string[] } }[] };
      const alarms = new Set(stack.ofType('AWS::CloudWatch::Alarm').map(({ physicalId }) => physicalId));
      const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []).map((arn) => arn.split(':').at(-1)!);
      return unless([
        !widgets.some(({ type }) => type === 'metric') && 'it shows no metric',
        shown.length === 0 && 'it shows no alarm',
        ...shown.map((alarm) => !alarms.has(alarm) && `${alarm} is no alarm of the stack`),
      ]);
    },
  }];
});
