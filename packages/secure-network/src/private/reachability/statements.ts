import { formatAddress } from './addresses';
import { End, Gate } from './gates';
import { Intervals } from './intervals';
import { Host } from './model';
import { endsOf, Party, Places, PlaceSpec } from './places';
import { ALL_TRAFFIC, anExample, describe } from './traffic';
import { rangesAbout, waysBetween } from './ways';

/** A way that is open, or may be. */
export interface Path {
  readonly traffic: string;
  readonly hops: string[];
  /** Why it may not be open. */
  readonly doubts: string[];
}

/** What became of a statement: proven, or a path against it, or only doubts. */
export interface Outcome {
  readonly holds: boolean;
  readonly path?: Path;
  readonly doubts: string[];
}

/** Traffic that may flow from a place. */
export interface Allowance {
  readonly from: PlaceSpec;
  readonly traffic: Intervals;
}

const HOLDS: Outcome = { holds: true, doubts: [] };

/** Whether nothing of `traffic` gets from one place to another. */
export function noPath(places: Places, from: PlaceSpec, to: PlaceSpec, traffic: Intervals): Outcome {
  const [sources, targets] = [places.parties(from), places.parties(to)];
  const empty = [{ place: from, parties: sources }, { place: to, parties: targets }].filter(({ parties }) => parties.length === 0);
  if (empty.length > 0) return undecided(empty.map(({ place }) => `nothing in ${place.label} has an address in a subnet, as far as is known`));
  return worst(pairs(sources, targets).map(({ source, target }) => () => between(source, target, [], () => traffic)));
}

/** Whether nobody but who is allowed gets to `to`, and these only with what they are allowed. */
export function onlyPaths(places: Places, to: PlaceSpec, allowed: readonly Allowance[]): Outcome {
  const targets = places.parties(to);
  if (targets.length === 0) return undecided([`nothing in ${to.label} has an address in a subnet, as far as is known`]);
  const others = places.anyone().filter((host) => places.isIn(to, host) === 'no');
  const hosts = places.hosts().filter((host) => places.isIn(to, host) !== 'yes');
  const known = allowed.map(({ from, traffic }) => ({ from, traffic, addresses: places.knownAddresses(from) }));
  const isAllowed = (end: End): Intervals => ALL_TRAFFIC.minus(Intervals.union(known.filter(({ from, addresses }) => (
    (end.host !== undefined && places.isIn(from, end.host) === 'yes') || addresses.contains(end.addresses)
  )).map(({ traffic }) => traffic)));
  return worst(targets.flatMap((given) => {
    const target = given.host ? { ...given, host: withoutAllowedSymbols(given.host, allowed, places) } : given;
    const holders = given.host ? places.unheldGroups(given.host).flatMap((group) => places.holders(group)) : [];
    const sources = [places.outside(), ...[...hosts, ...others].map((host) => ({ label: host.label, host, ranges: host.ranges })), ...holders];
    return sources.map((source) => () => between(source, target, known.map(({ addresses }) => addresses), isAllowed));
  }));
}

/** What a rule lets in from addresses that are known by name only is allowed if the same name is. */
function withoutAllowedSymbols(host: Host, allowed: readonly Allowance[], places: Places): Host {
  const bySymbol = allowed.flatMap(({ from, traffic }) => places.symbols(from).map((symbol) => ({ symbol, traffic })));
  if (bySymbol.length === 0) return host;
  return {
    ...host,
    groups: host.groups?.map((group) => ({
      ...group,
      ingress: group.ingress.map((rule) => ({
        ...rule,
        traffic: bySymbol.reduce((left, { symbol, traffic }) => (symbol === rule.peer.range?.symbol ? left.minus(traffic) : left), rule.traffic),
      })),
    })),
  };
}

function pairs(sources: readonly Party[], targets: readonly Party[]): { source: Party; target: Party }[] {
  const isOther = (source: Party, target: Party) => target.host === undefined || target.host !== source.host;
  return sources.flatMap((source) => targets.filter((target) => isOther(source, target)).map((target) => ({ source, target })));
}

/** The first path that is surely open, else the first that may be. */
function worst(outcomes: readonly (() => Outcome)[]): Outcome {
  let doubtful: Outcome | undefined;
  for (const outcome of outcomes) {
    const one = outcome();
    if (one.path && one.path.doubts.length === 0) return one;
    if (!one.holds) doubtful ??= one;
  }
  return doubtful ?? HOLDS;
}

function undecided(doubts: string[], path?: Path): Outcome {
  return { holds: false, doubts, path };
}

/** Whether what `forbidden` says of a source gets from it to a target. */
function between(source: Party, target: Party, cuts: readonly Intervals[], forbidden: (source: End) => Intervals): Outcome {
  const outcomes = (by: readonly Intervals[]) => endsOf(source, by).flatMap((from) => {
    const bad = forbidden(from);
    return bad.isEmpty ? [] : endsOf(target, by).flatMap((to) => waysBetween(from, to).map((gates) => () => along(gates, bad, from)));
  });
  // nearly all is closed: what stays closed even with addresses left whole, so that rules may be about any part, need not be cut up
  if (outcomes([]).every((outcome) => outcome().holds)) return HOLDS;
  return worst(outcomes([...rangesAbout([source.host, target.host].filter((host) => host !== undefined)), ...cuts]));
}

function along(gates: readonly Gate[], traffic: Intervals, from: End): Outcome {
  const sure = gates.reduce((left, gate) => left.intersect(gate.sure), traffic);
  const possible = sure.isEmpty ? gates.reduce((left, gate) => left.intersect(gate.possible), traffic) : sure;
  if (possible.isEmpty) return HOLDS;
  const packet = anExample(possible);
  const doubts = sure.isEmpty ? [...new Set(gates.flatMap((gate) => gate.doubts(packet)))] : [];
  const hops = gates.flatMap((gate) => gate.hops(packet)).filter((hop) => hop !== '');
  const path = { traffic: describe(possible), hops: from.host ? hops : [`${hops[0]} (${formatAddress(from.addresses.first)})`, ...hops.slice(1)], doubts };
  return undecided(doubts, path);
}
