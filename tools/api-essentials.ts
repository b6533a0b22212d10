/**
 * The part of a jsii assembly that is a promise to users: names, types and what is optional; no prose, no positions, no closure
 * of dependencies, so that a baseline changes only when the API does.
 */
import { Assembly, Type, typesOf } from './api-assembly';

const PROMISES = ['schema', 'name', 'version', 'usedFeatures', 'types'];

const NOT_PROMISED = new Set(['locationInModule', 'symbolId']);

/** The baseline of an assembly. */
export function essentialsOf(assembly: Assembly): Assembly {
  const promised = Object.entries(assembly).filter(([key]) => PROMISES.includes(key)).sort(([a], [b]) => PROMISES.indexOf(a) - PROMISES.indexOf(b));
  return essential(Object.fromEntries(promised)) as Assembly;
}

function essential(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(essential);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => {
    if (NOT_PROMISED.has(key)) return [];
    if (key === 'docs') return promisesIn(inner as Record<string, unknown>);
    return [[key, essential(inner)]];
  }));
}

/** Of the docs only whether a member may change or go. */
function promisesIn(docs: Record<string, unknown>): [string, unknown][] {
  const { deprecated, stability } = docs;
  const promises = { ...(deprecated ? { deprecated } : {}), ...(stability && stability !== 'stable' ? { stability } : {}) };
  return Object.keys(promises).length > 0 ? [['docs', promises]] : [];
}

/** The public types and members that a baseline does not have, and so does not protect. */
export function additionsTo(baseline: Assembly, assembly: Assembly): string[] {
  const known = new Set(typesOf(baseline).flatMap(namesIn));
  return typesOf(assembly).flatMap((type) => known.has(type.fqn) ? namesIn(type).filter((name) => !known.has(name)) : [type.fqn]);
}

function namesIn(type: Type): string[] {
  const members = [...(type.properties ?? []), ...(type.methods ?? []), ...(type.members ?? [])];
  return [type.fqn, ...members.map(({ name }) => `${type.fqn}.${name}`)];
}
