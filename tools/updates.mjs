/**
 * `npm run updates`: every environment is deployed to a local AWS as an earlier version would have built it, updated to the version at hand,
 * verified, and updated to a later one, with one more zone and other sizes. Before each update its change set must say that nothing with state is
 * replaced; after it the same buckets, keys, logs and databases must be there, with what was put into them. Names of environments narrow the run.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, fail, freePort, OPERATOR, ROOT, run, step, TAP_STACK, TEST_HOME } from './lib.mjs';

const SUFFIX = 'update';
const STACK = `TapStack${SUFFIX}`;

/** What builds each version, from its app on; `told` are parameters. */
const VERSIONS = {
  earlier: { app: 'npx tsx test/updates/earlier.ts', told: {} },
  today: { app: 'node lib/main.js', told: {} },
  later: { app: 'npx tsx test/updates/later.ts', told: { EC2InstanceType: 't3.small', AlertEmail: 'alerts@example.com' } },
};

// as in the operator: Node.js 20 is the oldest we support
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

await ensureInstalled();
await ensureCompiled();
const load = createRequire(path.join(ROOT, 'apps', 'operator', 'lib', 'index.js'));
const cloudFormation = load('@aws-sdk/client-cloudformation');
const { clientEnvironment, Home, LocalAws } = load('@tapstack/local-aws');
const { LocalTarget } = load('./target.js');
const { isStateful, statefulChanges } = load('./index.js');
const { stateOf } = await import('./updates-state.mjs');
const { ENVIRONMENT_NAMES } = load(path.join(TAP_STACK, 'lib', 'environments'));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !ENVIRONMENT_NAMES.includes(name));
if (unknown.length > 0) fail(`updates: there is no environment '${unknown[0]}'; there are ${ENVIRONMENT_NAMES.join(', ')}`);

const home = new Home(TEST_HOME);
const local = new LocalAws({ port: await freePort(), home });
let clients;
let passed = 0;
let failed = 0;

function count(what, ok) {
  if (ok) passed += 1;
  else failed += 1;
  if (!ok) console.error(`failed: ${what}`);
}

function environmentOfClients() {
  return { ...clientEnvironment(local), AWS_PROFILE: undefined, AWS_SESSION_TOKEN: undefined };
}

/** `cdk deploy`, or only its change set. */
async function cdk(version, environment, more = [], parameter = {}) {
  const { app, told } = VERSIONS[version];
  const parameters = Object.entries({ EnvironmentSuffix: SUFFIX, ...told, ...parameter }).map(([name, value]) => `${name}=${value}`);
  const code = await run('npx', [
    'cdk', 'deploy', '--app', app, '--output', path.join('cdk.out', `${STACK}-${version}`), '--require-approval', 'never', '--no-notices', '--progress', 'events',
    '-c', `environment=${environment}`, '-c', `suffix=${SUFFIX}`, '--parameters', ...parameters.flatMap((one, i) => (i === 0 ? [one] : ['--parameters', one])), ...more,
  ], { cwd: TAP_STACK, quiet: true, env: environmentOfClients() });
  if (code !== 0) throw new Error(`cdk deploy of ${environment}, ${version}, ended with exit code ${code}`);
}

/** The resources of the stack by logical id. */
async function resources() {
  const found = new Map();
  const pages = cloudFormation.paginateListStackResources({ client: clients.cloudFormation }, { StackName: STACK });
  for await (const { StackResourceSummaries } of pages) {
    for (const one of StackResourceSummaries) found.set(one.LogicalResourceId, { id: one.PhysicalResourceId, type: one.ResourceType });
  }
  return found;
}

/** Every change of a change set. */
async function changesOf(ChangeSetName) {
  const changes = [];
  let NextToken;
  do {
    const page = await clients.cloudFormation.send(new cloudFormation.DescribeChangeSetCommand({ StackName: STACK, ChangeSetName, NextToken }));
    changes.push(...page.Changes);
    ({ NextToken } = page);
  } while (NextToken);
  return changes;
}

