import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

export const REPOSITORY = path.resolve(__dirname, '../../..');

/** The files of the repository below some folders, in order, without snapshots and what tasks write. */
export function filesBelow(...folders: string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], { cwd: REPOSITORY, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return listed.split('\n').filter((file) => file && !file.includes('.snapshot/') && fs.existsSync(path.join(REPOSITORY, file))).sort();
}

export function read(file: string): string {
  return fs.readFileSync(path.join(REPOSITORY, file), 'utf8');
}
