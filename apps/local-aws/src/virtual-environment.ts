import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Home } from './home';
import { LocalAwsProblem } from './problem';
import { findPython } from './python';

const run = promisify(execFile);

/** Written last: an environment without it was interrupted and is made again. */
const COMPLETE = 'complete';

/**
 * A virtual environment that holds exactly what a requirements file pins, made once per file and Python.
 *
 * @returns the environment's interpreter
 */
export async function ensureVirtualEnvironment(home: Home, requirements: string, report: (line: string) => void): Promise<string> {
  const python = findPython();
  const directory = home.virtualEnvironment(fingerprint(requirements, python.version));
  const interpreter = path.join(directory, 'bin', 'python');
  if (fs.existsSync(path.join(directory, COMPLETE))) return interpreter;

  report(`installing the packages for Python ${python.version}`);
  // made beside and moved into place, so that two that start at once never see half of one
  const draft = `${directory}.${process.pid}`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(home.directory, { recursive: true });
  try {
    await run(python.executable, ['-m', 'venv', draft]);
    await run(path.join(draft, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--no-input', '--require-hashes', '-r', requirements]);
    fs.writeFileSync(path.join(draft, COMPLETE), '');
    moveIntoPlace(draft, directory);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw new LocalAwsProblem(`cannot install the Python packages of ${requirements}: ${lastLine(error)}; check that a Python package index can be reached`);
  }
  return interpreter;
}

/** Virtual environments are relocatable as long as programs are run as modules (`python -m …`), as we do. */
function moveIntoPlace(draft: string, directory: string): void {
  if (fs.existsSync(path.join(directory, COMPLETE))) {
    fs.rmSync(draft, { recursive: true, force: true });
    return;
  }
  fs.rmSync(directory, { recursive: true, force: true });
  fs.renameSync(draft, directory);
}

function fingerprint(requirements: string, pythonVersion: string): string {
  return createHash('sha256').update(pythonVersion).update(fs.readFileSync(requirements)).digest('hex').slice(0, 12);
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split('\n').at(-1) ?? message;
}
