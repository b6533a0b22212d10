import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';

const RECOMMENDED_FLAGS: Record<string, unknown> = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'));

/** The two ends of what a consumer's cdk.json can hold. */
export const FLAGS: [string, Record<string, unknown>][] = [
  ['without feature flags', {}],
  ['with every recommended feature flag', RECOMMENDED_FLAGS],
];

/** A stack in a known account and region, so that ARNs can be read. */
export const stackInFrankfurt = (flags: Record<string, unknown> = {}) =>
  new Stack(new App({ context: flags }), 'Stack', { env: { account: '111122223333', region: 'eu-central-1' } });
