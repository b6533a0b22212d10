import { execFileSync } from 'node:child_process';
import { LocalAwsProblem } from './problem';

/** The oldest Python that ministack and our extension run on. */
export const OLDEST_PYTHON = { major: 3, minor: 11 };

/** A Python interpreter. */
export interface Python {
  readonly executable: string;
  readonly version: string;
}

/** Runs a program and returns what it prints, or undefined if there is no such program. */
export type Probe = (executable: string) => string | undefined;

const CANDIDATES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];

/**
 * The interpreter that `TAPSTACK_PYTHON` names, else the first on the path that is new enough.
 *
 * @throws LocalAwsProblem if there is none, with what was found instead
 */
export function findPython(environment: NodeJS.ProcessEnv = process.env, probe: Probe = askVersion): Python {
  const named = environment.TAPSTACK_PYTHON;
  const tooOld: string[] = [];
  for (const executable of named ? [named] : CANDIDATES) {
    const version = probe(executable);
    if (version === undefined) continue;
    if (isNewEnough(version)) return { executable, version };
    tooOld.push(`${executable} is ${version}`);
  }
  const oldest = `${OLDEST_PYTHON.major}.${OLDEST_PYTHON.minor}`;
  const found = tooOld.length > 0 ? tooOld.join(', ') : named ? `'${named}' does not run` : 'none on the path';
  throw new LocalAwsProblem(`the local AWS needs Python ${oldest} or newer, found: ${found}; install one, or name it in TAPSTACK_PYTHON`);
}

function isNewEnough(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST_PYTHON.major || (major === OLDEST_PYTHON.major && minor >= OLDEST_PYTHON.minor);
}

function askVersion(executable: string): string | undefined {
  try {
    return execFileSync(executable, ['-c', 'import platform; print(platform.python_version())'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
