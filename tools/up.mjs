/** `npm run up`: the main job. Arguments go to `tapstack up`. */
import { ensureCompiled, ensureInstalled, operator, TAP_STACK } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();
process.exitCode = await operator(['up', '--directory', TAP_STACK, ...process.argv.slice(2)]);
