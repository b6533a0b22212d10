/**
 * `npm run judges`: scanners that we did not write, over every environment in every stage.
 */
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, ROOT, run } from './lib.mjs';

const WORKSPACE = path.join(ROOT, 'verification', 'judges');

await ensureInstalled();
await ensureCompiled();
process.exitCode = await run('npx', ['tsx', 'src/main.ts'], { cwd: WORKSPACE });
