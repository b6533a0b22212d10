import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { context } from '../cdk.json';
import { addStack, DEFAULT_SELECTION } from '../src/app';
import { CodeFiles } from './inline-code';
import { plainTemplate, Template } from './plain-template';

/** The text of the plain template of an environment in a stage, without a byte for the eye. */
export function plainTemplateOf(environment: string, stage: string): string {
  const app = new App({ analyticsReporting: false, context });
  const { artifactId } = addStack(app, { ...DEFAULT_SELECTION, environment, stage });
  const assembly = app.synth();
  const { template } = assembly.getStackArtifact(artifactId) as { template: Template };
  return JSON.stringify(plainTemplate(template, (asset) => filesIn(path.join(assembly.directory, `asset.${asset}`))));
}

function filesIn(directory: string): CodeFiles {
  return Object.fromEntries(fs.readdirSync(directory).map((name) => [name, fs.readFileSync(path.join(directory, name), 'utf8')]));
}
