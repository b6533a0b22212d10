import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { RememberedProcess } from '../src/process';
import { temporaryFolder } from './_helpers/folders';

const MARK = 'the-program-we-know';

let file: string;
let remembered: RememberedProcess;
let started: ChildProcess[] = [];
beforeEach(() => {
  file = path.join(temporaryFolder(), 'instance.json');
  remembered = new RememberedProcess(file, MARK);
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  started = [];
});

/** Starts a program, and waits until it is there. */
async function start(name: string, code = 'setInterval(() => {}, 1000);'): Promise<ChildProcess & { pid: number }> {
  const child = spawn('node', ['-e', `${code} console.log('ready');`, name], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child as ChildProcess & { pid: number };
}

const ended = (child: ChildProcess) => new Promise((resolve) => {
  if (child.exitCode !== null || child.signalCode !== null) resolve(undefined);
  child.once('exit', resolve);
});

test('runs as long as the process does', async () => {
  const child = await start(MARK);
  remembered.remember(child.pid);
  expect(remembered.running).toBe(child.pid);
  child.kill();
  await ended(child);
  expect(remembered.running).toBeUndefined();
});

test.each([
  ['nothing', undefined], ['nothing but its name', ''], ['half of a record', '{"pid": 12'], ['no process', '{}'], ['something else', 'null'], ['text for a number', '{"pid": "x"}'],
])('does not run if the file holds %s', async (_, text) => {
  if (text !== undefined) fs.writeFileSync(file, text);
  expect(remembered.running).toBeUndefined();
  await remembered.end(0);
  expect(fs.existsSync(file)).toBe(false);
});

test('another program that got its number is not taken for it, and left alone', async () => {
  const other = await start('something-else');
  remembered.remember(other.pid);
  expect(remembered.running).toBeUndefined();
  await remembered.end(0);
  expect(other.exitCode ?? other.signalCode).toBeNull();
});

test('is asked to end, and forgotten', async () => {
  const child = await start(MARK);
  remembered.remember(child.pid);
  await remembered.end(5);
  await ended(child);
  expect(child.signalCode).toBe('SIGTERM');
  expect(fs.existsSync(file)).toBe(false);
});

test('is ended if it does not obey', async () => {
  const child = await start(MARK, 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);');
  remembered.remember(child.pid);
  await remembered.end(0.2);
  await ended(child);
  expect(child.signalCode).toBe('SIGKILL');
});
