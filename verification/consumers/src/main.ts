import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Artefact, packEverything } from './artefacts';
import { assess, resourcesIn, Tried } from './assess';
import { Consumer, copyProject, sourceOf, Supplies } from './consumer';
import { java } from './java';
import { python } from './python';
import { NpmRegistry } from './registry';
import { missingRequirements } from './requirements';
import { typescript } from './typescript';
import { versionOf } from './versions';

const WORKSPACE = path.resolve(__dirname, '..');
const REPOSITORY = path.resolve(WORKSPACE, '../..');

/** The first one's template is what the others must make too. */
const CONSUMERS = [typescript, python, java];

async function attempt(consumer: Consumer, directory: string, supplies: Supplies): Promise<Tried> {
  const begin = Date.now();
  const outcome = await consumer.consume(copyProject(consumer, directory), supplies).catch((error: Error) => error);
  console.log(`${consumer.language}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  return { consumer, source: sourceOf(consumer), outcome };
}

async function main(): Promise<void> {
  const missing = await missingRequirements();
  if (missing.length > 0) throw new Error(missing.join('\n'));

  console.log('packing every package for npm, Python and Java');
  const artefacts = await packEverything();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'consumers-'));
  const registry = await NpmRegistry.start(path.join(directory, 'registry'));
  try {
    for (const artefact of artefacts) await registry.publish(artefact);
    const cache = path.join(process.env.TAPSTACK_HOME ?? path.join(REPOSITORY, '.tapstack'), 'consumers');
    const supplies = { artefacts, registry, cdk: versionOf('aws-cdk-lib'), cache };
    const tried = await Promise.all(CONSUMERS.map((consumer) => attempt(consumer, directory, supplies)));
    conclude(artefacts, tried);
  } finally {
    await registry.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function conclude(artefacts: Artefact[], tried: Tried[]): void {
  const reference = tried[0].outcome instanceof Error ? undefined : tried[0].outcome.template;
  const checks = tried.flatMap((one) => assess(one, reference, artefacts));
  const failing = checks.filter(({ problems }) => problems.length > 0);
  for (const problem of failing.flatMap(({ problems }) => problems)) console.error(problem);

  const figures = {
    passed: checks.length - failing.length,
    failed: failing.length,
    packages: artefacts.length,
    languages: tried.length,
    resources: resourcesIn(reference),
  };
  fs.mkdirSync(path.join(WORKSPACE, 'test-reports'), { recursive: true });
  fs.writeFileSync(path.join(WORKSPACE, 'test-reports', 'consumers.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
  console.log(`${figures.packages} packages, ${figures.languages} languages, ${figures.resources} resources each: ${figures.passed} passed, ${figures.failed} failed`);
  process.exitCode = figures.failed > 0 ? 1 : 0;
}

void main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
