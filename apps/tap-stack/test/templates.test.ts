import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ENVIRONMENT_NAMES } from '../src/environments';
import { STAGE_NAMES } from '../src/stage';
import { CONTEXT, Synthesis, synthesize } from './_helpers/synthesis';

const MAIN = path.join(__dirname, '..', 'lib', 'main.js');

/** A template as it is reviewed: indented, and without a quote too many. */
class Reviewed {
  public readonly text: string;

  constructor(template: string) {
    this.text = JSON.stringify(JSON.parse(template), undefined, 1);
  }
}
expect.addSnapshotSerializer({ test: (value) => value instanceof Reviewed, print: (value) => (value as Reviewed).text });

describe.each(ENVIRONMENT_NAMES.flatMap((environment) => STAGE_NAMES.map((stage) => [environment, stage] as const)))('%s, %s', (environment, stage) => {
  let synthesis: Synthesis;
  beforeAll(() => { synthesis = synthesize({ environment, stage }); });

  test('is what it was', () => {
    expect(new Reviewed(synthesis.text)).toMatchSnapshot();
  });

  test('two syntheses are equal, byte by byte', () => {
    expect(synthesize({ environment, stage }).text).toBe(synthesis.text);
  });
});

describe('the app', () => {
  let directory: string;
  beforeEach(() => { directory = fs.mkdtempSync(path.join(os.tmpdir(), 'tap-stack-')); });
  afterEach(() => fs.rmSync(directory, { recursive: true }));
  const run = (context: object) => {
    const { CDK_OUTDIR: _outdir, CDK_CONTEXT_JSON: _context, ...environment } = process.env;
    execFileSync('node', [MAIN], { cwd: directory, env: { ...environment, CDK_OUTDIR: path.join(directory, 'out'), CDK_CONTEXT_JSON: JSON.stringify({ ...CONTEXT, ...context }) }, stdio: 'pipe' });
    return fs.readFileSync(path.join(directory, 'out', 'TapStack.template.json'), 'utf8');
  };

  test('makes the same bytes from another working directory', () => {
    expect(run({})).toBe(synthesize().text);
  });

  test('writes no metadata into templates, though the tools of the CDK ask for it: what is measured here is what is uploaded', () => {
    expect(run({ 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true })).toBe(synthesize().text);
  });

  test('builds what its context selects', () => {
    expect(run({ stage: 'regulated', suffix: 'green' })).toBe(synthesize({ stage: 'regulated' }).text);
    const { artifacts } = JSON.parse(fs.readFileSync(path.join(directory, 'out', 'manifest.json'), 'utf8')) as { artifacts: Record<string, { properties: object }> };
    expect(artifacts.TapStack.properties).toMatchObject({ stackName: 'TapStackgreen', terminationProtection: true });
  });
});
