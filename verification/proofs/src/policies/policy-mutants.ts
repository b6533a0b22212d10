import { PolicyDocument, Statement } from './simulator';

/** A policy with one part taken out: some claim has to fail without it. */
export interface PolicyMutant {
  readonly change: string;
  readonly document: PolicyDocument;
}

/** The policy without each of its statements, without each of their conditions, and without each `IfExists`; some statements stay as they are. */
export function policyMutants(document: PolicyDocument, stay?: RegExp): PolicyMutant[] {
  return document.Statement.flatMap((statement, index) => {
    if (stay?.test(statement.Sid ?? '')) return [];
    const name = statement.Sid ?? `statement ${index + 1}`;
    const withInstead = (...instead: Statement[]): PolicyDocument => (
      { ...document, Statement: [...document.Statement.slice(0, index), ...instead, ...document.Statement.slice(index + 1)] });
    return [
      { change: `without ${name}`, document: withInstead() },
      ...conditionsOf(statement).flatMap(({ operator, key, value }) => [
        { change: `when ${name} does not ask for ${key}`, document: withInstead(withCondition(statement, operator, key)) },
        ...(operator.endsWith('IfExists') ? [{
          change: `when ${name} asks for ${key} only if it is there`,
          document: withInstead(withCondition(withCondition(statement, operator, key), operator.replace(/IfExists$/, ''), key, value)),
        }] : []),
      ]),
    ];
  });
}

function conditionsOf({ Condition = {} }: Statement): { operator: string; key: string; value: unknown }[] {
  return Object.entries(Condition).flatMap(([operator, keys]) => Object.entries(keys).map(([key, value]) => ({ operator, key, value })));
}

/** The statement with another value for a condition, or without it. */
function withCondition({ Condition = {}, ...rest }: Statement, operator: string, key: string, value?: unknown): Statement {
  const { [key]: _, ...others } = Condition[operator] ?? {};
  const keys = value === undefined ? others : { ...others, [key]: value };
  const { [operator]: __, ...operators } = Condition;
  return { ...rest, Condition: Object.keys(keys).length > 0 ? { ...operators, [operator]: keys } : operators };
}
