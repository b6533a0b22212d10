import { Target } from '../../target';
import { Check } from '../check';
import { DeployedStack } from '../deployed-stack';

/** What a drill may use. */
export interface DrillContext {
  readonly stack: DeployedStack;
  readonly target: Target;
}

/**
 * Something that is tried on the running environment rather than read from it. A drill leaves the environment as it found it,
 * also when it fails half-way.
 */
export type Drill = (context: DrillContext) => Check[];

/** Drills whose checks confirm requirements of the app, by id. */
export function confirming(ids: readonly string[], ...drills: Drill[]): Drill {
  return (context) => drills.flatMap((drill) => drill(context)).map((check) => ({ ...check, confirms: [...check.confirms ?? [], ...ids] }));
}
