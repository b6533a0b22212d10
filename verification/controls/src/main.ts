import * as fs from 'node:fs';
import * as path from 'node:path';
import { pages } from './pages';
import { REPOSITORY, textOf } from './repository';

/** Writes the pages, or with `--check` compares them with what is there; fails in either case when something is claimed that nothing shows. */
function main(checking: boolean): void {
  const { files, problems } = pages();
  const stale = checking ? Object.entries(files).filter(([file, text]) => textOf(file) !== text).map(([file]) => (
    `${file} is not up to date: run 'npm run controls' and commit what it writes`)) : [];
  for (const problem of [...problems, ...stale]) console.error(problem);
  if (!checking) for (const [file, text] of Object.entries(files)) write(file, text);

  const failed = problems.length + stale.length;
  const passed = Object.keys(files).length - stale.length;
  fs.mkdirSync('test-reports', { recursive: true });
  fs.writeFileSync('test-reports/controls.json', `${JSON.stringify({ passed, failed })}\n`);
  console.log(`${Object.keys(files).length} pages: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function write(file: string, text: string): void {
  const there = path.join(REPOSITORY, file);
  fs.mkdirSync(path.dirname(there), { recursive: true });
  fs.writeFileSync(there, text);
}

main(process.argv.includes('--check'));
