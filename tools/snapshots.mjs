/** Compares the integration test snapshots of the workspace it is run in with what its constructs make now; run by Nx. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { runIntegTests, testsOf } from './integ-runner.mjs';

const workspace = process.cwd();
if (testsOf(workspace).length === 0) {
  console.log('snapshots: this workspace has no integration test');
} else {
  const results = await runIntegTests(workspace, 'integ');
  const passed = results.filter((result) => result.passed).length;
  const failed = results.length - passed;
  const reports = path.join(workspace, 'test-reports');
  fs.mkdirSync(reports, { recursive: true });
  fs.writeFileSync(path.join(reports, 'snapshots.json'), `${JSON.stringify({ passed, failed })}\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
