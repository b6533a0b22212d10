import { ExitCode, Problem } from '../src/problem';
import { select } from '../src/selection';
import { CONFIG } from './_helpers/config';

test('takes the default environment, the first stage and the suffix dev unless told otherwise', () => {
  expect(select(CONFIG, {})).toEqual({
    environment: 'workload', config: {}, suffix: 'dev', stage: 'ephemeral', stackName: 'Stackdev', parameters: { EnvironmentSuffix: 'dev' },
    context: { environment: 'workload', suffix: 'dev', stage: 'ephemeral' },
  });
});

test('takes what was asked for; the context of the environment comes along', () => {
  expect(select(CONFIG, { environment: 'baseline', suffix: 'green', stage: 'regulated' })).toMatchObject({
    stackName: 'Stackgreen', context: { zones: '2', environment: 'baseline', suffix: 'green', stage: 'regulated' },
  });
});

const usage = (message: string) => expect.objectContaining({ message, exitCode: ExitCode.USAGE }) as Problem;

test.each(['other', '', 'toString', '__proto__'])('fails for the unknown environment %j', (environment) => {
  expect(problemOf({ environment })).toEqual(usage(`'--env' must be one of workload, baseline, got '${environment}'`));
});

test.each(['prod', '', 'Ephemeral'])('fails for the unknown stage %j', (stage) => {
  expect(problemOf({ stage })).toEqual(usage(`'--stage' must be one of ephemeral, regulated, got '${stage}'`));
});

test.each(['', 'Dev', 'sixsix', 'a-b', 'dev\n'])('fails for the suffix %j', (suffix) => {
  expect(problemOf({ suffix })).toEqual(usage(`'--suffix' must match ^[a-z]{1,5}$ because it stands in the names of resources, got '${suffix}'`));
});

function problemOf(wish: Parameters<typeof select>[1]): unknown {
  try {
    return select(CONFIG, wish);
  } catch (error) {
    return error;
  }
}
