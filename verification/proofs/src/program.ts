import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** What it reads from its standard input. */
  readonly input?: string;
}

/** Runs a program to its end, whatever that is. */
export function attempt(program: string, args: string[], { cwd, input = '' }: ProgramOptions = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const [stdout, stderr]: Buffer[][] = [[], []];
    child.stdout.on('data', (part: Buffer) => stdout.push(part));
    child.stderr.on('data', (part: Buffer) => stderr.push(part));
    child.stdin.on('error', () => undefined); // it ended without reading everything: its exit code says so
    child.on('error', (error) => resolve({ code: 127, stdout: '', stderr: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') }));
    child.stdin.end(input);
  });
}

/** Runs a program that has to succeed; returns what it printed. */
export async function run(program: string, args: string[], options?: ProgramOptions): Promise<string> {
  const { code, stdout, stderr } = await attempt(program, args, options);
  if (code !== 0) throw new Error(`'${program} ${args[0]} …' must succeed, got exit code ${code}:\n${(stdout + stderr).trim().split('\n').slice(-20).join('\n').slice(-4000)}`);
  return stdout;
}
