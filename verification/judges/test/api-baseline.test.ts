import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Assembly, Type } from '../../../tools/api-assembly';
import { additionsTo, essentialsOf } from '../../../tools/api-essentials';

const THING: Type = {
  fqn: 'thing-lib.Thing', kind: 'interface', datatype: true, docs: { summary: 'A thing.' },
  properties: [{ name: 'keptFor', optional: true, docs: { summary: 'How long.', default: '1' }, type: { primitive: 'number' } }],
};

function assemblyOf(...types: Type[]): Assembly {
  return { name: 'thing-lib', types: Object.fromEntries(types.map((type) => [type.fqn, type])) };
}

describe('the baseline of an API', () => {
  test('keeps names and types, not prose, positions or dependencies', () => {
    const assembly = { ...assemblyOf(THING), dependencyClosure: { constructs: {} }, readme: { markdown: '# Thing' }, fingerprint: 'f00' };
    const baseline = essentialsOf(assembly);
    expect(Object.keys(baseline)).toEqual(['name', 'types']);
    expect(baseline.types).toEqual({ 'thing-lib.Thing': {
      fqn: 'thing-lib.Thing', kind: 'interface', datatype: true, properties: [{ name: 'keptFor', optional: true, type: { primitive: 'number' } }],
    } });
  });

  test('is the same when only prose changed', () => {
    const reworded = { ...THING, docs: { summary: 'Another thing.' } };
    expect(JSON.stringify(essentialsOf(assemblyOf(reworded)))).toBe(JSON.stringify(essentialsOf(assemblyOf(THING))));
  });

  test('remembers what is deprecated or experimental', () => {
    const old = { ...THING, docs: { summary: 'A thing.', deprecated: 'use Other', stability: 'deprecated' } } as Type;
    expect(essentialsOf(assemblyOf(old)).types?.['thing-lib.Thing'].docs).toEqual({ deprecated: 'use Other', stability: 'deprecated' });
  });

  test('names what it does not protect yet', () => {
    const wider = { ...THING, properties: [...THING.properties!, { name: 'label', type: { primitive: 'string' } }] };
    const other: Type = { fqn: 'thing-lib.Other', kind: 'enum', members: [{ name: 'ONE' }] };
    expect(additionsTo(assemblyOf(THING), assemblyOf(wider, other))).toEqual(['thing-lib.Other', 'thing-lib.Thing.label']);
  });
});

describe('api-baseline, the command', () => {
  const modules = path.resolve(__dirname, '../../../node_modules');
  let directory: string;

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'api-baseline-'));
    fs.writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name: 'thing-lib', version: '1.0.0', jsii: {} }));
    compile(true);
  });
  afterEach(() => { fs.rmSync(directory, { recursive: true, force: true }); });

  /** Leaves the assembly that compiling a package with one struct would leave. */
  function compile(optional: boolean, names = ['keptFor']): void {
    const [schema, version, jsiiVersion, name, license] = ['jsii/0.10.0', '1.0.0', '6', 'thing-lib', 'Apache-2.0'];
    const properties = names.map((property) => ({ abstract: true, immutable: true, name: property, ...(optional ? { optional } : {}), type: { primitive: 'number' } }));
    const take = { name: 'take', parameters: [{ name: 'thing', type: { fqn: 'thing-lib.Thing' } }] };
    const types = {
      'thing-lib.Thing': { assembly: name, fqn: 'thing-lib.Thing', kind: 'interface', datatype: true, name: 'Thing', properties },
      'thing-lib.Taker': { assembly: name, fqn: 'thing-lib.Taker', kind: 'class', name: 'Taker', initializer: {}, methods: [take] },
    };
    fs.writeFileSync(path.join(directory, '.jsii'), JSON.stringify({ schema, version, jsiiVersion, name, license, fingerprint: '*', types }));
  }

  function run(...flags: string[]): { status: number | null; said: string; report: { passed: number; failed: number } | undefined } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(modules, 'tsx/dist/cli.mjs'), path.resolve(__dirname, '../../../tools/api-baseline.ts'), ...flags], {
      cwd: directory, encoding: 'utf8', env: { ...process.env, PATH: `${path.join(modules, '.bin')}${path.delimiter}${process.env.PATH}` },
    });
    const report = path.join(directory, 'test-reports', 'api.json');
    return { status, said: stdout + stderr, report: fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : undefined };
  }

  test('fails when there is an API and no baseline', () => {
    expect(run()).toMatchObject({ status: 1, said: expect.stringContaining('--accept'), report: { passed: 0, failed: 1 } });
  });

  test('passes on what it accepted, and fails when an optional property becomes required', () => {
    expect(run('--accept').status).toBe(0);
    expect(run()).toMatchObject({ status: 0, report: { passed: 1, failed: 0 } });

    compile(false);
    expect(run()).toMatchObject({ status: 1, said: expect.stringContaining("newly required property 'keptFor'"), report: { passed: 0, failed: 1 } });
    expect(run('--accept').status).toBe(0);
    expect(run().status).toBe(0);
  }, 60_000);

  test('passes when something was added, and says that it is not protected yet', () => {
    run('--accept');
    compile(true, ['keptFor', 'label']);
    expect(run()).toMatchObject({ status: 0, said: expect.stringContaining('not protected yet: thing-lib.Thing.label') });
  }, 60_000);
});
