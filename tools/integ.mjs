/**
 * `npm run integ` compares the snapshots of every integration test. `npm run integ:local` deploys each of them to a local AWS of
 * its own, evaluates its assertions there, looks for what is left behind when they are gone, and stops it; a snapshot that changed is written.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import { runIntegTests, testsOf, workspacesWithTests } from './integ-runner.mjs';
import { accountOf, leftBehind } from './left-behind.mjs';
import { ensureInstalled, fail, freePort, nx, ROOT, run, step, TEST_HOME } from './lib.mjs';

const REGION = 'us-east-1';

if (process.argv.slice(2).some((argument) => argument !== '--local')) fail("integ: the only option is '--local'");
await ensureInstalled();
if (await step('compile', () => nx(['compile'], { quiet: true })) !== 0) fail('compiling failed, see above', 1);
const { passed, failed } = process.argv.includes('--local') ? await deployAll() : await compareAll();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function compareAll() {
  const results = [];
  for (const workspace of workspacesWithTests()) results.push(...await runIntegTests(workspace, 'integ'));
  console.log(`integ: ${results.length} snapshots compared`);
  return { passed: results.filter((result) => result.passed).length, failed: results.filter((result) => !result.passed).length };
}

async function deployAll() {
  const { clientEnvironment, Home, LocalAws } = createRequire(import.meta.url)(path.join(ROOT, 'apps', 'local-aws'));
  const home = new Home(TEST_HOME);
  const local = new LocalAws({ port: await freePort(), home });
  // an interrupt ends the programs that run; what they were run on is stopped below
  process.on('SIGINT', () => {});
  let counts;
  try {
    await step('local AWS', () => local.start(console.log));
    const env = { ...clientEnvironment(local), AWS_PROFILE: undefined, AWS_SESSION_TOKEN: undefined };
    const bootstrap = await step('bootstrap', () => run('npx', ['cdk', 'bootstrap', `aws://000000000000/${REGION}`], { env, quiet: true }));
    counts = bootstrap === 0 ? await deployEach(env, accountOf(local)) : { passed: 0, failed: 1 };
  } finally {
    await local.stop();
  }
  if (counts.failed > 0) console.log(`the log of the local AWS: ${path.relative(process.cwd(), local.log)}`);
  else fs.rmSync(home.instance(local.port), { recursive: true, force: true });
  return counts;
}

async function deployEach(env, account) {
  const counts = { tests: 0, passed: 0, failed: 0 };
  for (const workspace of workspacesWithTests()) {
    const name = path.relative(ROOT, workspace);
    const before = await account();
    const deploy = () => runIntegTests(workspace, 'integ:deploy', { args: ['--parallel-regions', REGION], env });
    const results = await step(name, () => keepingWhatIsUnchanged(workspace, deploy));
    for (const { test, verdict, assertions: { passed, failed } } of results) {
      counts.tests += 1;
      counts.passed += passed;
      // a test that was not deployed, or asserts nothing, proves nothing
      counts.failed += passed + failed > 0 ? failed : 1;
      console.log(`${test}: ${verdict}, ${passed} assertions passed, ${failed} failed`);
    }
    // the last assertion on all of them together: whatever they made is gone, buckets with more than 1,000 versions too
    const left = leftBehind(workspace, before, await account());
    counts.passed += left.length === 0 ? 1 : 0;
    counts.failed += left.length;
    console.log(`${name}: ${left.length} left behind`);
    for (const item of left) console.log(`failed: ${name} left ${item} behind`);
  }
  console.log(`integ: ${counts.tests} tests deployed to a local AWS`);
  return counts;
}

/** integ-runner writes the snapshot of whatever it deployed, with the time in it: one that differs in nothing else is put back. */
async function keepingWhatIsUnchanged(workspace, deploy) {
  const kept = fs.mkdtempSync(path.join(os.tmpdir(), 'integ-'));
  const snapshots = testsOf(workspace).map((test) => ({ now: path.join(workspace, 'test', `${test}.ts.snapshot`), before: path.join(kept, test) }));
  for (const { now, before } of snapshots) if (fs.existsSync(now)) fs.cpSync(now, before, { recursive: true });
  const results = await deploy();
  for (const { now, before } of snapshots) {
    if (!fs.existsSync(before) || templatesIn(now) !== templatesIn(before)) continue;
    fs.rmSync(now, { recursive: true });
    fs.cpSync(before, now, { recursive: true });
  }
  fs.rmSync(kept, { recursive: true });
  return results;
}

function templatesIn(snapshot) {
  const files = fs.readdirSync(snapshot).filter((file) => file.endsWith('.template.json')).sort();
  return files.map((file) => fs.readFileSync(path.join(snapshot, file), 'utf8').replaceAll(/"salt": "\d+"/g, '')).join();
}
