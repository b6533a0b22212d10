import { TapstackConfig } from '../../src/config';

/** A configuration with two environments and two stages. */
export const CONFIG: TapstackConfig = {
  app: 'node lib/main.js',
  environments: { workload: {}, baseline: { context: { zones: '2' } } },
  defaultEnvironment: 'workload',
  stages: ['ephemeral', 'regulated'],
  suffixPattern: /^[a-z]{1,5}$/,
  stackName: (suffix) => `Stack${suffix}`,
  parameters: (suffix) => ({ EnvironmentSuffix: suffix }),
};
