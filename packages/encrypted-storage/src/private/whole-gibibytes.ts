import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** The gibibytes of `size`, once it is sure that AWS accepts them. A token is left to CloudFormation. */
export function wholeGibibytes(scope: IConstruct, prop: string, size: Size, min: number, max: number): number {
  if (size.isUnresolved()) return size.toGibibytes();

  const gibibytes = size.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
  if (!Number.isInteger(gibibytes) || gibibytes < min || gibibytes > max) {
    throw new Error(`'${prop}' must be whole gibibytes from ${min} to ${max}, got ${gibibytes} GiB [${scope.node.path}]`);
  }
  return gibibytes;
}
