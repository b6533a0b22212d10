import { ReadResource } from './read-template';

/** Properties that end like names and are those of others, or of parts: a filter is called so within its log group. */
const OF_OTHERS = ['ServiceName', 'MetricName', 'FilterName'];

/** The properties of a resource that name the resource itself, not one it works with. */
export function physicalNames({ Properties }: ReadResource): [property: string, name: string][] {
  const isName = (property: string) => /Name$/.test(property) || property === 'DBInstanceIdentifier';
  return Object.entries(Properties as Record<string, string>).filter(([property, value]) => isName(property) && !OF_OTHERS.includes(property) && !/^\$\{[\w.]+\}$/.test(value));
}
