/** What the integration tests of one workspace came to, read from what integ-runner prints: it writes no report of its own. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT, run } from './lib.mjs';

/** The folders of the workspaces that have integration tests. */
export function workspacesWithTests() {
  return ['packages', 'apps']
    .flatMap((group) => fs.readdirSync(path.join(ROOT, group)).map((name) => path.join(ROOT, group, name)))
    .filter((workspace) => testsOf(workspace).length > 0);
}

/** The integration tests of a workspace: `integ.<name>` for each file. */
export function testsOf(workspace) {
  const directory = path.join(workspace, 'test');
  if (!fs.existsSync(directory)) return [];
  return fs.readdirSync(directory).filter((file) => /^integ\..*\.ts$/.test(file)).map((file) => path.basename(file, '.ts'));
}

/**
 * Runs one of the tasks `integ` and `integ:deploy` of a workspace.
 *
 * A test passed if integ-runner says so in a line with its name, for the last thing it did to it; one that it does not mention failed.
 *
 * @returns {Promise<{ test: string, verdict: string, passed: boolean, assertions: { passed: number, failed: number } }[]>}
 */
export async function runIntegTests(workspace, task, { args = [], env = {}, quiet = false } = {}) {
  const heard = [];
  const code = await run('npx', ['projen', task, ...args], { cwd: workspace, env, heard, quiet });
  // colours come with Nx, whatever it is told
  const lines = stripVTControlCharacters(heard.join('')).split('\n');
  const results = testsOf(workspace).map((test) => {
    const said = lines.map((line, at) => ({ at, words: line.trim().split(/\s+/) })).filter(({ words: [, name = ''] }) => name === test || name.startsWith(`${test}-`));
    const { at, words: [verdict] } = said.at(-1) ?? { at: lines.length, words: ['MISSING'] };
    return { test, verdict, passed: ['UNCHANGED', 'SUCCESS'].includes(verdict), assertions: assertions(verdict, workspace, test, lines.slice(at + 1)) };
  });
  if (code !== 0 && results.every(({ passed }) => passed)) throw new Error(`${task} in ${path.relative(ROOT, workspace)} ended with exit code ${code}, see above`);
  return results;
}

/** integ-runner lists the assertions only if one failed; if none did, they are those of the template that it left. */
function assertions(verdict, workspace, test, following) {
  if (verdict === 'SUCCESS') return { passed: assertionsInSnapshot(workspace, test), failed: 0 };
  if (verdict !== 'ASSERT') return { passed: 0, failed: 0 };
  const next = following.findIndex((line) => /^\s*(Running test|SUCCESS|ASSERT|FAILED)\b/.test(line));
  const listed = following.slice(0, next < 0 ? following.length : next).filter((line) => /^\s*AssertionResults\w+( - success)?$/.test(line));
  const passed = listed.filter((line) => line.endsWith(' - success')).length;
  return { passed, failed: listed.length - passed };
}

function assertionsInSnapshot(workspace, test) {
  const snapshot = path.join(workspace, 'test', `${test}.ts.snapshot`);
  const templates = fs.readdirSync(snapshot).filter((file) => /DeployAssert\w+\.template\.json$/.test(file));
  return templates.flatMap((file) => Object.keys(JSON.parse(fs.readFileSync(path.join(snapshot, file), 'utf8')).Outputs ?? {}))
    .filter((output) => output.startsWith('AssertionResults')).length;
}
