import { Mutant } from './pattern';

/** One condition of a JSON pattern: `$.eventName = "CreateVpc"`, `$.userIdentity.invokedBy NOT EXISTS`. */
const CONDITION = /\$(?:\.[\w-]+|\[\d+\])+\s*(?:(?:!=|<=|>=|=|<|>)\s*(?:"(?:[^"\\]|\\.)*"|[\w.*+-]+)|IS\s+\w+|NOT\s+EXISTS)/g;

/** Every record of CloudTrail has an id. */
const ALWAYS = '$.eventID = *';
const NEVER = '$.eventID NOT EXISTS';

/** A metric filter's JSON pattern with one condition that always holds, or never does. */
export function metricFilterMutants(text: string): Mutant[] {
  return [...text.matchAll(CONDITION)].flatMap(({ 0: condition, index }) => [['always', ALWAYS], ['never', NEVER]].map(([how, instead]) => ({
    change: `when '${condition}' ${how} holds`,
    text: text.slice(0, index) + instead + text.slice(index + condition.length),
  })));
}
