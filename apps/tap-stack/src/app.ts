import { App, Stack } from 'aws-cdk-lib';
import { buildEnvironment } from './environments';
import { SUFFIX_MAX_LENGTH, SUFFIX_PATTERN } from './parameters';
import { stageNamed } from './stage';

/** Which stack to build: context of the app, never of its template (one template serves every suffix). */
export interface TapStackSelection {
  readonly environment: string;
  readonly stage: string;
  readonly suffix: string;
}

/** What is built when nobody says otherwise. */
export const DEFAULT_SELECTION: TapStackSelection = { environment: 'tap-stack', stage: 'ephemeral', suffix: 'dev' };

/** An app without a usage report and without metadata of the CDK, whichever of its tools asks for them: same input, same bytes. */
export function newApp(): App {
  return new App({ analyticsReporting: false, postCliContext: { 'aws:cdk:enable-path-metadata': false, 'aws:cdk:enable-asset-metadata': false } });
}

/** The name of the stack that serves a suffix. */
export function stackName(suffix: string): string {
  return `TapStack${suffix}`;
}

/**
 * Adds the selected stack to an app.
 *
 * @throws Error if there is no such environment or stage, or the suffix cannot stand in a name
 */
export function addStack(app: App, { environment, stage, suffix }: TapStackSelection): Stack {
  if (!new RegExp(SUFFIX_PATTERN).test(suffix) || suffix.length > SUFFIX_MAX_LENGTH) {
    throw new Error(`'suffix' must be 1 to ${SUFFIX_MAX_LENGTH} lower case letters, digits and inner hyphens, got '${suffix}'; pass one with --context suffix=<suffix>`);
  }
  return buildEnvironment(app, environment, 'TapStack', {
    stage: stageNamed(stage),
    stackName: stackName(suffix),
    // a template of more than 51,200 bytes has to go through a bucket: no byte of it is for the eye
    suppressTemplateIndentation: true,
  });
}

/** What the context of an app selects; the defaults where it says nothing. */
export function selectionOf(app: App): TapStackSelection {
  const chosen = (key: keyof TapStackSelection): string => app.node.tryGetContext(key) ?? DEFAULT_SELECTION[key];
  return { environment: chosen('environment'), stage: chosen('stage'), suffix: chosen('suffix') };
}
