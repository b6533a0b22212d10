import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import settings from 'tap-stack/cdk.json';
import { addStack } from 'tap-stack/lib/app';
import { ENVIRONMENT_NAMES } from 'tap-stack/lib/environments';
import { STAGE_NAMES } from 'tap-stack/lib/stage';

/** The feature flags of the app, and the construct paths that the CDK's command asks for. */
const CONTEXT = { ...settings.context, 'aws:cdk:enable-path-metadata': true };

export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly Metadata?: Record<string, unknown>;
}

export interface Template {
  readonly Resources: Record<string, Resource>;
}

/** One environment in one stage, as it would be deployed. */
export interface Subject {
  readonly environment: string;
  readonly stage: string;
  readonly template: Template;
}

/** Every environment in every stage, synthesized as the CDK's command does it. */
export function everySubject(outdir: string): Subject[] {
  return ENVIRONMENT_NAMES.flatMap((environment) => STAGE_NAMES.map((stage) => {
    const app = new App({ analyticsReporting: false, outdir: path.join(outdir, `${environment}.${stage}`), context: CONTEXT });
    const stack = addStack(app, { environment, stage, suffix: 'judged' });
    return { environment, stage, template: app.synth().getStackArtifact(stack.artifactId).template as Template };
  }));
}

/** The path of a resource's construct below its stack: `Server/Instance/Resource`. */
export function pathOf(template: Template, logicalId: string): string {
  const constructPath = template.Resources[logicalId]?.Metadata?.['aws:cdk:path'];
  return typeof constructPath === 'string' ? constructPath.split('/').slice(1).join('/') : logicalId;
}
