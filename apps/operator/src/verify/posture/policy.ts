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
