import { counted, Proof } from '../check';
import { ALARMS } from '../corpus/alarms';
import { Deployment } from '../deployment';
import { judgePatterns } from './judge-patterns';
import { metricFilterMutants } from './metric-filter-mutants';
import { distinct, paired } from './paired';
import { Matcher, Pattern, placeOf } from './pattern';

/** Every metric filter finds what it must among the records of CloudTrail, and nothing else. */
export async function proveAlarmFilters(deployments: Deployment[], matcher: Matcher): Promise<Proof> {
  const patterns = deployments.flatMap((deployment) => deployment.resources('AWS::Logs::MetricFilter', 'FilterName', 'FilterPattern')
    .map(({ path, properties }): Pattern => (
      { ...placeOf(path), name: String(properties.FilterName), where: `${deployment.name} · ${path}`, text: String(properties.FilterPattern) }
    )));
  const { known, checks } = paired(distinct(patterns), ALARMS);
  const judged = await judgePatterns(known, metricFilterMutants, matcher);
  return { figures: `${counted(known.length, 'metric filter')} on ${judged.events} events, ${judged.mutants} mutants`, checks: [...checks, ...judged.checks] };
}
