import * as fs from 'node:fs';

/** The version of a library or tool that this repository develops with. */
export function versionOf(name: string): string {
  return (JSON.parse(fs.readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version: string }).version;
}
