import { defineConfig } from '@tapstack/operator';
import { baselineDrills } from './drills/baseline';
import { complianceDrills } from './drills/compliance';
import { dataPlatformDrills } from './drills/data-platform';
import { privateWorkloadDrills } from './drills/private-workload';
import { READ_BACK } from './drills/read-back';
import { recoverableDrills } from './drills/recoverable';
import { tapStackDrills } from './drills/tap-stack';
import { DEFAULT_SELECTION, stackName } from './src/app';
import { SUFFIX_MAX_LENGTH } from './src/parameters';
import { STAGE_NAMES } from './src/stage';

export default defineConfig({
  app: 'node lib/main.js',
  defaultEnvironment: DEFAULT_SELECTION.environment,
  environments: {
    'baseline': { drills: baselineDrills },
    'recoverable': { drills: recoverableDrills },
    'compliance': { drills: complianceDrills },
    'data-platform': { drills: dataPlatformDrills },
    'private-workload': { drills: privateWorkloadDrills },
    'tap-stack': { drills: tapStackDrills },
  },
  stages: STAGE_NAMES as [string, ...string[]],
  suffixPattern: new RegExp(`^(?=.{1,${SUFFIX_MAX_LENGTH}}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$`),
  stackName,
  parameters: (suffix) => ({ EnvironmentSuffix: suffix }),
  readBack: READ_BACK,
});