async function execute(ChangeSetName) {
  await clients.cloudFormation.send(new cloudFormation.ExecuteChangeSetCommand({ StackName: STACK, ChangeSetName }));
  const { state, reason } = await cloudFormation.waitUntilStackUpdateComplete(
    { client: clients.cloudFormation, maxWaitTime: 300, minDelay: 1, maxDelay: 1 }, { StackName: STACK },
  ).catch((error) => ({ state: 'FAILURE', reason: error.message }));
  if (state !== 'SUCCESS') throw new Error(`the update ended ${state}: ${reason}`);
}

/** What a change set would replace, were it executed; it is not. */
async function prepared(version, environment, parameter) {
  await cdk(version, environment, ['--method', 'prepare-change-set', '--change-set-name', version], parameter);
  const changes = await changesOf(version);
  return { changes, replaced: statefulChanges(changes) };
}

/** Updates the stack to a version; what it has to leave alone is compared. */
async function update(environment, version) {
  const title = `${environment} to ${version}`;
  const before = await resources();
  const stateful = new Map([...before].filter(([, { type }]) => isStateful(type)));
  const state = await stateOf(clients, stateful, `before-${version}`);

  const { changes, replaced } = await prepared(version, environment);
  count(`${title}: the change set leaves what has state alone, got ${JSON.stringify(replaced)}`, replaced.length === 0);
  await execute(version);

  const after = await resources();
  const stays = changes.map((change) => change.ResourceChange).filter(({ Action, Replacement }) => Action === 'Modify' && Replacement === 'False');
  for (const { LogicalResourceId: id } of stays) count(`${title}: ${id} stays as the change set said`, after.get(id)?.id === before.get(id).id);
  for (const [id, one] of stateful) count(`${title}: ${id} is the same`, after.get(id)?.id === one.id);
  for (const [what, same] of await state.compare()) count(`${title}: ${what}`, same);
  const of = (action) => changes.filter((change) => change.ResourceChange.Action === action).length;
  console.log(`  ${title}: ${of('Add')} added, ${of('Modify')} changed, ${of('Remove')} removed, ${stateful.size} with state kept`);
}

async function updates(environment) {
  await local.start(console.log);
  ({ clients } = new LocalTarget(local));
  await step('bootstrap', () => run('npx', ['cdk', 'bootstrap', 'aws://000000000000/us-east-1'], { quiet: true, env: environmentOfClients() }));
  await cdk('earlier', environment);
  await update(environment, 'today');
  const operator = (command) => run('node', [
    OPERATOR, command, '--directory', TAP_STACK, '--env', environment, '--suffix', SUFFIX, '--port', `${local.port}`,
  ], { quiet: true, env: { TAPSTACK_HOME: TEST_HOME } });
  count(`${environment}: verified after its update`, await operator('verify') === 0);
  await update(environment, 'later');
  // the suffix stands in names: whoever says nothing of this update would say nothing of any
  const { replaced } = await prepared('later', environment, { EnvironmentSuffix: 'renamed' });
  count(`${environment}: an update that replaces what has state is seen`, replaced.some(({ fate }) => fate === 'replaced'));
  count(`${environment}: it goes after its updates`, await operator('down') === 0);
}

// an interrupt ends the programs that run; what they were run on is stopped below
process.on('SIGINT', () => {});
try {
  for (const environment of wanted.length > 0 ? wanted : ENVIRONMENT_NAMES) {
    await step(environment, () => updates(environment)).catch((error) => count(`${environment}: ${error.message}`, false));
    // the next one begins in an empty account, whatever became of this one
    await local.stop();
  }
} finally {
  await local.stop();
}
if (failed > 0) console.log(`the log of the local AWS: ${path.relative(process.cwd(), local.log)}`);
else fs.rmSync(home.instance(local.port), { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
