/** Lints and tests the Python half of the local AWS in a virtual environment of its own; run by Nx in `apps/local-aws`. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ROOT, run, TEST_HOME } from './lib.mjs';

const directory = path.join(ROOT, 'apps', 'local-aws');
const python = path.join(directory, 'python');
const reports = path.join(directory, 'test-reports');
const { ensureVirtualEnvironment, Home } = createRequire(import.meta.url)(directory);

fs.mkdirSync(reports, { recursive: true });
const interpreter = await ensureVirtualEnvironment(new Home(TEST_HOME), path.join(python, 'requirements-dev.txt'), console.log);
const junit = path.join(reports, 'python.xml');
fs.rmSync(junit, { force: true });

const lint = await run(interpreter, ['-m', 'ruff', 'check', '.'], { cwd: python });
const format = await run(interpreter, ['-m', 'ruff', 'format', '--check', '.'], { cwd: python });
const schemas = await run('npx', ['tsx', path.join(ROOT, 'tools', 'replacement-data.ts'), '--check']);
const tests = await run(interpreter, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${junit}`], { cwd: python, env: { PYTHONDONTWRITEBYTECODE: '1' } });

const suite = fs.existsSync(junit) ? fs.readFileSync(junit, 'utf8') : '';
const count = (name) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
// a skipped test proves nothing: it counts as failed
const failed = count('failures') + count('errors') + count('skipped') + [lint, format, schemas].filter((code) => code !== 0).length + (suite ? 0 : 1);
const passed = count('tests') - count('failures') - count('errors') - count('skipped') + [lint, format, schemas].filter((code) => code === 0).length;
fs.writeFileSync(path.join(reports, 'python.json'), `${JSON.stringify({ passed, failed })}\n`);
process.exitCode = failed > 0 || tests !== 0 ? 1 : 0;
