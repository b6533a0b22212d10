/**
 * `npm run bench`: what our constructs cost over the same resources written by hand.
 */
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, ROOT, run } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();
process.exitCode = await run('npx', ['tsx', 'src/main.ts'], { cwd: path.join(ROOT, 'verification', 'benchmarks') });
