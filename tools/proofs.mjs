/**
 * `npm run proofs`: the patterns and policies of every environment, executed on what happens in an account.
 */
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, ROOT, run } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();
process.exitCode = await run('npx', ['tsx', 'src/main.ts'], { cwd: path.join(ROOT, 'verification', 'proofs') });
