const EVENTBRIDGE = 'events.amazonaws.com';

/** A policy document as IAM and the services return it. */
export interface PolicyDocument {
  readonly Statement: Statement | Statement[];
}

/** One statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: string | Record<string, string | string[]>;
  readonly Action?: string | string[];
  readonly Resource?: string | string[];
  readonly Condition?: Record<string, Record<string, string | string[]>>;
}

/** IAM returns documents URL-encoded, the other services as they are. */
export function parsePolicy(text: string): PolicyDocument {
  return JSON.parse(text.trimStart().startsWith('{') ? text : decodeURIComponent(text)) as PolicyDocument;
}

/** The statements of a document that may hold a single one. */
export function statements(document: PolicyDocument): Statement[] {
  return list(document.Statement);
}

/** What may be written as one or as many, as many. */
export function list<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Whether the statement lets a service in. */
export function admitsService(statement: Statement, service: string): boolean {
  if (statement.Effect !== 'Allow' || typeof statement.Principal !== 'object') return false;
  return list(statement.Principal.Service).includes(service);
}

/** Whether EventBridge may act for a rule: a condition on the source must name that rule, or a pattern of it. */
export function admitsRule(document: PolicyDocument, ruleArn: string): boolean {
  return statements(document).some((statement) => {
    const sources = sourceConditions(statement).filter(([key]) => key === 'aws:sourcearn').flatMap(([, values]) => values);
    return admitsService(statement, EVENTBRIDGE) && (sources.length === 0 || sources.some((pattern) => matches(pattern, ruleArn)));
  });
}

/**
 * Whether a key lets EventBridge encrypt what rules send. On that path EventBridge says neither rule nor account, so a statement
 * that asks for either never matches, and the events vanish.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function keyAdmitsRules(document: PolicyDocument): boolean {
  const admitted = statements(document).filter((statement) => admitsService(statement, EVENTBRIDGE) && sourceConditions(statement).length === 0);
  const actions = admitted.flatMap((statement) => list(statement.Action));
  return ['kms:Decrypt', 'kms:GenerateDataKey'].every((action) => actions.some((pattern) => matches(pattern, action)));
}

/** Whether everything without TLS is refused to everybody. */
export function refusesPlainHttp(document: PolicyDocument): boolean {
  return statements(document).some((statement) =>
    statement.Effect === 'Deny'
    && (statement.Principal === '*' || (typeof statement.Principal === 'object' && list(statement.Principal.AWS).includes('*')))
    && list(statement.Condition?.Bool?.['aws:SecureTransport']).includes('false'));
}

/** Every action on everything: what nobody needs. */
export function allowsEverything(document: PolicyDocument): boolean {
  return statements(document).some((statement) =>
    statement.Effect === 'Allow' && list(statement.Resource).includes('*') && list(statement.Action).some((action) => action === '*' || action.endsWith(':*')));
}

/** The conditions on whom a service acts for, keys in lower case. */
function sourceConditions(statement: Statement): [key: string, values: string[]][] {
  const conditions = Object.values(statement.Condition ?? {}).flatMap((keys) => Object.entries(keys));
  return conditions.map(([key, values]): [string, string[]] => [key.toLowerCase(), list(values)]).filter(([key]) => key.startsWith('aws:source'));
}

function matches(pattern: string, text: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${literal}$`).test(text);
}
