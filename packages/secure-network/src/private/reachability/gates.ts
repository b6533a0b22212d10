import { Intervals } from './intervals';
import { AclRule, AddressRange, Fact, Group, GroupRule, Host, Truth } from './model';
import { ALL_TCP, ALL_TRAFFIC } from './traffic';

/** One end of a connection: a host, or addresses outside. Its addresses are cut so finely that known rules are about all or none of them. */
export interface End {
  readonly label: string;
  readonly host?: Host;
  readonly addresses: Intervals;
  readonly symbol?: string;
}

/** Something traffic has to pass. What it surely lets through is part of what it may let through. */
export interface Gate {
  readonly sure: Intervals;
  readonly possible: Intervals;
  /** What `traffic` passes here, as it is printed. */
  hops(traffic: bigint): string[];
  /** Why it is not sure that `traffic` passes. */
  doubts(traffic: bigint): string[];
}

/** A gate that lets everything through, if it is there. */
export function fact({ label, doubt }: Fact): Gate {
  return {
    sure: doubt === undefined ? ALL_TRAFFIC : Intervals.NONE,
    possible: ALL_TRAFFIC,
    hops: () => (label === '' ? [] : [label]),
    doubts: () => (doubt === undefined ? [] : [doubt]),
  };
}

/** A gate that lets everything through if `truth` is, and nothing if it is not. */
export function condition(truth: Truth, label: string, doubt: string): Gate {
  return truth === 'no' ? { ...fact({ label }), sure: Intervals.NONE, possible: Intervals.NONE } : fact({ label, doubt: truth === 'yes' ? undefined : doubt });
}

/** Whether the address of `end` is in `range`. */
export function isIn(range: AddressRange, end: End): Truth {
  if (range.symbol !== undefined && range.symbol === end.symbol) return 'yes';
  if (!range.addresses.overlaps(end.addresses)) return 'no';
  return range.symbol === undefined && range.addresses.contains(end.addresses) ? 'yes' : 'maybe';
}

function isPeer({ peer }: GroupRule, end: End): Truth {
  if (peer.range) return isIn(peer.range, end);
  const groups = end.host?.groups ?? [];
  if (groups.some(({ id }) => id.key === peer.group?.key)) return 'yes';
  // two names that are not resolved may mean the same group
  return groups.some(({ id }) => id.origin === 'unresolved' || peer.group?.origin === 'unresolved') ? 'maybe' : 'no';
}

/** The security groups of a host: one rule of one of them is enough. */
export function groupGate(host: Host, direction: 'ingress' | 'egress', other: End): Gate {
  const { groups } = host;
  if (groups === undefined) return fact({ label: '' });
  const matched = groups.flatMap((group) => group[direction].map((rule) => ({ rule, is: isPeer(rule, other) }))).filter(({ is }) => is !== 'no');
  const isSure = ({ rule, is }: { rule: GroupRule; is: Truth }) => is === 'yes' && rule.doubt === undefined;
  const unknown = groups.filter((group) => group.doubt !== undefined);
  const passing = (traffic: bigint) => {
    const rules = matched.filter(({ rule }) => rule.traffic.has(traffic));
    return rules.find(isSure) ?? rules.at(0);
  };
  return {
    sure: Intervals.union(matched.filter(isSure).map(({ rule }) => rule.traffic)),
    possible: unknown.length > 0 ? ALL_TRAFFIC : Intervals.union(matched.map(({ rule }) => rule.traffic)),
    hops: (traffic) => [passing(traffic)?.rule.label ?? unknown.map((group: Group) => group.label).join(', ')],
    doubts: (traffic) => {
      const found = passing(traffic);
      if (!found) return unknown.map((group) => group.doubt!);
      return isSure(found) ? [] : [found.rule.doubt ?? `whether ${found.rule.peer.label} is ${other.label} is not known`];
    },
  };
}

/** The entries of a network ACL: the lowest number that is about the traffic decides. */
export function aclGate(acl: Fact, rules: readonly AclRule[], other: End): Gate {
  if (acl.doubt !== undefined) return fact(acl);
  let [sure, possible, surelyDenied, perhapsDenied] = [Intervals.NONE, Intervals.NONE, Intervals.NONE, Intervals.NONE];
  const matched: { rule: AclRule; sure: boolean }[] = [];
  for (const rule of rules) {
    const is = isIn(rule.range, other);
    if (is === 'no') continue;
    const isSure = is === 'yes' && rule.doubt === undefined;
    matched.push({ rule, sure: isSure });
    if (rule.allows) {
      possible = possible.union(rule.traffic.minus(surelyDenied));
      if (isSure) sure = sure.union(rule.traffic.minus(perhapsDenied));
    }
    if (!rule.allows && isSure) surelyDenied = surelyDenied.union(rule.traffic);
    if (!rule.allows || !isSure) perhapsDenied = perhapsDenied.union(rule.traffic);
  }
  const about = (traffic: bigint) => matched.filter(({ rule }) => rule.traffic.has(traffic));
  return {
    sure, possible,
    hops: (traffic) => about(traffic).filter(({ rule }) => rule.allows).slice(0, 1).map(({ rule }) => `${acl.label}, ${rule.label}`),
    doubts: (traffic) => (sure.has(traffic) ? [] : about(traffic).filter((one) => !one.sure)
      .map(({ rule }) => rule.doubt ?? `whether ${rule.range.label} is ${other.label} is not known`).slice(0, 1)),
  };
}

/** Answers to TCP, on a port the other side chose: it may be any of `ports`. Other traffic does its work without. */
export function replyGate(gates: readonly Gate[], ports: Intervals = ALL_TCP): Gate {
  const [sure, possible] = [
    gates.reduce((common, gate) => common.intersect(gate.sure), ports), gates.reduce((common, gate) => common.intersect(gate.possible), ports),
  ];
  const allBut = (answers: Intervals) => (answers.isEmpty ? ALL_TRAFFIC.minus(ALL_TCP) : ALL_TRAFFIC);
  return {
    sure: allBut(sure),
    possible: allBut(possible),
    hops: () => [],
    doubts: (traffic) => (allBut(sure).has(traffic) ? [] : gates.flatMap((gate) => gate.doubts(possible.first))),
  };
}
