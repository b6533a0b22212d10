import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The days of `duration`, once it is sure that AWS accepts them. A token is left to CloudFormation; a mixin has no scope yet. */
export function wholeDays(scope: IConstruct | undefined, prop: string, duration: Duration, min: number, max: number): number {
  if (duration.isUnresolved()) return duration.toDays();

  const days = duration.toDays({ integral: false });
  if (!Number.isInteger(days) || days < min || days > max) {
    throw new Error(`'${prop}' must be whole days from ${min} to ${max}, got ${duration.toHumanString()}${scope ? ` [${scope.node.path}]` : ''}`);
  }
  return days;
}
