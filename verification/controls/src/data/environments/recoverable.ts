import { BASELINE_WIRING } from './baseline';
import { EnvironmentData, made, written } from './environment';

export const recoverable: EnvironmentData = {
  summary: 'the baseline, and what a team needs to notice that a deployment failed and to see how things stand',
  requirements: ['X', 'B', 'R'],
  testedAs: ['baseline'],
  wiring: {
    ...BASELINE_WIRING,
    'B-15': [written('src/environments/baseline.ts'), written('src/environments/recoverable.ts')],
    'R-01': [made('Deployments', 'topic')],
    'R-03': [written('src/conventions/names.ts')],
    'R-11': [made('Health', 'title'), made('Config', 'source')],
  },
};
