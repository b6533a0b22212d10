import { Check, check } from '../check';
import { policyMutants } from './policy-mutants';
import { isAllowed, PolicyDocument, Request } from './simulator';

/** What a policy must do with a request. */
export interface Claim {
  readonly title: string;
  readonly allowed: boolean;
  /** The request; of several, all have to be allowed, or one of them denied. */
  readonly requests: (document: PolicyDocument) => Request[];
}

/** A policy and all that is claimed of it. */
export interface Subject {
  /** Where it stands: `baseline.standard · Key`. */
  readonly where: string;
  readonly document: PolicyDocument;
  readonly claims: Claim[];
  /** Statements that no claim has to need, because not we write them. */
  readonly superfluous?: RegExp;
}

/** What came of trying policies. */
export interface Judged {
  readonly checks: Check[];
  readonly requests: number;
  readonly mutants: number;
}

/** Whether policies keep every claim, and whether each of their parts is needed for that. */
export async function judgePolicies(subjects: Subject[]): Promise<Judged> {
  const checks: Check[] = [];
  let mutants = 0;
  for (const { where, document, claims, superfluous } of subjects) {
    for (const claim of claims) {
      const { title, allowed } = claim;
      const wanted = allowed ? 'allow' : 'deny';
      checks.push(check(`${where} must ${wanted}: ${title}`, await keeps(document, claim), `${where} · must ${wanted} '${title}', and does not`));
    }
    for (const mutant of policyMutants(document, superfluous)) {
      mutants += 1;
      checks.push(check(`${where} is told from itself ${mutant.change}`, await breaks(mutant.document, claims),
        `${where} · no claim would fail ${mutant.change}; claim what it is for, or take it out`));
    }
  }
  const requests = subjects.flatMap(({ document, claims }) => claims.flatMap((claim) => claim.requests(document))).length;
  return { checks, mutants, requests };
}

async function keeps(document: PolicyDocument, { allowed, requests }: Claim): Promise<boolean> {
  const verdicts = await Promise.all(requests(document).map(isAllowed));
  return verdicts.every(Boolean) === allowed;
}

async function breaks(document: PolicyDocument, claims: Claim[]): Promise<boolean> {
  for (const claim of claims) if (!await keeps(document, claim)) return true;
  return false;
}
