import { Properties } from './read-template';

/** What each resource of a template waits for, by logical ids. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/** One resource that waits for another. */
export type Edge = readonly [from: string, to: string];

type Resources = Record<string, { readonly Type: string; readonly Properties?: Properties; readonly DependsOn?: string | string[] }>;

/** What CloudFormation sees by itself: `Ref`, `Fn::GetAtt` and `Fn::Sub`. */
export function references(resources: Resources): Dependencies {
  const others = (id: string, properties: unknown) => namesIn(properties).filter((name) => name !== id && name in resources);
  return new Map(Object.entries(resources).map(([id, { Properties }]) => [id, new Set(others(id, Properties))]));
}

/** What it is told: `DependsOn`. */
export function told(resources: Resources): Edge[] {
  return Object.entries(resources).flatMap(([id, { DependsOn = [] }]) => [DependsOn].flat().map((to): Edge => [id, to]));
}

/** With more of them. */
export function withEdges(dependencies: Dependencies, edges: Edge[]): Dependencies {
  return new Map([...dependencies].map(([id, on]) => [id, new Set([...on, ...edges.filter(([from]) => from === id).map(([, to]) => to)])]));
}

/** Whether one waits for the other, whatever is in between. */
export function waitsFor(dependencies: Dependencies, from: string, to: string, seen = new Set<string>()): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const on = dependencies.get(from)!;
  return on.has(to) || [...on].some((next) => waitsFor(dependencies, next, to, seen));
}

/** The way through the template that takes longest, and how long that is. */
export function criticalPath(dependencies: Dependencies, secondsOf: (id: string) => number): { seconds: number; path: string[] } {
  const known = new Map<string, { seconds: number; path: string[] }>();
  const upTo = (id: string): { seconds: number; path: string[] } => {
    const before = longest([...dependencies.get(id)!].map((on) => known.get(on) ?? upTo(on)));
    const here = { seconds: before.seconds + secondsOf(id), path: [...before.path, id] };
    known.set(id, here);
    return here;
  };
  return longest([...dependencies.keys()].map(upTo));
}

function longest(paths: { seconds: number; path: string[] }[]): { seconds: number; path: string[] } {
  return paths.reduce((one, other) => (other.seconds > one.seconds ? other : one), { seconds: 0, path: [] });
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, content]: [string, unknown]) => {
    if (key === 'Ref') return [content as string];
    const [first, ...others] = [content].flat() as unknown[];
    if (key === 'Fn::GetAtt') return [(first as string).split('.')[0]];
    if (key === 'Fn::Sub') return [...substituted(first as string), ...namesIn(others)];
    return namesIn(content);
  });
}

function substituted(text: string): string[] {
  return [...text.matchAll(/\$\{([^!.}]+)[^}]*\}/g)].map(([, name]) => name);
}
