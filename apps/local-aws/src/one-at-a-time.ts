import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MILLISECONDS = 100;

/**
 * Runs something while no other process runs what has the same lock; the others wait for their turn. One that was killed in
 * the middle holds nobody up.
 *
 * @param lock a file that is there as long as somebody is at it; its directory must exist
 */
export async function oneAtATime<T>(lock: string, action: () => Promise<T>): Promise<T> {
  while (!taken(lock)) await sleep(POLL_MILLISECONDS);
  try {
    return await action();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/** Written before it is there for all to see, so that nobody reads half of it. */
function taken(lock: string): boolean {
  const draft = `${lock}.${process.pid}`;
  fs.writeFileSync(draft, `${process.pid}`);
  try {
    fs.linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!isAtIt(lock)) fs.rmSync(lock, { force: true });
    return false;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function isAtIt(lock: string): boolean {
  try {
    process.kill(Number(fs.readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    // it belongs to somebody else, and runs
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
