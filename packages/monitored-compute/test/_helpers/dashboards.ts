import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { evaluate } from './user-data';

export interface Widget {
  readonly type: 'text' | 'alarm' | 'metric';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly markdown?: string;
    readonly title?: string;
    readonly alarms?: string[];
    readonly region?: string;
    readonly start?: string;
    readonly stat?: string;
    readonly period?: number;
    readonly metrics?: unknown[][];
  };
}

/** A metric in a widget, in full. */
export interface ShownMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
  readonly label?: string;
}

/** The body of the only dashboard of a stack, as CloudWatch would read it; references are `<LogicalId>` and `<LogicalId.Attribute>`. */
export function bodyOf(stack: Stack): { widgets: Widget[]; start: string; periodOverride: string } {
  const dashboards = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  if (dashboards.length !== 1) throw new Error(`${dashboards.length} dashboards`);
  return JSON.parse(evaluate(dashboards[0].Properties.DashboardBody));
}

/**
 * The metrics of a widget; a search is not one.
 *
 * As CloudWatch reads them: a dot is what stands above it, three dots are all from the beginning on that is not said.
 */
export function metricsOf({ properties }: Widget): ShownMetric[] {
  let above: string[] = [];
  return (properties.metrics ?? []).filter(([namespace]) => typeof namespace === 'string').map((row) => {
    const said = row.filter((word): word is string => typeof word === 'string');
    const options = row.find((word): word is { label?: string } => typeof word === 'object') ?? {};
    const full = said[0] === '...' ? [...above.slice(0, above.length - said.length + 1), ...said.slice(1)] : said;
    above = full.map((word, index) => (word === '.' ? above[index] : word));
    if (above.length % 2 !== 0 || above.includes(undefined!)) throw new Error(`CloudWatch takes no metric ${JSON.stringify(row)} there`);
    const [namespace, metricName, ...dimensions] = above;
    const names = dimensions.filter((_, index) => index % 2 === 0);
    const values = Object.fromEntries(names.map((name, index) => [name, dimensions[index * 2 + 1]]));
    return { namespace, metricName, dimensions: values, label: options.label };
  });
}

/** The searches of a widget. */
export function searchesOf({ properties }: Widget): string[] {
  const isSearch = (first: unknown): first is { expression: string } => typeof first === 'object';
  return (properties.metrics ?? []).flatMap(([first]) => isSearch(first) ? [first.expression] : []);
}

/** What is on the dashboard of a stack. */
export const dashboardOf = (stack: Stack) => {
  const { widgets } = bodyOf(stack);
  return {
    widgets,
    /** Titles and headings, in order. */
    titles: widgets.flatMap(({ properties }) => properties.title ?? properties.markdown?.split('\n')[0] ?? []),
    graph: (title: string): Widget => widgets.find(({ properties }) => properties.title === title)!,
    metrics: widgets.flatMap(metricsOf),
    texts: widgets.flatMap(({ properties }) => properties.markdown ?? []).join('\n'),
  };
};
