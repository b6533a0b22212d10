import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The process that was started last, remembered in a file: whoever starts it may be killed, and it may outlive them. */
export class RememberedProcess {
  constructor(private readonly file: string, private readonly commandLineHolds: string) {}

  public remember(pid: number): void {
    fs.writeFileSync(this.file, JSON.stringify({ pid }));
  }

  public forget(): void {
    fs.rmSync(this.file, { force: true });
  }

  /** Its id, if it still runs; ids are reused, so its command line must be the one we know. */
  public get running(): number | undefined {
    const pid = this.recorded();
    return pid !== undefined && commandLineOf(pid).includes(this.commandLineHolds) ? pid : undefined;
  }

  /** Asks it to end, and ends it if it does not. */
  public async end(graceSeconds: number): Promise<void> {
    const pid = this.running;
    if (pid !== undefined) {
      process.kill(pid, 'SIGTERM');
      const deadline = Date.now() + graceSeconds * 1000;
      while (this.running !== undefined && Date.now() < deadline) await sleep(100);
      if (this.running !== undefined) process.kill(pid, 'SIGKILL');
    }
    this.forget();
  }

  private recorded(): number | undefined {
    if (!fs.existsSync(this.file)) return undefined;
    try {
      return (JSON.parse(fs.readFileSync(this.file, 'utf8')) as { pid: number }).pid;
    } catch {
      // whoever wrote it was killed half-way
      return undefined;
    }
  }
}

/** The command line of a process that runs (that of a zombie is empty), else nothing. */
function commandLineOf(pid: number): string {
  try {
    if (fs.existsSync('/proc/self/cmdline')) return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return execFileSync('ps', ['-o', 'args=', '-p', `${pid}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
