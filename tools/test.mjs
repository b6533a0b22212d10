/**
 * `npm test`: everything a commit needs to land. Each suite leaves its figures in a report; they are added up here, and a report
 * that is missing is a failure. What has not changed since its last good run is not run again.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ensureInstalled, nx, ROOT, run, step } from './lib.mjs';

const PACKAGES = ['encrypted-storage', 'secure-network', 'audit-trail', 'monitored-compute'].map((name) => `packages/${name}`);

/** Every report there must be, by the Nx target that writes it. */
const SUITES = {
  'test': { report: 'unit', workspaces: [...PACKAGES, 'apps/local-aws', 'apps/operator', 'apps/tap-stack', 'verification/judges', 'verification/proofs', 'verification/consumers', 'verification/controls', 'verification/benchmarks'] },
  'api': { report: 'api', workspaces: PACKAGES },
  'snapshots': { report: 'snapshots', workspaces: [...PACKAGES.filter(hasIntegrationTest), 'apps/tap-stack'] },
  'test:python': { report: 'python', workspaces: ['apps/local-aws'] },
  'catalogue': { report: 'controls', workspaces: ['verification/controls'] },
  'judge': { report: 'judges', workspaces: ['verification/judges'] },
  'test:environment': { report: 'environment', workspaces: ['apps/tap-stack'] },
  'test:templates': { report: 'templates', workspaces: ['apps/tap-stack'] },
};

function hasIntegrationTest(workspace) {
  return fs.readdirSync(path.join(ROOT, workspace, 'test')).some((file) => /^integ\..*\.ts$/.test(file));
}

/** What a suite counted, in jest's words or in ours. */
function figures(workspace, report) {
  const file = path.join(ROOT, workspace, 'test-reports', `${report}.json`);
  if (!fs.existsSync(file)) return { passed: 0, failed: 1, problem: 'no report' };
  const read = JSON.parse(fs.readFileSync(file, 'utf8'));
  if ('numTotalTests' in read) {
    // a skipped test proves nothing, and a file that does not load has none
    return { passed: read.numPassedTests, failed: read.numFailedTests + read.numPendingTests + read.numTodoTests + read.numRuntimeErrorTestSuites };
  }
  return { passed: read.passed, failed: read.failed };
}

await ensureInstalled();
const lint = await step('lint', () => run('npx', ['projen', 'lint'], { quiet: true }));
const nxCode = await step('compile, tests, snapshots, judges, environments', () => nx(['compile', 'docgen', 'examples', ...Object.keys(SUITES)]));

let passed = 0;
let failed = 0;
for (const [target, { report, workspaces }] of Object.entries(SUITES)) {
  for (const workspace of workspaces) {
    const one = figures(workspace, report);
    passed += one.passed;
    failed += one.failed;
    console.log(`${target.padEnd(16)} ${workspace.padEnd(28)} ${`${one.passed} passed, ${one.failed} failed`}${one.problem ? ` (${one.problem})` : ''}`);
  }
}
for (const [what, code] of [['lint', lint], ['a task of Nx, see above,', nxCode]]) {
  if (code === 0) continue;
  console.log(`${what} ended with exit code ${code}`);
  if (failed === 0 || what === 'lint') failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
