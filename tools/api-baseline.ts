/**
 * Compares the public API of the package in the current directory with its committed baseline, and fails when something that
 * users rely on was broken. `--accept` makes today's API the baseline: before 1.0 too, breaking is a decision that a reviewer sees.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Assembly, readAssembly, report, typesOf } from './api-assembly';
import { additionsTo, essentialsOf } from './api-essentials';

const BASELINE = path.join('api-baseline', 'assembly.json');

const ACCEPT = `npm run api -w ${path.relative(path.resolve('../..'), process.cwd())} -- --accept`;

/** Which Node.js is supported is not what we ask here. */
const QUIET = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true' };

function accept(assembly: Assembly): void {
  fs.mkdirSync(path.dirname(BASELINE), { recursive: true });
  fs.writeFileSync(BASELINE, `${JSON.stringify(essentialsOf(assembly), undefined, 1)}\n`);
  console.log(`${assembly.name}: ${typesOf(assembly).length} public types accepted as ${BASELINE}`);
}

/** What jsii-diff says is broken; nothing if users notice nothing. */
function breaches(): string {
  // below the package, because jsii-diff looks for the dependencies' assemblies as Node.js looks for modules
  const previous = path.join('test-reports', 'api-baseline');
  fs.rmSync(previous, { recursive: true, force: true });
  fs.mkdirSync(previous, { recursive: true });
  fs.copyFileSync('package.json', path.join(previous, 'package.json'));
  fs.copyFileSync(BASELINE, path.join(previous, '.jsii'));
  try {
    execFileSync('jsii-diff', ['--error-on', 'all', previous, '.'], { encoding: 'utf8', stdio: ['ignore', 'inherit', 'pipe'], env: { ...process.env, ...QUIET } });
    return '';
  } catch (error) {
    return (error as { stderr?: string }).stderr?.trim() || String(error);
  } finally {
    fs.rmSync(previous, { recursive: true, force: true });
  }
}

function compare(assembly: Assembly): void {
  const broken = breaches();
  report(process.cwd(), 'baseline', broken ? 0 : 1, broken ? 1 : 0);
  if (broken) {
    console.error(`${broken}\nif this is meant, say so in docs/upgrading.md and run: ${ACCEPT}`);
    process.exitCode = 1;
    return;
  }
  const baseline = JSON.parse(fs.readFileSync(BASELINE, 'utf8')) as Assembly;
  const additions = additionsTo(baseline, assembly);
  console.log(`${assembly.name}: nothing broken since the baseline`);
  if (additions.length > 0) console.log(`not protected yet: ${additions.join(', ')}; run: ${ACCEPT}`);
}

function main(): void {
  const assembly = readAssembly(process.cwd());
  if (process.argv.includes('--accept')) return accept(assembly);
  if (fs.existsSync(BASELINE)) return compare(assembly);
  if (typesOf(assembly).length === 0) return console.log(`${assembly.name}: no public API yet, and so no baseline`);
  console.error(`'${BASELINE}' must be there, got nothing for ${typesOf(assembly).length} public types; run: ${ACCEPT}`);
  report(process.cwd(), 'baseline', 0, 1);
  process.exitCode = 1;
}

main();
