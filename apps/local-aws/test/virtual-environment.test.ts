import * as fs from 'node:fs';
import * as path from 'node:path';
import { Home } from '../src/home';
import { LocalAwsProblem } from '../src/problem';
import { ensureVirtualEnvironment } from '../src/virtual-environment';
import { temporaryFolder } from './_helpers/folders';
import { callsOf, pretendPython } from './_helpers/pretended-python';

let folder: string;
let home: Home;
let requirements: string;
let reported: string[];
beforeEach(() => {
  folder = temporaryFolder();
  home = new Home(path.join(folder, 'home'));
  requirements = path.join(folder, 'requirements.txt');
  fs.writeFileSync(requirements, 'ministack==1.5.33\n');
  process.env.TAPSTACK_PYTHON = pretendPython(folder);
  reported = [];
});
afterEach(() => { delete process.env.TAPSTACK_PYTHON; });

const ensure = () => ensureVirtualEnvironment(home, requirements, (line) => reported.push(line));
const calls = (what: string) => fs.readFileSync(callsOf(folder), 'utf8').split('\n').filter((line) => line.startsWith(what)).length;
const environments = () => fs.readdirSync(home.directory);

test('is made once, and says so once', async () => {
  const interpreter = await ensure();
  expect(fs.existsSync(interpreter)).toBe(true);
  expect(await ensure()).toBe(interpreter);
  expect(calls('-m venv')).toBe(1);
  expect(reported).toEqual(['installing the packages for Python 3.12.1']);
});

test('installs nothing that is not pinned with a hash', async () => {
  await ensure();
  expect(fs.readFileSync(callsOf(folder), 'utf8')).toMatch(/-m pip install .*--require-hashes -r /);
});

test('is another one for other requirements, and for another Python', async () => {
  const first = await ensure();
  fs.appendFileSync(requirements, 'more==1.0\n');
  const second = await ensure();
  pretendPython(folder, { version: '3.13.0' });
  const third = await ensure();
  expect(new Set([first, second, third]).size).toBe(3);
});

test('one that was interrupted is made again', async () => {
  const interpreter = await ensure();
  fs.rmSync(path.join(path.dirname(interpreter), '..', 'complete'));
  fs.writeFileSync(interpreter, 'half of it');
  expect(await ensure()).toBe(interpreter);
  expect(fs.readFileSync(interpreter, 'utf8')).toContain('#!/bin/sh');
  expect(calls('-m venv')).toBe(2);
});

test('fails in one line, and leaves nothing half-made behind', async () => {
  pretendPython(folder, { pipFails: 'ERROR: no such host' });
  await expect(ensure()).rejects.toThrow(new LocalAwsProblem(
    `cannot install the Python packages of ${requirements}: ERROR: no such host; check that a Python package index can be reached`,
  ));
  expect(environments()).toEqual([]);
});
