import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Throws unless `name` is absent, unknown until deployment, or matches the rule that `rule` puts in words. */
export function checkName(scope: IConstruct, prop: string, name: string | undefined, pattern: RegExp, rule: string): void {
  if (name === undefined || Token.isUnresolved(name) || pattern.test(name)) return;

  throw new Error(`'${prop}' must be ${rule}, got '${name}' [${scope.node.path}]`);
}
