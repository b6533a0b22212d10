/**
 * What the commands at the root share. Nothing is imported that `npm ci` would have to install first.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Where tests keep their local AWSes and virtual environments: a fresh clone has to install its own. */
export const TEST_HOME = path.join(ROOT, '.tapstack');

export const OPERATOR = path.join(ROOT, 'apps', 'operator', 'lib', 'main.js');
export const TAP_STACK = path.join(ROOT, 'apps', 'tap-stack');

const OLDEST_NODE = [20, 0];

/** One line and an exit code: for what the person at the command line can mend. */
export function fail(message, exitCode = 2) {
  console.error(message);
  process.exit(exitCode);
}

/**
 * Runs a program and resolves with its exit code.
 *
 * @param {{ quiet?: boolean, heard?: string[], cwd?: string, env?: Record<string, string> }} options
 *   quiet: what it prints is shown only if it fails; heard: what it prints is put here too
 */
export function run(program, args, { quiet = false, heard, cwd = ROOT, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, NX_TUI: 'false', ...env },
      stdio: quiet || heard ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    const printed = [];
    const listen = (from, to) => from?.on('data', (part) => {
      printed.push(part);
      heard?.push(`${part}`);
      if (!quiet) to.write(part);
    });
    listen(child.stdout, process.stdout);
    listen(child.stderr, process.stderr);
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('close', (code) => {
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(printed));
      resolve(code ?? 1);
    });
  });
}

/** Says what begins, and how long it took. */
export async function step(title, action) {
  const begin = Date.now();
  console.log(`› ${title}`);
  const result = await action();
  console.log(`  ${title}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  return result;
}

/** Installs exactly what the lockfile says, unless that is what is there. */
export async function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    fail(`Node.js ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}; install a newer one`);
  }
  const mark = path.join(ROOT, 'node_modules', '.installed');
  const wanted = createHash('sha256').update(fs.readFileSync(path.join(ROOT, 'package-lock.json'))).digest('hex');
  if (fs.existsSync(mark) && fs.readFileSync(mark, 'utf8') === wanted) return;
  const code = await step('npm ci', () => run('npm', ['ci', '--no-audit', '--no-fund'], { quiet: true }));
  if (code !== 0) fail('npm ci failed, see above; check that the npm registry can be reached', code);
  fs.writeFileSync(mark, wanted);
}

/** Runs Nx targets over workspaces; what has not changed comes from its cache. */
export function nx(targets, { projects = [], ...options } = {}) {
  const selection = projects.length > 0 ? ['-p', projects.join(',')] : [];
  return run('npx', ['nx', 'run-many', '-t', ...targets, ...selection, '--output-style=stream'], options);
}

/** Compiles what the operator and the environments need. */
export async function ensureCompiled() {
  const code = await step('compile', () => nx(['compile'], { projects: ['tap-stack'], quiet: true }));
  if (code !== 0) fail('compiling failed, see above', code);
}

/** A command of the operator on our app. */
export function operator(args) {
  return run('node', [OPERATOR, ...args]);
}

/** A port that is free together with the one after it, as a local AWS needs them. */
export async function freePort() {
  for (;;) {
    const port = await listenOnce(0);
    if (port < 65535 && await listenOnce(port + 1).catch(() => undefined)) return port;
  }
}

function listenOnce(port) {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const found = server.address().port;
      server.close(() => resolve(found));
    });
  });
}
