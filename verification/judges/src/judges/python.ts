import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Examination, Judge } from '../judge';

const run = promisify(execFile);

const SCRIPTS = path.resolve(__dirname, '../../python');

/** What both need installed: exactly this. */
export const REQUIREMENTS = path.join(SCRIPTS, 'requirements.txt');

/** The judges that are written in Python, over the interpreter of the environment they are installed in. */
export function pythonJudges(interpreter: string, home: string): Judge[] {
  const examine = (script: string) => async (files: string[]): Promise<Map<string, Examination>> => {
    // a home of their own: both read configuration from the user's and from where they run
    const environment = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' };
    const { stdout } = await run(interpreter, [path.join(SCRIPTS, script), ...files], { cwd: home, env: environment, maxBuffer: 64 * 1024 * 1024 });
    return new Map(Object.entries(JSON.parse(stdout) as Record<string, Examination>));
  };
  return [
    { name: 'cfn-lint', floor: 300, canary: ['E3002', 'E3012', 'W3005'], examine: examine('cfn_lint_judge.py') },
    { name: 'checkov', floor: 35, canary: ['CKV_AWS_18', 'CKV_AWS_24', 'CKV_AWS_53', 'CKV_AWS_110'], examine: examine('checkov_judge.py') },
  ];
}
