import * as fs from 'node:fs';
import * as path from 'node:path';
import { writeTemplates } from './write-templates';

const directory = path.resolve(process.argv[2]);
const files = writeTemplates(directory);
const bytes = files.reduce((sum, file) => sum + fs.statSync(file).size, 0);
console.log(`templates: ${files.length} written to ${directory}, ${bytes} bytes`);
