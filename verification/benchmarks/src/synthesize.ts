import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import settings from 'tap-stack/cdk.json';
import { PAIRS } from './subjects';

/** What one synthesis in a process of its own took and made. */
export interface Measurement {
  /** Processor time of the whole process, start of Node.js and loading of modules included. */
  readonly cpuMilliseconds: number;
  readonly templateBytes: number;
  /** How many resources of each type. */
  readonly resources: Record<string, number>;
}

/** Synthesizes one side of a pair into a directory and prints the measurement. */
async function main([name, side, outdir]: string[]): Promise<void> {
  const pair = PAIRS.find((one) => one.name === name)!;
  const build = await (side === 'ours' ? pair.ours() : pair.handWritten());
  const app = new App({ analyticsReporting: false, outdir, context: settings.context });
  const stack = build(app);
  app.synth();
  const text = fs.readFileSync(path.join(outdir, stack.templateFile), 'utf8');

  const resources: Record<string, number> = {};
  for (const { Type } of Object.values((JSON.parse(text) as { Resources: Record<string, { Type: string }> }).Resources)) {
    resources[Type] = (resources[Type] ?? 0) + 1;
  }
  const { user, system } = process.cpuUsage();
  const measurement: Measurement = { cpuMilliseconds: (user + system) / 1000, templateBytes: Buffer.byteLength(text), resources };
  console.log(JSON.stringify(measurement));
}

void main(process.argv.slice(2));
