import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { defineConfig, loadConfig } from '../src/config';
import { ExitCode } from '../src/problem';
import { CONFIG } from './_helpers/config';

let directory: string;
beforeEach(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), 'operator-')); });
afterEach(() => fs.rmSync(directory, { recursive: true }));

const GOOD: Record<string, string> = {
  app: "'node main.js'", environments: '{ workload: {} }', defaultEnvironment: "'workload'", stages: "['ephemeral']", suffixPattern: '/^[a-z]+$/',
  stackName: '(suffix: string) => `Stack${suffix}`', parameters: '(suffix: string) => ({ Suffix: suffix })',
};
const write = (changes: Record<string, string | undefined>) => fs.writeFileSync(path.join(directory, 'tapstack.config.ts'),
  `export default { ${Object.entries({ ...GOOD, ...changes }).flatMap(([key, value]) => value === undefined ? [] : `${key}: ${value}`).join(', ')} };`);

test('is loaded from TypeScript', async () => {
  write({});
  const config = await loadConfig(directory);
  expect([config.stackName('dev'), config.parameters('dev'), config.suffixPattern.test('dev')]).toEqual(['Stackdev', { Suffix: 'dev' }, true]);
});

test('is given back by defineConfig as it is', () => {
  expect(defineConfig(CONFIG)).toBe(CONFIG);
});

test('fails where there is none, and says where it looked', async () => {
  await expect(loadConfig(directory)).rejects.toMatchObject({
    message: `no tapstack.config.ts in '${directory}'; run this where your CDK app is, or name the directory with '--directory'`, exitCode: ExitCode.USAGE,
  });
});

test.each<[string, string | undefined]>([
  ['app', undefined], ['app', "''"], ['environments', "'all'"], ['stages', '[]'], ['stackName', "'Stack'"], ['parameters', '{}'], ['suffixPattern', "'^[a-z]+$'"],
])('fails in one line, which names what is wrong: %s is %s', async (property, value) => {
  write({ [property]: value });
  const problem = await loadConfig(directory).catch((error: Error) => error);
  expect(problem).toMatchObject({ message: expect.stringMatching(new RegExp(`^tapstack\\.config\\.ts: '${property}' .+$`)) as string, exitCode: ExitCode.USAGE });
});

test('fails if the default environment is none of the environments', async () => {
  write({ defaultEnvironment: "'other'" });
  await expect(loadConfig(directory)).rejects.toMatchObject({ message: "tapstack.config.ts: 'defaultEnvironment' must be one of the environments" });
});

test('fails for a property that nobody knows: a typing error must not go unnoticed', async () => {
  write({ stage: "'regulated'" });
  await expect(loadConfig(directory)).rejects.toMatchObject({ message: 'tapstack.config.ts: Unrecognized key: "stage"', exitCode: ExitCode.USAGE });
});
