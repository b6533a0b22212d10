/**
 * Checks the public API of the package in the current directory: one line per finding, exit code 1 if there is one.
 */
import * as fs from 'node:fs';
import { readAssembly, report, typesOf } from './api-assembly';
import { findingsIn } from './api-rules';

const directory = process.cwd();
const assembly = readAssembly(directory);
const findings = findingsIn(assembly);
for (const { subject, problem } of findings) console.error(`${subject} ${problem}`);

const types = typesOf(assembly).length;
const failed = new Set(findings.map(({ type }) => type)).size;
fs.rmSync('test-reports/api.json', { force: true });
report(directory, 'docs', types - failed, failed);
console.log(`${assembly.name}: ${types} public types, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
