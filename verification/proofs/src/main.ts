import * as fs from 'node:fs';
import * as path from 'node:path';
import { Proof } from './check';
import { gallery } from './gallery';
import { proveAlarmFilters } from './patterns/alarm-filters';
import { eventRuler } from './patterns/event-ruler';
import { proveEventRules } from './patterns/event-rules';
import { metricFilters } from './patterns/metric-filters';
import { provePolicies } from './policies/prove-policies';
import { missingRequirements } from './requirements';
import { everySubject } from './subjects';

const WORKSPACE = path.resolve(__dirname, '..');
const REPOSITORY = path.resolve(WORKSPACE, '../..');

/** What Maven downloads and builds stays there for the next time. */
const CACHE = path.join(process.env.TAPSTACK_HOME ?? path.join(REPOSITORY, '.tapstack'), 'proofs');

async function main(): Promise<void> {
  const missing = await missingRequirements();
  if (missing) throw new Error(missing);

  const outdir = path.join(WORKSPACE, 'cdk.out');
  fs.rmSync(outdir, { recursive: true, force: true });
  const deployments = [...everySubject(outdir), gallery(path.join(outdir, 'gallery'))];
  conclude(deployments.length, [
    await proveEventRules(deployments, await eventRuler(CACHE)),
    await proveAlarmFilters(deployments, metricFilters('python3')),
    await provePolicies(deployments),
  ]);
}

function conclude(templates: number, proofs: Proof[]): void {
  const checks = proofs.flatMap((proof) => proof.checks);
  const failing = checks.filter(({ problems }) => problems.length > 0);
  for (const problem of failing.flatMap(({ problems }) => problems)) console.error(problem);

  const totals = { passed: checks.length - failing.length, failed: failing.length };
  fs.mkdirSync(path.join(WORKSPACE, 'test-reports'), { recursive: true });
  fs.writeFileSync(path.join(WORKSPACE, 'test-reports', 'proofs.json'), `${JSON.stringify(totals)}\n`);
  console.log(`${templates} templates, ${proofs.map(({ figures }) => figures).join(', ')}: ${totals.passed} passed, ${totals.failed} failed`);
  process.exitCode = failing.length > 0 ? 1 : 0;
}

void main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
