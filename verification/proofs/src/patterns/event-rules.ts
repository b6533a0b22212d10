import { counted, Proof } from '../check';
import { RULES } from '../corpus/rules';
import { Deployment } from '../deployment';
import { eventPatternMutants } from './event-pattern-mutants';
import { judgePatterns } from './judge-patterns';
import { distinct, paired } from './paired';
import { Matcher, Pattern, placeOf } from './pattern';

/** Every rule of EventBridge does with every recorded event what it must. */
export async function proveEventRules(deployments: Deployment[], matcher: Matcher): Promise<Proof> {
  const patterns = deployments.flatMap((deployment) => deployment.resources('AWS::Events::Rule', 'EventPattern')
    .filter(({ properties }) => properties.EventPattern)
    .map(({ path, properties }): Pattern => ({ ...placeOf(path), where: `${deployment.name} · ${path}`, text: JSON.stringify(properties.EventPattern) })));
  const { known, checks } = paired(distinct(patterns), RULES);
  const judged = await judgePatterns(known, eventPatternMutants, matcher);
  return { figures: `${counted(known.length, 'event rule')} on ${judged.events} events, ${judged.mutants} mutants`, checks: [...checks, ...judged.checks] };
}
