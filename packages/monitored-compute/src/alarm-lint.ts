import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { METRIC_CATALOGUE, NAMED_BY_DIMENSION } from './private/metric-catalogue';
import { mentioned, resourcesBelow, TemplateResource } from './private/template-reading';

/** Why an alarm is of no use. */
export enum AlarmDefect {
  /** Nobody is told when it goes off. */
  NO_ACTION = 'NO_ACTION',
  /** No service publishes such a metric, so that it can never go off. */
  NO_SUCH_METRIC = 'NO_SUCH_METRIC',
  /** The metric is about a resource that the stack does not have. */
  NO_SUCH_RESOURCE = 'NO_SUCH_RESOURCE',
  /** Whether silence is fine or a failure was not decided. */
  MISSING_DATA_UNSAID = 'MISSING_DATA_UNSAID',
}

/**
 * One thing that is wrong with an alarm.
 */
export interface AlarmFinding {
  /** The path of the alarm. */
  readonly alarmPath: string;

  /** What is wrong. */
  readonly defect: AlarmDefect;

  /** The same in words: what was found, and what to do. */
  readonly message: string;
}

/** What an alarm watches. */
interface Watched {
  readonly namespace: unknown;
  readonly metricName: unknown;
  readonly dimensions: readonly Dimension[];
}

interface Dimension {
  readonly Name: string;
  readonly Value: unknown;
}

/**
 * Finds alarms that would look fine and never help: on any stack, whatever made its alarms.
 *
 * `AlarmLint.of(stack)` is all it takes: synthesis fails with what is found. An alarm that a composite alarm watches needs no action of
 * its own. Metrics are looked up in a catalogue of the common AWS namespaces, and in the metric filters of the stack; namespaces in
 * neither are not judged. Values that are known at deployment only are taken for right.
 *
 * Controls: CMP-14 every alarm can fire.
 */
export class AlarmLint {
  /**
   * Checks every alarm below a construct when the app is synthesized.
   *
   * @param scope a stack, or a part of one
   */
  public static of(scope: IConstruct): AlarmLint {
    const lint = new AlarmLint(scope);
    scope.node.addValidation({ validate: () => lint.findings().map(({ message }) => message) });
    return lint;
  }

  private constructor(private readonly scope: IConstruct) {}

  /** What is wrong with the alarms that are there now. */
  public findings(): AlarmFinding[] {
    const below = resourcesBelow(this.scope);
    const inStacks = new Map([...new Set(below.map(({ construct }) => construct.stack))].map((stack) => [stack, resourcesBelow(stack)]));
    return below.filter(({ type }) => ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].includes(type)).flatMap((alarm) => {
      const all = inStacks.get(alarm.construct.stack)!.filter(({ construct }) => Stack.of(construct) === alarm.construct.stack);
      return [...unheard(alarm, all), ...alarm.type === 'AWS::CloudWatch::Alarm' ? [...undecided(alarm), ...impossible(alarm, all)] : []];
    });
  }
}

function finding(alarm: TemplateResource, defect: AlarmDefect, message: string): AlarmFinding {
  const alarmPath = alarm.construct.node.path;
  return { alarmPath, defect, message: `${message} [${alarmPath}]` };
}

function unheard(alarm: TemplateResource, all: TemplateResource[]): AlarmFinding[] {
  const { AlarmActions, ActionsEnabled } = alarm.properties;
  if (ActionsEnabled === false) return [finding(alarm, AlarmDefect.NO_ACTION, "'ActionsEnabled' must not be false, or nobody is told when the alarm goes off")];
  if (AlarmActions !== undefined && !(Array.isArray(AlarmActions) && AlarmActions.length === 0)) return [];

  const composed = all.some(({ type, properties }) => type === 'AWS::CloudWatch::CompositeAlarm' && mentioned(properties.AlarmRule).includes(alarm.logicalId));
  return composed ? [] : [finding(alarm, AlarmDefect.NO_ACTION, "'AlarmActions' must name somebody who is told when the alarm goes off, got none; add a topic, or a composite alarm")];
}

function undecided(alarm: TemplateResource): AlarmFinding[] {
  if (alarm.properties.TreatMissingData !== undefined) return [];
  return [finding(alarm, AlarmDefect.MISSING_DATA_UNSAID, "'TreatMissingData' must be given, got nothing; say whether silence is fine ('notBreaching') or a failure ('breaching')")];
}

