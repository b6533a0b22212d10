import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import settings from 'tap-stack/cdk.json';
import { addStack } from 'tap-stack/lib/app';
import { ENVIRONMENT_NAMES } from 'tap-stack/lib/environments';
import { STAGE_NAMES } from 'tap-stack/lib/stage';
import { Deployment, Template } from './deployment';

/** The feature flags of the app, and the construct paths that the CDK's command asks for. */
const CONTEXT = { ...settings.context, 'aws:cdk:enable-path-metadata': true };

/** Every environment in every stage, synthesized as the CDK's command does it, with a value for every reference. */
export function everySubject(outdir: string): Deployment[] {
  return ENVIRONMENT_NAMES.flatMap((environment) => STAGE_NAMES.map((stage) => {
    const name = `${environment}.${stage}`;
    const app = new App({ analyticsReporting: false, outdir: path.join(outdir, name), context: CONTEXT });
    const stack = addStack(app, { environment, stage, suffix: 'proved' });
    return new Deployment(name, app.synth().getStackArtifact(stack.artifactId).template as Template);
  }));
}
