import * as fs from 'node:fs';
import * as path from 'node:path';

/** What the pretended interpreter does where the real one takes seconds or needs the network. */
export interface PretendedPython {
  /** What it says of itself. */
  readonly version?: string;
  /** What `pip install` prints before it fails; it succeeds if there is nothing to print. */
  readonly pipFails?: string;
  /** What the server prints before it ends with exit code 7. */
  readonly serverSays?: string;
}

/** Writes an interpreter that is a shell script, and returns its path; `calls` beside it has one line per call. */
export function pretendPython(folder: string, { version = '3.12.1', pipFails, serverSays = '' }: PretendedPython = {}): string {
  const script = path.join(folder, 'python');
  const calls = callsOf(folder);
  fs.writeFileSync(script, `#!/bin/sh
echo "$*" >>'${calls}'
case "$1 $2" in
  "-c "*) echo '${version}' ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip") ${pipFails ? `echo '${pipFails}' >&2; exit 1` : ':'} ;;
  "-m tapstack_local_aws") echo '${serverSays}'; exit 7 ;;
esac
`, { mode: 0o755 });
  return script;
}

export function callsOf(folder: string): string {
  return path.join(folder, 'calls');
}
