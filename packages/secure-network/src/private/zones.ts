import { Fn, Stack } from 'aws-cdk-lib';

/** The first zones of the region, by what CloudFormation finds at deployment: as many as asked for, in any stack. */
export function zonesOfRegion(count: number): string[] {
  return Array.from({ length: count }, (_, i) => Fn.select(i, Fn.getAzs()));
}

/**
 * Runs `build` while `stack` names no zones of its own.
 *
 * `ec2.Vpc` reads `Stack.availabilityZones` even when it is given its zones. In a stack with a known account and region that
 * read is a context look-up: a call to AWS at synthesis, for a list that is then ignored.
 */
export function withoutZoneLookup<T>(stack: Stack, build: () => T): T {
  // an own property only where a subclass in another language overrides the getter
  const own = Object.getOwnPropertyDescriptor(stack, 'availabilityZones');
  Object.defineProperty(stack, 'availabilityZones', { configurable: true, value: [] });
  try {
    return build();
  } finally {
    delete (stack as { availabilityZones?: string[] }).availabilityZones;
    if (own) Object.defineProperty(stack, 'availabilityZones', own);
  }
}
