import { JudgeName } from './judge';
import { Justification } from './justifications';
import { pathOf, Template } from './templates';

interface Acknowledged {
  readonly rule: string;
  readonly reason: string;
}

/** How each judge wants to be told, in the metadata of the one resource, that a finding is known. */
const SPELLINGS: Record<JudgeName, (acknowledged: Acknowledged[]) => Record<string, unknown>> = {
  'cdk-nag': (all) => ({ cdk_nag: { rules_to_suppress: all.map(({ rule, reason }) => ({ id: rule, reason })) } }),
  'cfn-lint': (all) => ({ 'cfn-lint': { config: { ignore_checks: all.map(({ rule }) => rule) }, reasons: all.map(({ reason }) => reason) } }),
  'checkov': (all) => ({ checkov: { skip: all.map(({ rule, reason }) => ({ id: rule, comment: reason })) } }),
};

/** A copy of a template in which each justified finding is acknowledged, with its reason, on its resource. */
export function acknowledge(template: Template, justifications: Justification[]): Template {
  const resources = Object.entries(template.Resources).map(([logicalId, resource]) => {
    const known = justifications.filter((justification) => justification.resource === pathOf(template, logicalId));
    const spelled = (Object.keys(SPELLINGS) as JudgeName[]).flatMap((judge) => {
      const forJudge = known.filter((justification) => justification.judge === judge);
      return forJudge.length > 0 ? [SPELLINGS[judge](forJudge)] : [];
    });
    return [logicalId, known.length > 0 ? { ...resource, Metadata: Object.assign({}, resource.Metadata, ...spelled) } : resource];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}
