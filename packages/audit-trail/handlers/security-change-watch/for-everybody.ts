import { fields } from './api-call';

/** Conditions on who calls, or from where. Others, on TLS for example, keep nobody out. */
const KEEPS_OUT = /^(aws:(principal|source|userid|username)|kms:calleraccount)/i;

/** Whether a policy lets everybody in; CloudTrail records policies of S3 as an object, and those of others as its JSON. */
export function isForEverybody(policy: unknown): boolean {
  return [fields(parsed(policy)).Statement ?? []].flat().map(fields).some(letsEverybodyIn);
}

function letsEverybodyIn({ Effect, Principal, NotPrincipal, Condition }: Record<string, unknown>): boolean {
  const everybody = NotPrincipal !== undefined || [Principal, fields(Principal).AWS].flat().includes('*');
  const keys = Object.values(fields(Condition)).flatMap((test) => Object.keys(fields(test)));
  return Effect === 'Allow' && everybody && !keys.some((key) => KEEPS_OUT.test(key));
}

function parsed(policy: unknown): unknown {
  if (typeof policy !== 'string') return policy;
  try {
    return JSON.parse(policy);
  } catch {
    // told without a verdict, rather than not at all
    return undefined;
  }
}
