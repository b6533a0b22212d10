/** `npm run templates`: every environment in every stage, to `dist/templates/<environment>.<stage>.template.json`. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ensureCompiled, ensureInstalled, fail, ROOT, run } from './lib.mjs';

await ensureInstalled();
await ensureCompiled();
const directory = path.join(ROOT, 'dist', 'templates');
fs.rmSync(directory, { recursive: true, force: true });
if (await run('node', [path.join(ROOT, 'apps', 'tap-stack', 'lib', 'templates.js'), directory]) !== 0) fail('synthesis failed, see above', 1);
const files = fs.readdirSync(directory);
const bytes = files.reduce((sum, file) => sum + fs.statSync(path.join(directory, file)).size, 0);
console.log(`templates: ${files.length} written to ${path.relative(process.cwd(), directory) || '.'}, ${bytes} bytes`);
