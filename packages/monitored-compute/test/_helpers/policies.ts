import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A statement as it stands in the template. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of the managed policy whose description begins so. */
export function managedPolicy(stack: Stack, description: string): Statement[] {
  const found = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'))
    .filter((policy) => policy.Properties.Description.startsWith(description));
  if (found.length !== 1) throw new Error(`${found.length} managed policies are described as '${description}'`);
  return found[0].Properties.PolicyDocument.Statement;
}

/** What the instance itself may do, and what it must never do. */
export const baseline = (stack: Stack) => managedPolicy(stack, 'What the instance itself needs');

/** What was granted later. */
export const grants = (stack: Stack) => managedPolicy(stack, 'What was granted');

export const allowed = (statements: Statement[]) => statements.filter(({ Effect }) => Effect === 'Allow');
export const denied = (statements: Statement[]) => statements.filter(({ Effect }) => Effect === 'Deny');

/** The actions of statements, patterns included. */
export const actions = (statements: Statement[]) => statements.flatMap(({ Action }) => Action);

/** Whether a pattern of IAM covers an action. */
export function covers(pattern: string, action: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}
