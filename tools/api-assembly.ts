/**
 * What the checks of the public API read of a jsii assembly, and where they report.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface Docs {
  readonly summary?: string;
  readonly default?: string;
}

export interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly elementtype: TypeReference };
  readonly union?: { readonly types: TypeReference[] };
}

export interface Parameter {
  readonly name: string;
  readonly docs?: Docs;
  readonly type: TypeReference;
}

export interface Callable {
  readonly parameters?: Parameter[];
}

export interface Method extends Callable {
  readonly name: string;
  readonly docs?: Docs;
  readonly returns?: { readonly type: TypeReference };
  /** The type it comes from, if it is not ours. */
  readonly overrides?: string;
}

export interface Property {
  readonly name: string;
  readonly docs?: Docs;
  readonly optional?: boolean;
  readonly type: TypeReference;
  readonly overrides?: string;
}

export interface Type {
  readonly fqn: string;
  readonly kind: 'class' | 'interface' | 'enum';
  /** Whether the interface is a struct. */
  readonly datatype?: boolean;
  readonly docs?: Docs;
  readonly base?: string;
  readonly interfaces?: string[];
  readonly initializer?: Callable;
  readonly methods?: Method[];
  readonly properties?: Property[];
  readonly members?: { readonly name: string; readonly docs?: Docs }[];
}

export interface Assembly {
  readonly name: string;
  readonly types?: Record<string, Type>;
}

/** The public types of an assembly in the order of their names. */
export function typesOf(assembly: Assembly): Type[] {
  return Object.values(assembly.types ?? {}).sort((a, b) => (a.fqn < b.fqn ? -1 : 1));
}

/** The assembly that the last compilation of the package in a directory left. */
export function readAssembly(directory: string): Assembly {
  const file = path.join(directory, '.jsii');
  if (!fs.existsSync(file)) throw new Error(`'.jsii' must be there, got nothing; compile the package first [${directory}]`);
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Assembly;
}

/** Adds the counts of one check to those of the checks that ran before it on the same package. */
export function report(directory: string, check: 'docs' | 'baseline', passed: number, failed: number): void {
  const file = path.join(directory, 'test-reports', 'api.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const before = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as { checks: Record<string, { passed: number; failed: number }> }).checks : {};
  const checks = { ...before, [check]: { passed, failed } };
  const sum = (count: 'passed' | 'failed'): number => Object.values(checks).reduce((total, each) => total + each[count], 0);
  fs.writeFileSync(file, `${JSON.stringify({ passed: sum('passed'), failed: sum('failed'), checks }, undefined, 2)}\n`);
}
