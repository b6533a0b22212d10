import { Examination, Finding, Judge } from './judge';
import { Justification, MOST_RULES } from './justifications';
import { pathOf, Subject } from './templates';

/** Something that has to hold; it does when it has no problems. */
export interface Check {
  readonly title: string;
  readonly problems: string[];
}

/** What one judge says of one subject: as it is, and with the justified findings acknowledged. */
export interface Heard {
  readonly subject: Subject;
  readonly asIs: Examination;
  readonly acknowledged: Examination;
}

/** Whether a judge is awake: silence is not a pass. */
export function judgeItself({ name, floor, canary }: Pick<Judge, 'name' | 'floor' | 'canary'>, onCanary: Examination, heard: Heard[]): Check[] {
  const found = new Set(onCanary.findings.map(({ rule }) => rule));
  const looked = rulesLookedAt(heard).size;
  return [
    { title: `${name} objects to its canary`, problems: canary.filter((rule) => !found.has(rule)).map((rule) => `${name} does not find ${rule} in its canary`) },
    {
      title: `${name} evaluates at least ${floor} rules`,
      problems: looked < floor ? [`${name} must evaluate at least ${floor} rules over all templates, got ${looked}; a family of its checks is gone`] : [],
    },
  ];
}

/** The rules that had something to look at in any subject. */
export function rulesLookedAt(heard: Heard[]): Set<string> {
  return new Set(heard.flatMap(({ asIs }) => asIs.rules));
}

/** Whether a judge finds nothing but what is justified, and every acknowledgement silences its own finding only. */
export function judgeSubject(judge: Judge['name'], { subject, asIs, acknowledged }: Heard, justifications: Justification[]): Check {
  const describe = ({ rule, resource, message }: Finding): string =>
    [judge, rule, `${subject.environment}.${subject.stage}`, resource ? pathOf(subject.template, resource) : 'template', message].join(' · ');
  const unjustified = asIs.findings
    .filter((finding) => !justifications.some((justification) => justifies(justification, judge, subject, finding)))
    .map(describe);
  const unheeded = acknowledged.findings.map(describe).filter((finding) => !unjustified.includes(finding));
  return {
    title: `${judge} finds nothing unjustified in ${subject.environment}.${subject.stage}`,
    problems: [...unjustified, ...unheeded.map((finding) => `${finding} · found in the acknowledged copy of the template all the same`)],
  };
}

/** Whether a justification still justifies something. */
export function judgeJustification(justification: Justification, heardByJudge: Heard[]): Check {
  const { judge, rule, environment, resource, reason } = justification;
  const subject = `${judge} · ${rule} · ${environment} · ${resource}`;
  const fires = heardByJudge.some((heard) => heard.asIs.findings.some((finding) => justifies(justification, judge, heard.subject, finding)));
  return {
    title: `${subject} is justified, and still found`,
    problems: [
      ...(fires ? [] : [`${subject} · justified, and found in no stage; remove it`]),
      ...(reason.trim() ? [] : [`${subject} · justified without a reason`]),
    ],
  };
}

/** Whether the list of exceptions is still one. */
export function judgeList(justifications: Justification[]): Check {
  // cdk-nag writes what it found into the id of the rule: AwsSolutions-IAM5[Resource::*]
  const rules = new Set(justifications.map(({ judge, rule }) => `${judge} · ${rule.replace(/\[.*\]$/, '')}`)).size;
  return {
    title: `at most ${MOST_RULES} rules are justified somewhere`,
    problems: rules > MOST_RULES ? [`at most ${MOST_RULES} rules may be justified, got ${rules}; mend the product`] : [],
  };
}

function justifies(justification: Justification, judge: Judge['name'], { environment, template }: Subject, { rule, resource }: Finding): boolean {
  return resource !== '' && justification.judge === judge && justification.rule === rule
    && justification.environment === environment && justification.resource === pathOf(template, resource);
}
