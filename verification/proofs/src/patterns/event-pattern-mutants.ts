import { Mutant } from './pattern';

type Json = Record<string, unknown>;

/** An EventBridge pattern without one of its fields, or without one of the values of a field. */
export function eventPatternMutants(text: string): Mutant[] {
  return leaves(JSON.parse(text) as Json).flatMap(({ path, values }) => [
    { change: `without '${path.join('.')}'`, text: changed(text, path, undefined) },
    ...(values.length > 1 ? values.map((value, index) => ({
      change: `without ${JSON.stringify(value)} in '${path.join('.')}'`,
      text: changed(text, path, values.filter((_, at) => at !== index)),
    })) : []),
  ]);
}

function leaves(pattern: Json, above: string[] = []): { path: string[]; values: unknown[] }[] {
  return Object.entries(pattern).flatMap(([key, value]) => {
    const path = [...above, key];
    return Array.isArray(value) ? [{ path, values: value }] : leaves(value as Json, path);
  });
}

function changed(text: string, path: string[], values: unknown[] | undefined): string {
  const pattern = JSON.parse(text) as Json;
  const holder = path.slice(0, -1).reduce((inner, key) => inner[key] as Json, pattern);
  if (values) holder[path.at(-1)!] = values;
  else delete holder[path.at(-1)!];
  return JSON.stringify(withoutEmpty(pattern));
}

/** An object without fields is no pattern. */
function withoutEmpty(pattern: Json): Json {
  return Object.fromEntries(Object.entries(pattern)
    .map(([key, value]) => [key, Array.isArray(value) ? value : withoutEmpty(value as Json)] as const)
    .filter(([, value]) => Array.isArray(value) || Object.keys(value).length > 0));
}
