import * as fs from 'node:fs';
import * as path from 'node:path';

/** The feature flags of the app: both sides are synthesized with the same. */
export function contextOfTheApp(): Record<string, unknown> {
  const settings = path.join(path.dirname(require.resolve('tap-stack/package.json')), 'cdk.json');
  return (JSON.parse(fs.readFileSync(settings, 'utf8')) as { context: Record<string, unknown> }).context;
}