function impossible(alarm: TemplateResource, all: TemplateResource[]): AlarmFinding[] {
  return watchedBy(alarm).flatMap((watched) => {
    const why = noSuchMetric(watched, all);
    if (why) return [finding(alarm, AlarmDefect.NO_SUCH_METRIC, why)];
    if (!(String(watched.namespace) in METRIC_CATALOGUE)) return [];

    return watched.dimensions.flatMap((dimension) => {
      const missing = noSuchResource(dimension, all);
      return missing ? [finding(alarm, AlarmDefect.NO_SUCH_RESOURCE, missing)] : [];
    });
  });
}

function watchedBy({ properties }: TemplateResource): Watched[] {
  const read = (metric: Record<string, unknown>): Watched => ({
    namespace: metric.Namespace, metricName: metric.MetricName, dimensions: (metric.Dimensions ?? []) as Dimension[],
  });
  if (properties.MetricName !== undefined) return [read(properties)];
  const queries = (properties.Metrics ?? []) as { MetricStat?: { Metric: Record<string, unknown> }; AccountId?: unknown }[];
  // another account has other resources
  return queries.flatMap(({ MetricStat, AccountId }) => MetricStat && AccountId === undefined ? [read(MetricStat.Metric)] : []);
}

function noSuchMetric({ namespace, metricName, dimensions }: Watched, all: TemplateResource[]): string | undefined {
  if (typeof namespace !== 'string' || typeof metricName !== 'string') return undefined;
  const families = METRIC_CATALOGUE[namespace];
  if (!families) return notFiltered(namespace, metricName, dimensions, all);

  const publishing = families.filter(({ metrics }) => metrics.has(metricName));
  if (publishing.length === 0) return `'MetricName' must be one that '${namespace}' publishes, got '${metricName}', on which no alarm can ever go off`;

  const names = dimensions.map(({ Name }) => Name).sort();
  const known = publishing.flatMap((family) => family.dimensions);
  if (known.some((each) => each.join() === names.join())) return undefined;
  const ways = known.map((each) => each.join(' and ') || 'none').join('; ');
  return `'Dimensions' of '${namespace}' '${metricName}' must be ${ways}, got ${names.join(' and ') || 'none'}, under which nothing is published`;
}

interface Transformation {
  readonly MetricNamespace: unknown;
  readonly MetricName: unknown;
  readonly Dimensions?: { readonly Key: string }[];
}

/** In a namespace that metric filters of the stack publish to, what no filter publishes is a slip of the pen. */
function notFiltered(namespace: string, metricName: string, dimensions: readonly Dimension[], all: TemplateResource[]): string | undefined {
  const published = all.filter(({ type }) => type === 'AWS::Logs::MetricFilter')
    .flatMap(({ properties }) => properties.MetricTransformations as Transformation[])
    .filter((transformation) => transformation.MetricNamespace === namespace);
  if (published.length === 0 || published.some((transformation) => typeof transformation.MetricName !== 'string')) return undefined;

  const names = dimensions.map(({ Name }) => Name).sort().join();
  const found = published.filter((transformation) => transformation.MetricName === metricName);
  if (found.some((transformation) => (transformation.Dimensions ?? []).map(({ Key }) => Key).sort().join() === names)) return undefined;
  const got = names ? `'${metricName}' by ${names}` : `'${metricName}'`;
  return `'MetricName' must be one that a metric filter of the stack publishes to '${namespace}', with its dimensions, got ${got}`;
}

function noSuchResource({ Name: name, Value: value }: Dimension, all: TemplateResource[]): string | undefined {
  const named = NAMED_BY_DIMENSION[name];
  if (!named) return undefined;

  const of = `dimension '${name}' must be that of a resource of type ${named.type} of the stack`;
  if (typeof value === 'string') {
    const known = all.some(({ type, properties }) => type === named.type && named.property !== undefined && properties[named.property] === value);
    return known ? undefined : `${of}, got '${value}'`;
  }
  const mentionedHere = all.filter(({ logicalId }) => mentioned(value).includes(logicalId));
  // a parameter, an import, or a name that is put together: known at deployment
  if (mentionedHere.length === 0 || all.some(({ properties }) => named.property && same(properties[named.property], value))) return undefined;

  const right = mentionedHere.find(({ type }) => type === named.type || type === named.cutFrom);
  if (!right) return `${of}, got '${mentionedHere[0].logicalId}' of type ${mentionedHere[0].type}`;
  const isPlainRef = typeof (value as { Ref?: unknown }).Ref === 'string';
  return isPlainRef && named.refIsElse ? `${of}, got the 'Ref' of '${right.logicalId}', which answers something else` : undefined;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
