/** `npm run down`: takes down what `npm run up` brought up. Arguments go to `tapstack down`. */
import { ensureCompiled, ensureInstalled, operator, TAP_STACK } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();
process.exitCode = await operator(['down', '--directory', TAP_STACK, ...process.argv.slice(2)]);
