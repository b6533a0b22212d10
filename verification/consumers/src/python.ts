import * as fs from 'node:fs';
import * as path from 'node:path';
import { Consumer, Outcome, readTemplate, Supplies } from './consumer';
import { attempt, run } from './program';

/** Importing the CDK takes half a minute, and a third of it the second time, if what was compiled may be kept. */
const REMEMBER = { PYTHONDONTWRITEBYTECODE: '' };

export const python: Consumer = {
  language: 'python',
  program: 'app.py',
  refusal: /TypeError: type of argument superseded_versions_kept_for must be/,

  async consume(project: string, { artefacts, cdk }: Supplies): Promise<Outcome> {
    const outdir = path.join(project, 'cdk.out');
    const index = path.join(project, 'index');
    fs.mkdirSync(index);
    for (const { wheel } of artefacts) fs.copyFileSync(wheel, path.join(index, path.basename(wheel)));
    const wanted = artefacts.map(({ modules, version }) => `${modules.python.replace(/_/g, '-')}==${version}`);
    fs.writeFileSync(path.join(project, 'requirements.txt'), [...wanted, `aws-cdk-lib==${cdk}`, ''].join('\n'));

    await run('python3', ['-m', 'venv', 'venv'], { cwd: project });
    const interpreter = path.join(project, 'venv', 'bin', 'python');
    // what is imported is compiled when it is; all of it would take longer than everything else here
    await run(interpreter, ['-m', 'pip', 'install', '--quiet', '--no-input', '--no-compile', '--find-links', index, '-r', 'requirements.txt'], { cwd: project });
    await run(interpreter, ['app.py'], { cwd: project, env: { ...REMEMBER, CDK_OUTDIR: outdir } });
    return { template: readTemplate(outdir), wrong: await attempt(interpreter, ['wrong.py'], { cwd: project, env: REMEMBER }) };
  },
};
