import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Throws unless `value` is unknown until deployment, or a whole number from `min` to `max`. */
export function checkWholeNumber(scope: IConstruct, prop: string, value: number, min: number, max: number): void {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max)) return;

  throw new Error(`'${prop}' must be a whole number from ${min} to ${max}, got ${value} [${scope.node.path}]`);
}
