import { baseline } from './baseline';
import { compliance } from './compliance';
import { dataPlatform } from './data-platform';
import { EnvironmentData } from './environment';
import { privateWorkload } from './private-workload';
import { recoverable } from './recoverable';
import { tapStack } from './tap-stack';

/** Every environment, by the name that commands know it by. One that the app has and this has not fails the check. */
export const ENVIRONMENTS: Record<string, EnvironmentData> = {
  'baseline': baseline,
  'recoverable': recoverable,
  'data-platform': dataPlatform,
  'compliance': compliance,
  'private-workload': privateWorkload,
  'tap-stack': tapStack,
};
