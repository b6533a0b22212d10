import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Artefact } from '../src/artefacts';
import { attempt, run } from '../src/program';
import { NpmRegistry } from '../src/registry';

describe('the npm registry', () => {
  let directory: string;
  let registry: NpmRegistry;
  beforeEach(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'registry-'));
    registry = await NpmRegistry.start(path.join(directory, 'registry'));
  });
  afterEach(async () => {
    await registry.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  test('serves what was published, and nothing else', async () => {
    fs.writeFileSync(path.join(directory, 'package.json'), JSON.stringify({ name: '@tapstack/sample', version: '0.0.0' }));
    fs.writeFileSync(path.join(directory, '.npmrc'), registry.npmrc);
    await run('npm', ['pack', '--silent'], { cwd: directory });
    await registry.publish({ tarball: path.join(directory, 'tapstack-sample-0.0.0.tgz') } as Artefact);

    expect((await run('npm', ['view', '--silent', '@tapstack/sample', 'version'], { cwd: directory })).trim()).toBe('0.0.0');
    expect((await attempt('npm', ['view', '--silent', '@tapstack/other', 'version'], { cwd: directory })).code).not.toBe(0);
  }, 60_000);
});
