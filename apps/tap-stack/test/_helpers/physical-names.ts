import { ReadResource } from './read-template';

/** Properties that end like names and are those of others, or of parts: a filter is called so within its log group, a stage within its API. */
const OF_OTHERS = ['ServiceName', 'AWSServiceName', 'MetricName', 'FilterName', 'StageName'];

/** The properties of a resource that name the resource itself, not one it works with. */
export function physicalNames({ Properties, Type }: ReadResource): [property: string, name: string][] {
  // its properties are those of what a function works with
  if (Type.startsWith('Custom::')) return [];
  const isName = (property: string) => /Name$/.test(property) || property === 'DBInstanceIdentifier';
  return Object.entries(Properties as Record<string, string>).filter(([property, value]) => isName(property) && !OF_OTHERS.includes(property) && !/^\$\{[\w.]+\}$/.test(value));
}
