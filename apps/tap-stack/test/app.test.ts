import { App } from 'aws-cdk-lib';
import { addStack, DEFAULT_SELECTION, selectionOf, stackName } from '../src/app';
import { ENVIRONMENT_NAMES } from '../src/environments';
import { SUFFIX_MAX_LENGTH } from '../src/parameters';
import { STAGE_NAMES, stageNamed } from '../src/stage';
import config from '../tapstack.config';
import { accepts } from './_helpers/parameters';
import { Parameter } from './_helpers/read-template';
import { synthesize } from './_helpers/synthesis';

const select = (selection: object) => () => addStack(new App(), { ...DEFAULT_SELECTION, ...selection });

describe('what is selected', () => {
  test('is the default where the context says nothing', () => {
    expect(selectionOf(new App())).toEqual({ environment: 'tap-stack', stage: 'ephemeral', suffix: 'dev' });
  });

  test('is what the context says', () => {
    const context = { environment: 'other', stage: 'regulated', suffix: 'green' };
    expect(selectionOf(new App({ context }))).toEqual(context);
  });
});

describe('bad input', () => {
  test.each(['privateworkload', '', 'toString', '__proto__'])('fails for the unknown environment %j', (environment) => {
    expect(select({ environment })).toThrow(new Error(
      `'environment' must be one of ${ENVIRONMENT_NAMES.join(', ')}, got '${environment}'; pass one with --context environment=<name>`,
    ));
  });

  test.each(['prod', '', 'Ephemeral', 'toString'])('fails for the unknown stage %j', (stage) => {
    expect(select({ stage })).toThrow(new Error(`'stage' must be one of ephemeral, standard, regulated, got '${stage}'; pass one with --context stage=<name>`));
  });

  test.each(['', 'Upper', '-dev', 'dev-', 'de_v', 'dev\n', 'abcdefghijk'])('fails for the suffix %j', (suffix) => {
    expect(select({ suffix })).toThrow(new Error(
      `'suffix' must be 1 to 10 lower case letters, digits and inner hyphens, got '${suffix}'; pass one with --context suffix=<suffix>`,
    ));
  });
});

describe('stages', () => {
  test('each name names its stage, in the order from nothing kept to everything kept', () => {
    expect(STAGE_NAMES).toEqual(['ephemeral', 'standard', 'regulated']);
    expect(STAGE_NAMES.map((name) => stageNamed(name).name)).toEqual(STAGE_NAMES);
  });
});

describe('tapstack.config.ts says to the operator what the app says', () => {
  let suffixParameter: Parameter;
  beforeAll(() => { suffixParameter = synthesize().template.parameters.EnvironmentSuffix; });

  test('the default environment, the stages and the name of the stack', () => {
    expect(config).toMatchObject({ defaultEnvironment: DEFAULT_SELECTION.environment, stages: STAGE_NAMES });
    expect(config.stackName('green')).toBe(stackName('green'));
  });

  test.each(['dev', 'a', 'a--b', 'abcdefghij', 'abcdefghijk', 'Dev', '-dev', 'dev-', '', 'dev\n'])('the suffix %j is taken or refused as the template does', (suffix) => {
    expect(config.suffixPattern.test(suffix)).toBe(accepts(suffixParameter, suffix));
  });

  test('the suffix becomes the parameter of the template', () => {
    expect(config.parameters('green')).toEqual({ EnvironmentSuffix: 'green' });
    expect(SUFFIX_MAX_LENGTH).toBe(suffixParameter.MaxLength);
  });
});
