import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Baseline } from './baseline';
import { Compliance } from './compliance';
import { DataPlatform } from './data-platform';
import { EnvironmentProps } from './environment';
import { PrivateWorkload } from './private-workload';
import { Recoverable } from './recoverable';
import { TapStack } from './tap-stack';

/** Every environment there is, by the name that commands know it by. */
const ENVIRONMENTS: Record<string, new (scope: Construct, id: string, props: EnvironmentProps) => Stack> = {
  'baseline': Baseline,
  'recoverable': Recoverable,
  'compliance': Compliance,
  'data-platform': DataPlatform,
  'private-workload': PrivateWorkload,
  'tap-stack': TapStack,
};

export const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENTS);

/**
 * Builds one environment.
 *
 * @throws Error if there is none of that name
 */
export function buildEnvironment(scope: Construct, name: string, id: string, props: EnvironmentProps): Stack {
  if (!Object.hasOwn(ENVIRONMENTS, name)) {
    throw new Error(`'environment' must be one of ${ENVIRONMENT_NAMES.join(', ')}, got '${name}'; pass one with --context environment=<name>`);
  }
  return new ENVIRONMENTS[name](scope, id, props);
}
