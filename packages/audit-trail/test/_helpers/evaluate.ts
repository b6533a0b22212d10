import { Statement } from './policies';

/** A call that a user makes, and what IAM knows about it. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  /** The condition keys that the call carries; what is missing is absent. */
  readonly context: Record<string, string>;
}

/** What IAM would answer: an explicit denial wins, then a permission, else nothing was said. */
export function evaluate(statements: Statement[], call: Call): 'denied' | 'allowed' | 'not mentioned' {
  const applying = statements.filter((statement) => applies(statement, call));
  if (applying.some(({ Effect }) => Effect === 'Deny')) return 'denied';
  return applying.length > 0 ? 'allowed' : 'not mentioned';
}

function applies({ Action, NotAction, Resource, NotResource, Condition = {} }: Statement, { action, resource, context }: Call): boolean {
  const named = list(Action ?? NotAction).some((pattern) => like(pattern, action, 'i'));
  return named === (Action !== undefined)
    && list(Resource ?? NotResource).some((pattern) => like(withVariables(pattern, context), resource)) === (Resource !== undefined)
    && Object.entries(Condition).every(([operator, keys]) => (
      Object.entries(keys).every(([key, expected]) => holds(operator, context[key], expected))
    ));
}

function holds(operator: string, actual: string | undefined, expected: unknown): boolean {
  switch (operator) {
    case 'Bool': return actual === expected;
    case 'StringEquals': return actual === expected;
    case 'BoolIfExists': return actual === undefined || actual === expected;
    default: throw new Error(`cannot evaluate ${operator}`);
  }
}

function withVariables(pattern: string, context: Record<string, string>): string {
  return pattern.replace(/\$\{([^}]+)\}/g, (variable, key: string) => context[key] ?? variable);
}

function like(pattern: string, value: string, flags = ''): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, flags).test(value);
}

function list(value: unknown): string[] {
  return [value].flat() as string[];
}
