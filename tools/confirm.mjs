/**
 * `npm run confirm`: brings every environment up, or those that are named, and writes down what was confirmed of their requirements, then
 * the pages that say so.
 */
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, ROOT, run, TAP_STACK } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();
const seen = await run('node', [path.join(ROOT, 'tools', 'environment-test.mjs'), '--write', ...process.argv.slice(2)], { cwd: TAP_STACK });
const written = await run('npx', ['tsx', 'src/main.ts'], { cwd: path.join(ROOT, 'verification', 'controls') });
process.exitCode = seen || written;
