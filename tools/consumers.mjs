/**
 * `npm run consumers`: fresh TypeScript, Python and Java projects install the packed packages and synthesize them.
 */
import * as path from 'node:path';
import { ensureInstalled, ROOT, run } from './lib.mjs';

await ensureInstalled();
process.exitCode = await run('npx', ['tsx', 'src/main.ts'], { cwd: path.join(ROOT, 'verification', 'consumers') });
