import * as fs from 'node:fs';
import * as path from 'node:path';
import { ensureVirtualEnvironment, Home } from '@tapstack/local-aws';
import { acknowledge } from './acknowledge';
import { Check, Heard, judgeItself, judgeJustification, judgeList, judgeSubject, rulesLookedAt } from './assess';
import { Examination, Judge } from './judge';
import { cdkNag } from './judges/cdk-nag';
import { pythonJudges, REQUIREMENTS } from './judges/python';
import { JUSTIFICATIONS } from './justifications';
import { everySubject, Subject, Template } from './templates';

const WORKSPACE = path.resolve(__dirname, '..');
const REPOSITORY = path.resolve(WORKSPACE, '../..');

/** What the judges see, left there to be looked at: `<environment>.<stage>.json` and its acknowledged copy. */
const SEEN = path.join(WORKSPACE, 'cdk.out');

interface Exhibit {
  readonly subject: Subject;
  readonly asIs: string;
  readonly acknowledged: string;
}

function exhibit(subject: Subject): Exhibit {
  const name = `${subject.environment}.${subject.stage}`;
  const known = JUSTIFICATIONS.filter(({ environment }) => environment === subject.environment);
  const write = (file: string, template: Template): string => {
    fs.writeFileSync(path.join(SEEN, file), JSON.stringify(template, undefined, 1));
    return path.join(SEEN, file);
  };
  return { subject, asIs: write(`${name}.json`, subject.template), acknowledged: write(`${name}.acknowledged.json`, acknowledge(subject.template, known)) };
}

/** The canary comes along with every template: it proves this very run. */
async function hear(judge: Judge, exhibits: Exhibit[]): Promise<{ checks: Check[]; heard: Heard[] }> {
  const canary = path.join(WORKSPACE, 'canaries', `${judge.name}.template.json`);
  const said = await judge.examine([canary, ...exhibits.flatMap(({ asIs, acknowledged }) => [asIs, acknowledged])]);
  const of = (file: string): Examination => said.get(file) ?? missing(judge, file);
  const heard = exhibits.map(({ subject, asIs, acknowledged }) => ({ subject, asIs: of(asIs), acknowledged: of(acknowledged) }));
  return {
    heard,
    checks: [
      ...judgeItself(judge, of(canary), heard),
      ...heard.map((each) => judgeSubject(judge.name, each, JUSTIFICATIONS)),
      ...JUSTIFICATIONS.filter(({ judge: name }) => name === judge.name).map((justification) => judgeJustification(justification, heard)),
    ],
  };
}

function missing(judge: Judge, file: string): never {
  throw new Error(`${judge.name} must say something of every template, got nothing of '${path.basename(file)}'`);
}

async function main(): Promise<void> {
  fs.rmSync(SEEN, { recursive: true, force: true });
  fs.mkdirSync(SEEN, { recursive: true });
  const home = process.env.TAPSTACK_HOME ? Home.fromEnvironment() : new Home(path.join(REPOSITORY, '.tapstack'));
  const python = await ensureVirtualEnvironment(home, REQUIREMENTS, () => console.log('installing cfn-lint and Checkov, once'));
  const exhibits = everySubject(SEEN).map(exhibit);

  // the two that are processes of their own first: they run while the third keeps this one busy
  const judges = [...pythonJudges(python, SEEN), cdkNag];
  const verdicts = await Promise.all(judges.map((judge) => hear(judge, exhibits)));
  conclude(exhibits.length, judges.map((judge, index) => ({ judge, ...verdicts[index] })));
}

function conclude(templates: number, verdicts: { judge: Judge; checks: Check[]; heard: Heard[] }[]): void {
  for (const { judge, heard } of verdicts) {
    console.log(`${judge.name}: ${rulesLookedAt(heard).size} rules looked at something, ${findingsIn(heard)} findings`);
  }
  const checks = [...verdicts.flatMap((verdict) => verdict.checks), judgeList(JUSTIFICATIONS)];
  const failing = checks.filter(({ problems }) => problems.length > 0);
  for (const problem of failing.flatMap(({ problems }) => problems)) console.error(problem);

  const figures = {
    passed: checks.length - failing.length,
    failed: failing.length,
    judges: verdicts.length,
    rules: verdicts.reduce((sum, { heard }) => sum + rulesLookedAt(heard).size, 0),
    templates,
    findings: verdicts.reduce((sum, { heard }) => sum + findingsIn(heard), 0),
    justifications: JUSTIFICATIONS.length,
  };
  fs.mkdirSync(path.join(WORKSPACE, 'test-reports'), { recursive: true });
  fs.writeFileSync(path.join(WORKSPACE, 'test-reports', 'judges.json'), `${JSON.stringify(figures, undefined, 2)}\n`);
  console.log(`${figures.judges} judges, ${figures.rules} rules evaluated, ${templates} templates, ${figures.findings} findings, `
    + `${figures.justifications} justifications: ${figures.passed} passed, ${figures.failed} failed`);
  process.exitCode = figures.failed > 0 ? 1 : 0;
}

function findingsIn(heard: Heard[]): number {
  return heard.reduce((sum, { asIs }) => sum + asIs.findings.length, 0);
}

void main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
