import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { addStack, DEFAULT_SELECTION } from './app';
import { ENVIRONMENT_NAMES } from './environments';
import { STAGE_NAMES } from './stage';

/** Writes the template of every environment in every stage into a directory, as CloudFormation gets it. */
function writeTemplates(directory: string): void {
  fs.mkdirSync(directory, { recursive: true });
  const { context } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  for (const environment of ENVIRONMENT_NAMES) {
    for (const stage of STAGE_NAMES) {
      const app = new App({ analyticsReporting: false, context });
      const stack = addStack(app, { ...DEFAULT_SELECTION, environment, stage });
      const { templateFullPath } = app.synth().getStackArtifact(stack.artifactId);
      fs.copyFileSync(templateFullPath, path.join(directory, `${environment}.${stage}.template.json`));
    }
  }
}

writeTemplates(path.resolve(process.argv[2]));
