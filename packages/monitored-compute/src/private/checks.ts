import { Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Fails unless the name is absent, known only at deployment, or of the given form. */
export function checkName(scope: IConstruct, prop: string, value: string | undefined, form: RegExp, rule: string): void {
  if (value === undefined || Token.isUnresolved(value) || form.test(value)) return;
  throw new Error(`'${prop}' must be ${rule}, got '${value}' [${scope.node.path}]`);
}

/** Fails unless the number is known only at deployment, or one that can be passed: an alarm on the rest could never fire. */
export function checkPercent(scope: IConstruct, prop: string, value: number): void {
  if (Token.isUnresolved(value) || (value > 0 && value < 100)) return;
  throw new Error(`'${prop}' must be above 0 and below 100, got ${value} [${scope.node.path}]`);
}

/** Fails unless the number is known only at deployment, or a positive whole number. */
export function checkBytes(scope: IConstruct, prop: string, value: number): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value > 0)) return;
  throw new Error(`'${prop}' must be a whole number of bytes, at least 1, got ${value} [${scope.node.path}]`);
}

/** The seconds of a duration, which must be known at synthesis, whole, and within bounds. */
export function wholeSeconds(scope: IConstruct, prop: string, value: Duration, least: number, most: number): number {
  const rule = `'${prop}' must be whole seconds, from ${least} to ${most}`;
  if (value.isUnresolved()) throw new Error(`${rule}, known at synthesis, got a value of deployment [${scope.node.path}]`);
  const seconds = value.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < least || seconds > most) throw new Error(`${rule}, got ${seconds} [${scope.node.path}]`);
  return seconds;
}

/** Fails unless the number is known only at deployment, or whole and within bounds. */
export function checkWhole(scope: IConstruct, prop: string, value: number, least: number, most: number = Infinity): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= least && value <= most)) return;
  const bounds = most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
  throw new Error(`'${prop}' must be a whole number, ${bounds}, got ${value} [${scope.node.path}]`);
}
