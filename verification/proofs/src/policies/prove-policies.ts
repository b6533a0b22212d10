import { check, counted, Proof } from '../check';
import { Deployment } from '../deployment';
import { boundarySubjects } from './boundary';
import { bucketSubjects } from './buckets';
import { escalationSubjects } from './escalation';
import { judgePolicies, Subject } from './judge-policies';
import { keySubjects } from './keys';
import { messageSubjects } from './messages';
import { mfaSubjects } from './mfa';

const KINDS: Record<string, (deployment: Deployment) => Subject[]> = {
  'key policy': keySubjects, 'bucket policy': bucketSubjects, 'topic or queue policy': messageSubjects, 'MFA policy': mfaSubjects, 'denial of privilege escalation': escalationSubjects,
  'permissions boundary': boundarySubjects,
};

/** Every policy does with every request what is claimed of it. */
export async function provePolicies(deployments: Deployment[]): Promise<Proof> {
  const found = Object.entries(KINDS).map(([kind, subjectsIn]) => ({ kind, subjects: distinct(deployments.flatMap(subjectsIn)) }));
  const subjects = found.flatMap((each) => each.subjects);
  const judged = await judgePolicies(subjects);
  return {
    figures: `${counted(subjects.length, 'policy', 'policies')} on ${judged.requests} requests, ${judged.mutants} mutants`,
    checks: [
      // a kind that is found nowhere is a search that finds nothing
      ...found.map(({ kind, subjects: { length } }) => check(`there is a ${kind}`, length > 0, `no ${kind} was found; what is searched for has another name`)),
      ...judged.checks,
    ],
  };
}

/** The same policy in several stages is one. */
function distinct(subjects: Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [`${subject.where.split(' · ')[1]} ${JSON.stringify(subject.document)}`, subject])).values()];
}
