import { App } from 'aws-cdk-lib';
import { READ_BACK } from 'tap-stack/drills/read-back';
import { addStack, DEFAULT_SELECTION } from 'tap-stack/lib/app';
import { ENVIRONMENT_NAMES } from 'tap-stack/lib/environments';
import { catalogue } from './catalogue';
import { assertionsOf } from './collect/assertions';
import { claimsOfConstructs, claimsOfReadme } from './collect/claims';
import { namesOfPythonTests, namesOfTests } from './collect/names-of-tests';
import { Confirmed, neverSeen, unseen } from './confirmed';
import { CONTROLS } from './data/controls';
import { ENVIRONMENTS } from './data/environments';
import { COMMON } from './data/environments/environment';
import { TRAPS } from './data/traps';
import { Evidence } from './evidence';
import { parseCatalogue } from './frameworks';
import { PublicClasses } from './public-classes';
import { controlsPage } from './render/controls';
import { environmentPage, requirementsOf } from './render/environment';
import { trapsPage } from './render/traps';
import { filesBelow, read, textOf } from './repository';
import { TestsOf, testsOf } from './tests-of';
import { unnoticed } from './traps';
import { APP, find, Found } from './wiring';

/** Every page, by its file, and what is claimed and not shown. */
export interface Pages {
  readonly files: Record<string, string>;
  readonly problems: string[];
}

export function pages(): Pages {
  const tests = testsOfTheRepository();
  const frameworks = parseCatalogue(read('verification/controls/src/data/frameworks.csv'));
  const constructs = filesBelow('packages').filter((file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file)).flatMap((file) => claimsOfConstructs(file, read(file)));
  const rows = filesBelow('packages').filter((file) => /^packages\/[^/]+\/README\.md$/.test(file)).flatMap((file) => claimsOfReadme(file, read(file)));
  const { entries, problems } = catalogue(CONTROLS, constructs, rows, tests, frameworks);
  const environments = ENVIRONMENT_NAMES.map((name) => environment(name, tests));
  return {
    files: Object.assign(
      { 'docs/controls.md': controlsPage(entries, frameworks), 'docs/environments/traps.md': trapsPage(TRAPS, tests) }, ...environments.map((each) => each.files),
    ) as Record<string, string>,
    problems: [...problems, ...unnoticed(TRAPS, tests), ...environments.flatMap((each) => each.problems), ...nobodySaw()],
  };
}

/** The names of all tests of the repository, but of those of this workspace, which are about ids themselves. */
function testsOfTheRepository(): Evidence[] {
  const files = filesBelow('packages', 'apps', 'verification').filter((file) => !file.startsWith('verification/controls/'));
  return files.flatMap((file) => {
    if (/\/test\/[^/]+\.test\.ts$/.test(file)) return namesOfTests(file, read(file));
    return /\/tests\/test_\w+\.py$/.test(file) ? namesOfPythonTests(file, read(file)) : [];
  });
}

function environment(name: string, tests: Evidence[]): Pages {
  const data = ENVIRONMENTS[name];
  if (!data) return { files: {}, problems: [`the app has an environment '${name}', and src/data/environments has none of that name`] };

  const wired = { ...COMMON, ...data.wiring };
  const stack = addStack(new App({ analyticsReporting: false }), { ...DEFAULT_SELECTION, environment: name });
  const classes = new PublicClasses(['encrypted-storage', 'secure-network', 'audit-trail', 'monitored-compute'].map((each) => `@tapstack/${each}`));
  const ids = requirementsOf(data);
  const wiring: Record<string, Found[]> = Object.fromEntries(ids.map((id) => [id, (wired[id] ?? []).map((each) => find(each, stack, classes))]));
  const testedAs = [name, ...data.testedAs ?? []];
  const tested: Record<string, TestsOf> = Object.fromEntries(ids.map((id) => [id, testsOf(id, testedAs, ENVIRONMENT_NAMES, wiring[id], tests)]));
  const record = recordOf(name);
  return {
    files: { [`docs/environments/${name}.md`]: environmentPage({ name, data, wiring, tests: tested, asserted: assertedOf(name), record }) },
    problems: [
      ...ids.filter((id) => tested[id].own.length + tested[id].shared.length === 0).map((id) => `no test of ${name} carries ${id}, which it has to fulfil`),
      ...unseen(ids, record).map((id) => `nothing of ${id} was seen on ${name}, and nothing says why not: 'npm run confirm' looks again`),
      ...Object.keys(data.wiring).filter((id) => !ids.includes(id)).map((id) => `${name} says where ${id} is wired, and need not fulfil it`),
      ...Object.entries(wiring).flatMap(([id, found]) => found.flatMap(({ problem }) => (problem ? [`${name}, ${id}: ${problem}`] : []))),
    ],
  };
}

/** What the operator is said to read back, and what it read back nowhere: it says it in other words by now. */
function nobodySaw(): string[] {
  return neverSeen(READ_BACK, ENVIRONMENT_NAMES.map(recordOf)).map((says) => `${APP}/drills/read-back.ts: '${says}' was seen on no environment`);
}

/** What the integration test of an environment asserts. */
function assertedOf(name: string): Evidence[] {
  const file = `${APP}/test/integ.${name}.ts`;
  return assertionsOf(file, textOf(file) ?? '');
}

/** What was confirmed of an environment; nothing before it was brought up for the first time. */
function recordOf(name: string): Confirmed {
  const record = textOf(`docs/environments/confirmed/${name}.json`);
  return record ? JSON.parse(record) as Confirmed : { confirmed: {}, notVerifiable: {} };
}
