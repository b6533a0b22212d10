/**
 * What our constructs cost over the same resources written by hand, as ratios within one interleaved run: a machine that is slow, or
 * busy, is so for both sides.
 */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { compare, Round } from './compare';
import { PAIRS } from './subjects';
import type { Measurement } from './synthesize';

const run = promisify(execFile);
const ROUNDS = 9;

/** The most that a ratio may be: what a team would accept for not writing it all. */
const LIMIT = 1.10;

async function main(): Promise<void> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  // compiled once: loading TypeScript would be most of what is measured. Next to the sources, where what it imports is found
  const script = path.resolve(__dirname, '../lib/synthesize.js');
  buildSync({
    entryPoints: [path.join(__dirname, 'synthesize.ts')], outfile: script, bundle: true, packages: 'external', platform: 'node', format: 'cjs',
    // to `require`, which finds what packages do not export
    supported: { 'dynamic-import': false },
  });

  const measure = async (name: string, side: 'ours' | 'hand-written'): Promise<Measurement> => {
    const { stdout } = await run(process.execPath, [script, name, side, path.join(scratch, side)], { env: { ...process.env, CDK_VALIDATION: 'false' } });
    return JSON.parse(stdout) as Measurement;
  };

  let [passed, failed] = [0, 0];
  const check = (what: string, ratio: number, more = '') => {
    const kept = ratio <= LIMIT;
    if (kept) passed += 1;
    else failed += 1;
    console.log(`${what}: ${ratio.toFixed(3)} of hand-written${more}${kept ? '' : `, more than ${LIMIT}`}`);
  };
  for (const { name } of PAIRS) {
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // each side is first as often as second
      const first = round % 2 === 0;
      const one = await measure(name, first ? 'ours' : 'hand-written');
      const other = await measure(name, first ? 'hand-written' : 'ours');
      rounds.push(first ? { ours: one, handWritten: other } : { ours: other, handWritten: one });
    }
    const { cpu, templateBytes, resources } = compare(rounds);
    check(`${name}, ${resources} resources, processor time of a synthesis`, cpu.median, ` (median of ${ROUNDS}, ${cpu.least.toFixed(3)} to ${cpu.most.toFixed(3)})`);
    check(`${name}, ${resources} resources, bytes of the template`, templateBytes);
  }
  fs.rmSync(scratch, { recursive: true });
  console.log(`bench: ${PAIRS.length} environment(s), ${ROUNDS} rounds each, ratios of at most ${LIMIT} wanted`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
