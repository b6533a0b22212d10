import * as path from 'node:path';
import { carrying, Evidence } from './evidence';
import { APP, Found } from './wiring';

/** Which tests show a requirement of one environment. */
export interface TestsOf {
  /** Of the environment itself. */
  readonly own: Evidence[];
  /** Of every environment alike. */
  readonly shared: Evidence[];
  /** Files with the tests of the constructs that it is wired to. */
  readonly constructs: string[];
}

/** The tests that are about a requirement in an environment. Those of other environments, and those that mention it elsewhere, are not. */
export function testsOf(
  id: string, testedAs: readonly string[], environments: readonly string[], wiring: readonly Found[], tests: readonly Evidence[],
): TestsOf {
  const files = (of: string) => tests.filter(({ file }) => file.startsWith(`${APP}/test/`) && isOf(file, of));
  const ofAnother = new Set(environments.flatMap(files));
  const constructs = new Set(wiring.flatMap(({ construct }) => construct ? [kebab(construct)] : []));
  return {
    own: carrying(testedAs.flatMap(files), id),
    shared: carrying(tests.filter((test) => test.file.startsWith(`${APP}/test/`) && !ofAnother.has(test)), id),
    constructs: [...new Set(tests.map(({ file }) => file).filter((file) => file.startsWith('packages/') && [...constructs].some((each) => isOf(file, each))))].sort(),
  };
}

/** The names of tests from the block on that carries an id, without the ids, and without what a table puts into them. */
export function namesBelow(id: string, tests: readonly Evidence[]): string[] {
  const blocks = new Map<string, string[]>();
  for (const { says } of tests) {
    const parts = says.split(' › ');
    const [block, ...below] = parts.slice(parts.findIndex((part) => new RegExp(`\\b${id}\\b`).test(part))).map(plain);
    blocks.set(block, [...blocks.get(block) ?? [], ...below.filter(Boolean).slice(-1)]);
  }
  return [...blocks].map(([block, below]) => below.length > 0 ? `${block} (${below.join('; ')})` : block);
}

function plain(name: string): string {
  return name
    .replace(/^(?:[A-Z]{1,3}-\d\d(?:, )?)+:? */, '')
    .replace(/ \((?:[A-Z]{1,3}-\d\d(?:, )?)+\)$/, '')
    .replace(/ \((?:[%$][\w.]+(?:, )?)+\)$/, '')
    .replace(/^(?:[%$][\w.]+(?:, )?)+(?:: |$)/, '')
    .replaceAll(/[%$]\{?[\w.]+\}?/g, '…');
}

function isOf(file: string, name: string): boolean {
  return path.posix.basename(file).startsWith(`${name}.`);
}

function kebab(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}
