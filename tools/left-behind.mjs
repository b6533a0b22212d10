/** What integration tests leave in the emulated account, found as `tapstack down` finds it. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { testsOf } from './integ-runner.mjs';
import { OPERATOR } from './lib.mjs';

const require = createRequire(import.meta.url);

/**
 * Lambda makes a log group for a function that brings none, and keeps it: so it is with the functions of integ-tests, and with those that
 * constructs add by themselves. Environments complete the latter, which tests of their own see to.
 */
const KEPT_BY_LAMBDA = /^log group \/aws\/lambda\/[\w-]+(DeployAssert|-CustomS3AutoDeleteObjects|-AWS679f53fac002430cb0da5b7982bd2287)/;

/**
 * Lists what the account of a local AWS holds, but for what belongs to it and to no stack.
 *
 * @returns {() => Promise<readonly string[]>}
 */
export function accountOf(local) {
  const library = path.dirname(OPERATOR);
  const { LocalTarget } = require(path.join(library, 'target'));
  const { belongsToTheAccount, takeInventory } = require(path.join(library, 'inventory', 'inventory'));
  const { clients } = new LocalTarget(local);
  return async () => (await takeInventory(clients)).filter((item) => !belongsToTheAccount(item));
}

/** What came between two looks at the account and is still there, though no template of the workspace says that it stays. */
export function leftBehind(workspace, before, now) {
  const stays = retained(workspace);
  return now.filter((item) => !before.includes(item) && !KEPT_BY_LAMBDA.test(item) && !stays.some((name) => item.toLowerCase().includes(name)));
}

/** How the names begin that CloudFormation gave to what the templates of a workspace retain. */
function retained(workspace) {
  // a test that never went well has none
  const snapshots = testsOf(workspace).map((test) => path.join(workspace, 'test', `${test}.ts.snapshot`)).filter((snapshot) => fs.existsSync(snapshot));
  const templates = snapshots.flatMap((snapshot) => fs.readdirSync(snapshot).filter((file) => file.endsWith('.template.json')).map((file) => path.join(snapshot, file)));
  return templates.flatMap((file) => Object.entries(JSON.parse(fs.readFileSync(file, 'utf8')).Resources ?? {})
    .filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain'))
    .map(([logicalId]) => ` ${path.basename(file, '.template.json')}-${logicalId}-`.toLowerCase()));
}
