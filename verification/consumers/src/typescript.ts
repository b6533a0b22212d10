import * as fs from 'node:fs';
import * as path from 'node:path';
import { Consumer, Outcome, readTemplate, Supplies } from './consumer';
import { attempt, run } from './program';
import { versionOf } from './versions';

export const typescript: Consumer = {
  language: 'typescript',
  program: 'app.ts',
  refusal: /wrong\.ts.*Type 'number' is not assignable to type 'Duration'/,

  async consume(project: string, supplies: Supplies): Promise<Outcome> {
    const outdir = path.join(project, 'cdk.out');
    fs.writeFileSync(path.join(project, 'package.json'), JSON.stringify(manifest(supplies), undefined, 2));
    fs.writeFileSync(path.join(project, '.npmrc'), supplies.registry.npmrc);
    await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: project });
    await run('npx', ['tsc'], { cwd: project });
    await run('node', ['app.js'], { cwd: project, env: { CDK_OUTDIR: outdir } });
    const wrong = await attempt('npx', ['tsc', '-p', 'tsconfig.wrong.json'], { cwd: project });
    return { template: readTemplate(outdir), wrong };
  },
};

function manifest({ artefacts, cdk }: Supplies): object {
  const ours = Object.fromEntries(artefacts.map(({ name, version }) => [name, version]));
  return {
    name: 'consumer',
    private: true,
    dependencies: { ...ours, 'aws-cdk-lib': cdk, 'constructs': versionOf('constructs') },
    devDependencies: { 'typescript': versionOf('typescript'), '@types/node': versionOf('@types/node') },
  };
}
