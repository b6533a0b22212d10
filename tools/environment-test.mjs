/**
 * Brings every environment up on a local AWS of its own, as `npm run up` does, verifies it and takes it down; run by Nx in
 * `apps/tap-stack`. Every check of the verification counts, and so does that nothing is left behind.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { freePort, OPERATOR, run, TAP_STACK, TAPSTACK_HOME } from './lib.mjs';

const { ENVIRONMENT_NAMES } = createRequire(import.meta.url)(path.join(TAP_STACK, 'lib', 'environments'));
const port = await freePort();
const suffix = 'e2e';
let passed = 0;
let failed = 0;

function count(what, ok) {
  if (ok) passed += 1;
  else failed += 1;
  if (!ok) console.error(`failed: ${what}`);
}

for (const environment of ENVIRONMENT_NAMES) {
  const options = ['--directory', TAP_STACK, '--env', environment, '--suffix', suffix, '--port', `${port}`];
  const report = path.join(TAP_STACK, '.tapstack', `TapStack${suffix}.report.json`);
  fs.rmSync(report, { force: true });

  const up = await run('node', [OPERATOR, 'up', ...options]);
  const { tally } = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : { tally: { passed: 0, failed: 0 } };
  passed += tally.passed;
  failed += tally.failed;
  count(`${environment}: up ends well`, up === 0);
  count(`${environment}: up a second time changes nothing and ends well`, await run('node', [OPERATOR, 'up', ...options]) === 0);
  count(`${environment}: down leaves nothing behind`, await run('node', [OPERATOR, 'down', ...options]) === 0);
}
count('the local AWS was stopped', await run('node', [OPERATOR, 'local', 'status', '--port', `${port}`], { quiet: true }) === 3);
// whatever happened above, nothing goes on running
await run('node', [OPERATOR, 'local', 'stop', '--port', `${port}`], { quiet: true });

const reports = path.join(TAP_STACK, 'test-reports');
fs.mkdirSync(reports, { recursive: true });
fs.writeFileSync(path.join(reports, 'environment.json'), `${JSON.stringify({ passed, failed })}\n`);
console.log(`environments: ${ENVIRONMENT_NAMES.length} brought up and taken down below ${path.basename(TAPSTACK_HOME)}, ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
