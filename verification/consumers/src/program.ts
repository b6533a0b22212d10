import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number;
  /** What it printed, on both streams in the order it came. */
  readonly said: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Record<string, string>;
}

/** The runtime of jsii keeps what it unpacks for every program of the user: a run that was killed leaves half of a package to all others. */
const FRESH = { JSII_RUNTIME_PACKAGE_CACHE: 'disabled' };

/** Runs a program to its end, whatever that is. */
export function attempt(program: string, args: string[], { cwd, env = {} }: ProgramOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...FRESH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => said.push(part));
    child.stderr.on('data', (part: Buffer) => said.push(part));
    child.on('error', (error) => resolve({ code: 127, said: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, said: Buffer.concat(said).toString('utf8') }));
  });
}

/** Runs a program that has to succeed. */
export async function run(program: string, args: string[], options: ProgramOptions): Promise<string> {
  const { code, said } = await attempt(program, args, options);
  if (code !== 0) throw new Error(`'${[program, ...args].join(' ')}' must succeed, got exit code ${code}:\n${said.trim().split('\n').slice(-30).join('\n')}`);
  return said;
}
