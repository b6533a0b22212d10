import * as fs from 'node:fs';
import * as path from 'node:path';
import { Selection } from './selection';
import { Target } from './target';
import { Result, Tally, tally, Verdict } from './verify/check';
import { confirmedBy } from './verify/confirmed';
import { Verification } from './verify/verify';

/** Where commands leave what they found, below the directory of the CDK app. */
export function stateDirectory(directory: string): string {
  return path.join(directory, '.tapstack');
}

/** Everything a run found, for people and for programs. */
export function writeReport(directory: string, target: Target, selection: Selection, { stack, results }: Verification): string {
  const file = path.join(stateDirectory(directory), `${selection.stackName}.report.json`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const { environment, suffix, stage, stackName, readBack } = selection;
  const outputs = Object.fromEntries(stack.outputs.map((output) => [output.OutputKey, output.OutputValue]));
  const report = {
    environment, suffix, stage, stackName, target: target.name, resources: stack.resources.length, tally: tally(results), outputs, results,
    requirements: confirmedBy(results, readBack),
  };
  fs.writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  return file;
}

/** The last line of `up`: its figures are what the run counted. */
export function closingLine(environment: string, resources: number, counts: Tally): string {
  return `up: ${environment} deployed, ${resources} resources, ${counts.passed} checks passed, ${counts.failed} failed, ${counts.notVerifiable} not verifiable here`;
}

/** What failed, and what nobody can tell here, each with its reason. */
export function details(results: readonly Result[]): string[] {
  const lines = (verdict: Verdict, mark: string) => results.filter((result) => result.verdict === verdict).map((result) => `  ${mark} ${result.title}: ${result.reason}`);
  const unverifiable = lines(Verdict.NOT_VERIFIABLE, '?');
  return [
    ...lines(Verdict.FAILED, '✗'),
    ...(unverifiable.length > 0 ? ['not verifiable here:', ...unverifiable] : []),
  ];
}
