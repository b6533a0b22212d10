/** `npm run templates`: every environment in every stage, to `dist/templates/<environment>.<stage>.template.json`. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, ROOT, TAP_STACK } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();

const load = createRequire(path.join(TAP_STACK, 'package.json'));
const { App } = load('aws-cdk-lib');
const { addStack, DEFAULT_SELECTION } = load('./lib/app');
const { ENVIRONMENT_NAMES } = load('./lib/environments');
const { STAGE_NAMES } = load('./lib/stage');
const { context } = load('./cdk.json');

const directory = path.join(ROOT, 'dist', 'templates');
fs.rmSync(directory, { recursive: true, force: true });
fs.mkdirSync(directory, { recursive: true });

let bytes = 0;
for (const environment of ENVIRONMENT_NAMES) {
  for (const stage of STAGE_NAMES) {
    const app = new App({ analyticsReporting: false, context });
    const stack = addStack(app, { ...DEFAULT_SELECTION, environment, stage });
    const file = path.join(directory, `${environment}.${stage}.template.json`);
    fs.copyFileSync(app.synth().getStackArtifact(stack.artifactId).templateFullPath, file);
    bytes += fs.statSync(file).size;
  }
}
console.log(`templates: ${ENVIRONMENT_NAMES.length * STAGE_NAMES.length} written to ${path.relative(process.cwd(), directory)}, ${bytes} bytes`);
