import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs';
import { Dimensions } from './dashboard-catalogue';
import { labelOf } from './resources-of-stack';

/** A metric that no AWS service publishes, but a metric filter of the stack, an agent, or the workload itself. */
export interface OwnMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Dimensions;
  readonly statistic: string;
  readonly label: string;
}

/** The metrics of others that the stack knows of: what its metric filters count, and what its alarms watch. */
export function ownMetrics(resources: CfnResource[], stack: Stack): OwnMetric[] {
  const found = resources.flatMap((resource) => {
    if (resource instanceof CfnMetricFilter) return countedBy(resource);
    return resource instanceof cloudwatch.CfnAlarm ? watchedBy(resource, stack) : [];
  });
  const distinct = new Map<string, OwnMetric>();
  for (const metric of found) {
    const key = JSON.stringify([metric.namespace, metric.metricName, metric.dimensions]);
    if (!distinct.has(key)) distinct.set(key, metric);
  }
  return [...distinct.values()];
}

function isPlain(text: string | undefined): text is string {
  return text !== undefined && !Token.isUnresolved(text);
}

function countedBy({ metricTransformations }: CfnMetricFilter): OwnMetric[] {
  if (!Array.isArray(metricTransformations)) return [];
  return metricTransformations.flatMap((transformation) => {
    // with dimensions there are as many metrics as values in the log
    if (Token.isUnresolved(transformation) || !('metricName' in transformation) || transformation.dimensions !== undefined) return [];
    const { metricNamespace: namespace, metricName } = transformation;
    return isPlain(namespace) && isPlain(metricName) ? [{ namespace, metricName, dimensions: {}, statistic: 'Sum', label: metricName }] : [];
  });
}

function watchedBy(alarm: cloudwatch.CfnAlarm, stack: Stack): OwnMetric[] {
  const { namespace, metricName, dimensions = [] } = alarm;
  if (!isPlain(namespace) || !isPlain(metricName) || namespace.startsWith('AWS/') || !Array.isArray(dimensions)) return [];
  const known = dimensions.filter((dimension): dimension is cloudwatch.CfnAlarm.DimensionProperty => !Token.isUnresolved(dimension));
  if (known.length < dimensions.length) return [];
  return [{
    namespace,
    metricName,
    dimensions: Object.fromEntries(known.map(({ name, value }) => [name, value])),
    statistic: alarm.statistic ?? alarm.extendedStatistic ?? 'Average',
    label: known.length > 0 ? labelOf(alarm, stack) : metricName,
  }];
}
