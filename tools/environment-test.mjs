/**
 * Brings every environment up on a local AWS of its own, as `npm run up` does, verifies it and takes it down; run by Nx in
 * `apps/tap-stack`. Every check of the verification counts, and so does that nothing is left behind.
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { freePort, OPERATOR, run, TAP_STACK, TEST_HOME } from './lib.mjs';

const { ENVIRONMENT_NAMES } = createRequire(import.meta.url)(path.join(TAP_STACK, 'lib', 'environments'));
/** Only there a run is killed and two suffixes stand side by side: that is the operator's doing, and the same for every environment. */
const THE_QUICKEST = 'private-workload';
const port = await freePort();
let passed = 0;
let failed = 0;

/** The operator, with a home of the test's own. */
function operator(args, options = {}) {
  return run('node', [OPERATOR, ...args], { ...options, env: { TAPSTACK_HOME: TEST_HOME } });
}

/** Kills a run as soon as its stack is being made, like a closed terminal does. */
function killedHalfway(args) {
  return new Promise((resolve) => {
    const child = spawn('node', [OPERATOR, ...args], { env: { ...process.env, TAPSTACK_HOME: TEST_HOME }, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (part) => {
      printed += part;
      if (/Deploy [^]*AWS::/.test(printed)) child.kill('SIGKILL');
    });
    child.on('close', (code, signal) => resolve(signal === 'SIGKILL'));
  });
}

function count(what, ok) {
  if (ok) passed += 1;
  else failed += 1;
  if (!ok) console.error(`failed: ${what}`);
}

/** Brings an environment up; every check of its verification counts. */
async function up(what, suffix, options) {
  const report = path.join(TAP_STACK, '.tapstack', `TapStack${suffix}.report.json`);
  fs.rmSync(report, { force: true });
  count(what, await operator(['up', ...options]) === 0);
  const { tally } = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : { tally: { passed: 0, failed: 0 } };
  passed += tally.passed;
  failed += tally.failed;
}

for (const environment of ENVIRONMENT_NAMES) {
  const options = (suffix) => ['--directory', TAP_STACK, '--env', environment, '--suffix', suffix, '--port', `${port}`];
  if (environment === THE_QUICKEST) {
    count(`${environment}: a run can be killed half-way`, await killedHalfway(['up', ...options('e2e')]));
    await Promise.all([
      up(`${environment}: up ends well after a killed run`, 'e2e', options('e2e')),
      up(`${environment}: up ends well at the same time as another suffix (X-02)`, 'beside', options('beside')),
    ]);
    count(`${environment}: up a second time ends well`, await operator(['up', ...options('e2e')]) === 0);
    count(`${environment}: down leaves nothing behind`, await operator(['down', ...options('e2e')]) === 0);
    count(`${environment}: the suffix beside it goes on working`, await operator(['verify', ...options('beside')]) === 0);
    count(`${environment}: down leaves nothing behind of that either`, await operator(['down', ...options('beside')]) === 0);
  } else {
    await up(`${environment}: up ends well`, 'e2e', options('e2e'));
    count(`${environment}: down leaves nothing behind`, await operator(['down', ...options('e2e')]) === 0);
  }
}
count('the local AWS was stopped', await operator(['local', 'status', '--port', `${port}`]) === 3);
// whatever happened above, nothing goes on running
await operator(['local', 'stop', '--port', `${port}`], { quiet: true });

const reports = path.join(TAP_STACK, 'test-reports');
fs.mkdirSync(reports, { recursive: true });
fs.writeFileSync(path.join(reports, 'environment.json'), `${JSON.stringify({ passed, failed })}\n`);
console.log(`environments: ${ENVIRONMENT_NAMES.length} brought up and taken down, ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
