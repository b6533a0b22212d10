/**
 * `npm run controls`: writes the pages that say which control and requirement is made where, and which test would notice.
 */
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, ROOT, run } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();
process.exitCode = await run('npx', ['tsx', 'src/main.ts'], { cwd: path.join(ROOT, 'verification', 'controls') });
