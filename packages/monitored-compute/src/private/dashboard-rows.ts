import { Aws, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { alarmOverview, chunksOf } from './alarm-overview';
import { DASHBOARD_CATALOGUE, Dimensions, GraphSpec, ResourceSpec, Tier } from './dashboard-catalogue';
import { OwnMetric, ownMetrics } from './own-metrics';
import { labelOf } from './resources-of-stack';
import { ShortGraph } from './short-graph';

/** More lines than these nobody can tell apart. */
const LINES_A_GRAPH = 12;

const GRAPH_HEIGHT = 6;

const DAILY = Duration.days(1);

/** The CloudWatch agent sits on machines, so that what it says stands beside what EC2 says about them. */
const TIER_OF_NAMESPACE: Readonly<Record<string, Tier>> = { CWAgent: Tier.COMPUTE };

/** A resource whose dimensions are known. */
interface Shown {
  readonly label: string;
  readonly dimensions: Dimensions;
}

/** One line of text over a row. */
export function heading(title: string): cloudwatch.IWidget {
  return new cloudwatch.TextWidget({ markdown: `## ${title}`, width: 24, height: 1, background: cloudwatch.TextWidgetBackground.TRANSPARENT });
}

/**
 * A whole dashboard: what it is about, what is wrong and what to do, and a row for each tier that has something to show.
 *
 * @param title what stands above
 * @param watched whose alarms are shown
 * @param drawn whose graphs are
 * @param stack what labels leave out
 */
export function dashboardRows(title: string, watched: CfnResource[], drawn: CfnResource[], stack: Stack): cloudwatch.IWidget[] {
  const kinds = DASHBOARD_CATALOGUE.map((spec) => ({ spec, shown: shownAs(spec, drawn, stack) })).filter(({ shown }) => shown.length > 0);
  const others = ownMetrics(drawn, stack);
  const tiers = Object.values(Tier).flatMap((tier) => {
    const graphs = [
      ...kinds.filter(({ spec }) => spec.tier === tier).flatMap(({ spec, shown }) => graphsOf(spec, shown)),
      ...graphsOfOthers(others.filter(({ namespace }) => (TIER_OF_NAMESPACE[namespace] ?? Tier.WATCH) === tier)),
    ];
    return graphs.length > 0 ? [heading(tier), ...graphs] : [];
  });
  const counts = new Map(kinds.map(({ spec, shown }) => [spec.plural, shown.length]));
  return [header(title, [...counts].map(([plural, count]) => `${plural}: ${count}`)), ...alarmOverview(watched, stack), ...tiers];
}

function header(title: string, contents: string[]): cloudwatch.IWidget {
  const what = contents.length > 0 ? contents.join(' · ') : 'Nothing here publishes metrics';
  return new cloudwatch.TextWidget({ markdown: `# ${title}\n\n${what} · ${Aws.REGION}`, width: 24, height: 2 });
}

function shownAs({ type, dimensions }: ResourceSpec, resources: CfnResource[], stack: Stack): Shown[] {
  return resources.filter(({ cfnResourceType }) => cfnResourceType === type).flatMap((resource) => {
    const found = dimensions(resource);
    return found ? [{ label: labelOf(resource, stack), dimensions: found }] : [];
  });
}

/** Side by side, what is known about the same resources. */
function graphsOf(spec: ResourceSpec, all: Shown[]): cloudwatch.IWidget[] {
  return chunksOf(LINES_A_GRAPH, all).map((shown, index, { length }) => {
    const part = length > 1 ? ` (${index + 1} of ${length})` : '';
    const width = Math.min(12, 24 / spec.graphs.length);
    return new cloudwatch.Row(...spec.graphs.map((graph) => new ShortGraph({
      title: `${spec.plural}: ${graph.title}${part}`,
      statistic: saidFor(graph.statistic),
      period: graph.daily ? DAILY : undefined,
      left: shown.flatMap((resource) => lines(graph, graph.namespace ?? spec.namespace, resource)),
      leftYAxis: { label: graph.unit, min: 0, showUnits: false },
      // a graph of a few hours has no point of a metric that comes once a day
      start: graph.daily ? '-P14D' : undefined,
      width,
      height: GRAPH_HEIGHT,
    })));
  });
}

/** Statistic and period are the graph's. */
function lines({ metrics, statistic, also, searchedBy, daily }: GraphSpec, namespace: string, { label, dimensions }: Shown): cloudwatch.IMetric[] {
  return Object.entries(metrics).map(([metricName, which]) => {
    if (searchedBy) return search(namespace, metricName, dimensions, searchedBy, { statistic, period: daily ? DAILY : Duration.minutes(5), label });
    return new cloudwatch.Metric({ namespace, metricName, dimensionsMap: { ...dimensions, ...also }, label: which ? `${label} ${which}` : label });
  });
}

/** CloudWatch shows the average of what says nothing. */
function saidFor(statistic: string): string | undefined {
  return statistic === cloudwatch.Stats.AVERAGE ? undefined : statistic;
}

interface Search {
  readonly statistic: string;
  readonly period: Duration;
  readonly label: string;
}

/** A line for each value of a dimension. */
function search(namespace: string, metricName: string, dimensions: Dimensions, by: string, { statistic, period, label }: Search): cloudwatch.IMetric {
  const schema = [namespace, ...Object.keys(dimensions), by].join(',');
  const terms = Object.entries({ MetricName: metricName, ...dimensions }).map(([name, value]) => `${name}="${value}"`).join(' ');
  return new cloudwatch.MathExpression({ expression: `SEARCH('{${schema}} ${terms}', '${statistic}', ${period.toSeconds()})`, label, period });
}

/** The metrics of a namespace in one graph; where they are about different things, each name in one of its own. */
function graphsOfOthers(metrics: OwnMetric[]): cloudwatch.IWidget[] {
  const byTitle = new Map<string, OwnMetric[]>();
  for (const metric of metrics) {
    const title = Object.keys(metric.dimensions).length > 0 ? `${metric.namespace}: ${metric.metricName}` : metric.namespace;
    byTitle.set(title, [...byTitle.get(title) ?? [], metric]);
  }
  const graphs = [...byTitle].flatMap(([title, all]) => chunksOf(LINES_A_GRAPH, all).map((some, index, { length }) => {
    const [{ statistic: common }] = some;
    const alike = some.every(({ statistic }) => statistic === common);
    return new ShortGraph({
      title: length > 1 ? `${title} (${index + 1} of ${length})` : title,
      statistic: alike ? saidFor(common) : undefined,
      left: some.map(({ namespace, metricName, dimensions, statistic, label }) => (
        new cloudwatch.Metric({ namespace, metricName, dimensionsMap: dimensions, statistic: alike ? undefined : statistic, label }))),
      leftYAxis: { min: 0, showUnits: false },
      width: 8,
      height: GRAPH_HEIGHT,
    });
  }));
  return graphs.length > 0 ? [new cloudwatch.Row(...graphs)] : [];
}
