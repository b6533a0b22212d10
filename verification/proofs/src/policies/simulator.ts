import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from '../deployment';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** A policy without references. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: Statement[];
}

/** Somebody asks for something, with all that decides about it. */
export interface Request {
  /** The ARN of a role or user, the name of a service, or nobody that AWS knows. */
  readonly principal: string | typeof ANYBODY;
  readonly action: string;
  /** An ARN, or * for any that the action takes. */
  readonly resource: string;
  readonly context?: Record<string, string>;
  /** The policies of the principal; a service has none. */
  readonly identity?: PolicyDocument[];
  /** The permissions boundary of the principal. */
  readonly boundary?: PolicyDocument;
  /** The policy of the key or bucket. */
  readonly resourcePolicy?: PolicyDocument;
}

/** A request without a signature. */
export const ANYBODY = { type: 'Anonymous' } as const;

/** Everything, as far as IAM is asked. */
export const ADMINISTRATOR: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** Whether IAM would allow a request. What the simulator does not understand, or would leave out, is an error. */
export async function isAllowed({ principal, action, resource, context = {}, identity = [], boundary, resourcePolicy }: Request): Promise<boolean> {
  const result = await runSimulation(known({
    request: { principal, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context },
    identityPolicies: identity.map((policy, index) => ({ name: `policy-${index}`, policy })),
    permissionBoundaryPolicies: boundary && [{ name: 'boundary', policy: boundary }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy,
  }), {});
  const what = `${action} on ${resource}`;
  if (result.resultType === 'error') throw new Error(`the simulator must understand ${what}, got ${JSON.stringify(result.errors)}`);
  const results = result.resultType === 'single' ? [result.result] : result.results;
  const ignored = results.flatMap(({ ignoredContextKeys = [] }) => ignoredContextKeys);
  if (ignored.length > 0) throw new Error(`every context key of ${what} must count, got ${ignored.join(', ')}, which the action does not have`);
  // asked about any resource of an action, it looks at none where no policy allows it anywhere
  return results.length > 0 && result.overallResult === 'Allowed';
}

/**
 * The simulator does not know `kms:EncryptionContext:<name>`, whose names users choose. It knows `aws:RequestTag/<name>`, where they do
 * so too and which no key policy asks for: so that is what it gets instead, in policies and requests alike.
 */
function known<T>(simulation: T): T {
  const text = JSON.stringify(simulation);
  if (text.includes('aws:RequestTag/')) throw new Error("the simulator must be able to tell encryption contexts from tags, got 'aws:RequestTag'");
  return JSON.parse(text.replace(/"kms:EncryptionContext:([^"]+)":/g, (_, name: string) => `"aws:RequestTag/${name.replaceAll(':', '-')}":`)) as T;
}
