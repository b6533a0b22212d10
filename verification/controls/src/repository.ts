import * as fs from 'node:fs';
import * as path from 'node:path';

export const REPOSITORY = path.resolve(__dirname, '../../..');

/** What installing and the tasks write, and the snapshots of integration tests. */
const WRITTEN = /^(\..*|node_modules|lib|assets|dist|coverage|test-reports|cdk\.out|__pycache__|.*\.snapshot)$/;

/** The files of the repository below some folders, in order. Git is not asked: a source archive is judged like a clone. */
export function filesBelow(...folders: string[]): string[] {
  return folders.flatMap(below).sort();
}

export function read(file: string): string {
  return fs.readFileSync(path.join(REPOSITORY, file), 'utf8');
}

/** What is in a file, if it is there. */
export function textOf(file: string): string | undefined {
  return fs.existsSync(path.join(REPOSITORY, file)) ? read(file) : undefined;
}

function below(folder: string): string[] {
  return fs.readdirSync(path.join(REPOSITORY, folder), { withFileTypes: true })
    .filter(({ name }) => !WRITTEN.test(name))
    .flatMap((entry) => (entry.isDirectory() ? below(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
}
