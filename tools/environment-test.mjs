/**
 * Brings every environment up on a local AWS of its own, as `npm run up` does, verifies it and takes it down; run by Nx in
 * `apps/tap-stack`. Every check of the verification counts, and so does that nothing is left behind.
 *
 * What a verification confirmed of the requirements is on record in `docs/environments/confirmed`, and the pages are written from that.
 * This run must see what the record says, neither less nor more; with `--write` the record becomes what this run sees. Names of
 * environments limit the run to them.
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { fail, freePort, OPERATOR, ROOT, run, TAP_STACK, TEST_HOME } from './lib.mjs';

const { ENVIRONMENT_NAMES } = createRequire(import.meta.url)(path.join(TAP_STACK, 'lib', 'environments'));
/** Only there a run is killed and two suffixes stand side by side: that is the operator's doing, and the same for every environment. */
const THE_QUICKEST = 'private-workload';
/** Only there a verification is repeated: it has every drill. */
const THE_FULLEST = 'tap-stack';
const RECORDS = path.join(ROOT, 'docs', 'environments', 'confirmed');
const writing = process.argv.includes('--write');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const strange = named.find((name) => !ENVIRONMENT_NAMES.includes(name));
if (strange) fail(`there is no environment '${strange}'; there are ${ENVIRONMENT_NAMES.join(', ')}`);
const environments = named.length > 0 ? named : ENVIRONMENT_NAMES;
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
  const nothing = { tally: { passed: 0, failed: 0 }, requirements: { confirmed: {}, notVerifiable: {} } };
  const { tally, requirements } = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : nothing;
  passed += tally.passed;
  failed += tally.failed;
  return requirements;
}

/** What no single verification sees; it counts, and goes on record with the requirements that it confirms. */
function saw({ confirmed }, environment, says, ids, ok) {
  count(`${environment}: ${says}`, ok);
  if (ok) confirmed[says] = ids;
}

/** One line for each statement, in order, so that a change of the record shows what changed. */
function recordOf({ confirmed, notVerifiable }) {
  const lines = (statements) => Object.keys(statements).sort().map((says) => `\n    ${JSON.stringify(says)}: ${JSON.stringify(statements[says])}`).join();
  return `{\n  "confirmed": {${lines(confirmed)}\n  },\n  "notVerifiable": {${lines(notVerifiable)}\n  }\n}\n`;
}

/** Compares the record of an environment with what was seen; or writes it, unless something failed: that need not have been seen in full. */
function compareWithRecord(environment, requirements) {
  const file = path.join(RECORDS, `${environment}.json`);
  const seen = recordOf(requirements);
  if (writing && failed === 0) {
    fs.mkdirSync(RECORDS, { recursive: true });
    fs.writeFileSync(file, seen);
  }
  const known = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const missing = (from, to) => from.split('\n').filter((line) => !to.split('\n').includes(line));
  for (const line of missing(known, seen)) console.error(`${environment}: on record, and not seen: ${line.trim()}`);
  for (const line of missing(seen, known)) console.error(`${environment}: seen, and not on record: ${line.trim()}`);
  count(`${environment}: what was confirmed is what ${path.relative(ROOT, file)} says; 'npm run confirm' writes it`, seen === known);
}

for (const environment of environments) {
  const options = (suffix) => ['--directory', TAP_STACK, '--env', environment, '--suffix', suffix, '--port', `${port}`];
  const gone = 'the stack: is deleted with whatever its buckets hold, and leaves nothing behind';
  let requirements;
  if (environment === THE_QUICKEST) {
    count(`${environment}: a run can be killed half-way`, await killedHalfway(['up', ...options('e2e')]));
    [requirements] = await Promise.all([
      up(`${environment}: up ends well after a killed run`, 'e2e', options('e2e')),
      up(`${environment}: up ends well at the same time as another suffix (X-02)`, 'beside', options('beside')),
    ]);
    count(`${environment}: up a second time ends well`, await operator(['up', ...options('e2e')]) === 0);
    saw(requirements, environment, gone, ['C-07', 'X-04'], await operator(['down', ...options('e2e')]) === 0);
    const beside = 'the stack of another suffix: came up beside it at the same time, and works when it is gone';
    saw(requirements, environment, beside, ['X-02'], await operator(['verify', ...options('beside')]) === 0);
    count(`${environment}: down leaves nothing behind of that either`, await operator(['down', ...options('beside')]) === 0);
  } else {
    requirements = await up(`${environment}: up ends well`, 'e2e', options('e2e'));
    if (environment === THE_FULLEST) {
      count(`${environment}: what is tried out leaves no trace: a second verification passes`, await operator(['verify', ...options('e2e')]) === 0);
    }
    saw(requirements, environment, gone, ['C-07', 'X-04'], await operator(['down', ...options('e2e')]) === 0);
  }
  compareWithRecord(environment, requirements);
}
count('the local AWS was stopped', await operator(['local', 'status', '--port', `${port}`]) === 3);
// whatever happened above, nothing goes on running
await operator(['local', 'stop', '--port', `${port}`], { quiet: true });

const reports = path.join(TAP_STACK, 'test-reports');
fs.mkdirSync(reports, { recursive: true });
fs.writeFileSync(path.join(reports, 'environment.json'), `${JSON.stringify({ passed, failed })}\n`);
console.log(`environments: ${environments.length} brought up and taken down, ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
