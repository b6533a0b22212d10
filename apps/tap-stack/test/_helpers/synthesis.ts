import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { addStack, DEFAULT_SELECTION, TapStackSelection } from '../../src/app';
import { ReadTemplate } from './read-template';

/** The feature flags the app is built with: another set makes another template. */
export const { context: CONTEXT } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };

/** One environment in one stage, as CloudFormation gets it. */
export interface Synthesis {
  readonly stack: Stack;
  /** Where the template is. */
  readonly file: string;
  /** The bytes of the template. */
  readonly text: string;
  readonly template: ReadTemplate;
  /** What CloudFormation is told to tag everything with. */
  readonly stackTags: Readonly<Record<string, string>>;
}

/** Synthesizes the default selection, except for what is said otherwise. */
export function synthesize(selection: Partial<TapStackSelection> = {}): Synthesis {
  const app = new App({ analyticsReporting: false, context: CONTEXT });
  const stack = addStack(app, { ...DEFAULT_SELECTION, ...selection });
  const { templateFullPath: file, tags: stackTags } = app.synth().getStackArtifact(stack.artifactId);
  const text = fs.readFileSync(file, 'utf8');
  return { stack, file, text, template: new ReadTemplate(text), stackTags };
}
