import { IConstruct } from 'constructs';
import { NETWORK_TYPES } from './read-model';
import { readResources, Resource, ValueReader } from './tree';

/** The network resources of a tree at one moment. */
export interface Reading {
  readonly reader: ValueReader;
  readonly resources: readonly Resource[];
}

/** Reads the tree below `root` as it is now. */
export function read(root: IConstruct): Reading {
  const reader = new ValueReader();
  return { reader, resources: readResources(root, NETWORK_TYPES, reader) };
}

const shared = new WeakMap<IConstruct, { reading: Reading; askedBy: Set<object> }>();

/**
 * Reads the tree below `root` once for all checks of a synthesis, when it does not change any more. Each check asks once then: one that asks
 * again is in the next synthesis.
 */
export function readOnce(root: IConstruct, check: object): Reading {
  const known = shared.get(root);
  if (known && !known.askedBy.has(check)) {
    known.askedBy.add(check);
    return known.reading;
  }
  const reading = read(root);
  shared.set(root, { reading, askedBy: new Set([check]) });
  return reading;
}

/** Forgets what was read below `root`: a check that is new has not asked in the synthesis before. */
export function forget(root: IConstruct): void {
  shared.delete(root);
}
