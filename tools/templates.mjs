/** `npm run templates`: what teams that deploy with CloudFormation alone get, to `dist/templates/<environment>.<stage>.template.json`. */
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, ROOT, run, TAP_STACK } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();
process.exitCode = await run('npx', ['tsx', 'release/main.ts', path.join(ROOT, 'dist', 'templates')], { cwd: TAP_STACK });
