import { INTERNET, INTERNET_V4, isV4, NAT64 } from './addresses';
import { aclGate, condition, End, fact, Gate, groupGate, isIn, replyGate } from './gates';
import { Intervals } from './intervals';
import { Host, Route, RouteTable, Subnet, Truth, Via } from './model';
import { NAT_PORTS, NAT_TRAFFIC } from './traffic';

/** Every way a packet may take from one end to the other, as the gates it has to pass, in order. Ends that are both outside have none. */
export function waysBetween(source: End, target: End): Gate[][] {
  if (isV4(source.addresses) !== isV4(target.addresses)) return [];
  if (source.host && target.host) return inside({ ...source, host: source.host }, { ...target, host: target.host });
  if (target.host) return inbound(source, target, target.host);
  return source.host ? outbound(source, source.host, target) : [];
}

type HostEnd = End & { readonly host: Host };

/** Where traffic for `other` is sent: the most specific route wins; one that may win is there, too, and nothing is sure beside it. */
function routesTo(table: RouteTable, other: End): Route[] {
  const anywhere = { label: 'anywhere', addresses: other.addresses };
  const anyRoute: Route = { label: table.label, via: Via.UNKNOWN, target: table.label, range: anywhere, doubt: table.doubt };
  const unknown = table.doubt === undefined ? [] : [anyRoute];
  const candidates = table.routes.map((route) => ({ route, is: isIn(route.range, other) })).filter(({ is }) => is !== 'no');
  const isCertain = ({ route, is }: { route: Route; is: Truth }) => is === 'yes' && route.doubt === undefined;
  const bySize = (a: { route: Route }, b: { route: Route }) => (a.route.range.addresses.size < b.route.range.addresses.size ? -1 : 1);
  const winner = candidates.filter(isCertain).sort(bySize).at(0)?.route;
  const mayWin = ({ range }: Route) => !winner || range.symbol !== undefined || range.addresses.size <= winner.range.addresses.size;
  const rivals = candidates.filter((candidate) => !isCertain(candidate) && mayWin(candidate.route))
    .map(({ route }) => ({ ...route, doubt: route.doubt ?? `whether ${route.range.label} is ${other.label} is not known` }));
  const all = [...unknown, ...rivals];
  return winner ? [{ ...winner, doubt: all.at(0)?.doubt }, ...all] : all;
}

function inbound(source: End, target: End, host: Host): Gate[][] {
  const { subnet } = host;
  const arrives = [
    aclGate(subnet.acl, subnet.acl.ingress, source), standsIn(subnet), groupGate(host, 'ingress', source),
    replyGate([aclGate(subnet.acl, subnet.acl.egress, source)]), fact(host),
  ];
  return routesTo(subnet.table, source).flatMap((route) => {
    const leg = [fact({ label: route.target, doubt: undefined }), fact({ label: `${route.label}, the way back`, doubt: route.doubt })];
    switch (route.via) {
      case Via.INTERNET:
        return [[...leg, ...onTheInternet(source), publicAddress(host, target), ...arrives]];
      case Via.PRIVATE: case Via.APPLIANCE: case Via.UNKNOWN:
        return [[...leg, ...beyond(route, source), ...arrives]];
      default:
        return [];
    }
  }).map((gates) => [fact({ label: source.label }), ...gates]);
}

function outbound(source: End, host: Host, target: End): Gate[][] {
  const { subnet } = host;
  const leaves = [fact(host), groupGate(host, 'egress', target), standsIn(subnet), aclGate(subnet.acl, subnet.acl.egress, target)];
  const answered = replyGate([aclGate(subnet.acl, subnet.acl.ingress, target)]);
  return routesTo(subnet.table, target).flatMap((route) => {
    const leg = [...leaves, fact(route), answered];
    switch (route.via) {
      case Via.INTERNET:
        return [[...leg, ...onTheInternet(target), publicAddress(host, source)]];
      case Via.EGRESS_ONLY:
        return isV4(target.addresses) ? [] : [[...leg, ...onTheInternet(target)]];
      case Via.NAT:
        return throughNat(route, source, target, subnet).map((gates) => [...leg, ...gates]);
      case Via.PRIVATE: case Via.APPLIANCE: case Via.UNKNOWN:
        return [[...leg, ...beyond(route, target)]];
      default:
        return [];
    }
  }).map((gates) => [...gates, fact({ label: target.label })]);
}

/** A NAT gateway sends on what it gets from the subnet it stands in, under that subnet's ACL and routes. */
function throughNat(route: Route, source: End, target: End, from: Subnet): Gate[][] {
  const translated: Gate = { ...fact({ label: '' }), sure: NAT_TRAFFIC, possible: NAT_TRAFFIC };
  // of IPv6 it takes only what stands for IPv4, which may be any
  if (!isV4(target.addresses) && !NAT64.contains(target.addresses)) return [];
  const beyondNat = isV4(target.addresses) ? target : { ...target, addresses: INTERNET_V4 };
  const nat = route.natSubnet?.();
  if (!nat) return [[translated, ...onTheInternet(beyondNat)]];
  const { acl } = nat;
  const between = nat.id.key === from.id.key ? [] : [
    aclGate(acl, acl.ingress, source), replyGate([aclGate(acl, acl.egress, source), aclGate(from.acl, from.acl.ingress, target)]),
  ];
  return routesTo(nat.table, beyondNat).flatMap((next) => {
    const leg = [
      translated, ...between, standsIn(nat), aclGate(acl, acl.egress, beyondNat), fact(next),
      replyGate([aclGate(acl, acl.ingress, beyondNat)], NAT_PORTS),
    ];
    if (next.via === Via.INTERNET) return [[...leg, ...onTheInternet(beyondNat)]];
    return [Via.PRIVATE, Via.APPLIANCE, Via.UNKNOWN].includes(next.via) ? [[...leg, ...beyond(next, beyondNat)]] : [];
  });
}

function inside(source: HostEnd, target: HostEnd): Gate[][] {
  const [from, to] = [source.host.subnet, target.host.subnet];
  const crosses = from.id.key === to.id.key ? [] : [
    aclGate(from.acl, from.acl.egress, target), aclGate(to.acl, to.acl.ingress, source),
    replyGate([aclGate(to.acl, to.acl.egress, source), aclGate(from.acl, from.acl.ingress, target)]),
  ];
  return legsBetween(source, target).map((leg) => [
    fact(source.host), ...v6Address(source), groupGate(source.host, 'egress', target), standsIn(from), ...leg, ...crosses,
    standsIn(to), ...v6Address(target), groupGate(target.host, 'ingress', source), fact(target.host),
  ]);
}

function v6Address(end: HostEnd): Gate[] {
  return isV4(end.addresses) ? [] : [publicAddress(end.host, end)];
}

function legsBetween(source: HostEnd, target: HostEnd): Gate[][] {
  const [from, to] = [source.host.subnet, target.host.subnet];
  if (from.id.key === to.id.key || (from.vpc !== undefined && from.vpc === to.vpc)) return [[]];
  if (from.vpc === undefined || to.vpc === undefined) {
    return [[fact({ label: 'a VPC that is not known', doubt: `which VPC ${(from.vpc === undefined ? from : to).label} is in is not known` })]];
  }
  const leads = ({ via }: Route) => [Via.PRIVATE, Via.APPLIANCE, Via.UNKNOWN].includes(via);
  const there = routesTo(from.table, target).filter(leads);
  const back = routesTo(to.table, source).filter(leads);
  return there.flatMap((one) => back.map((other) => [
    fact(one), fact({ label: `${other.label}, the way back`, doubt: other.doubt }),
    fact({ label: '', doubt: one.target === other.target ? undefined : `what is behind ${one.target} is not known` }),
  ]));
}

function standsIn({ label, doubt }: Subnet): Gate {
  return fact({ label, doubt });
}

/** Internet gateways let no other addresses through. */
function onTheInternet(end: End): Gate[] {
  const routed = INTERNET.minus(NAT64);
  const truth: Truth = !routed.overlaps(end.addresses) ? 'no' : routed.contains(end.addresses) ? 'yes' : 'maybe';
  return [condition(truth, '', `whether ${end.label} is on the internet is not known`)];
}

/** What is behind a gateway to other networks is not in the tree: private addresses surely, the internet perhaps. */
function beyond(route: Route, end: End): Gate[] {
  const onlyPrivate = route.via === Via.PRIVATE && !INTERNET.overlaps(end.addresses);
  return [fact({ label: '', doubt: onlyPrivate ? undefined : `what is behind ${route.target} is not known` })];
}

function publicAddress(host: Host, end: End): Gate {
  if (isV4(end.addresses)) return condition(host.publicV4, `public address of ${host.label}`, `whether ${host.label} has a public address is not known`);
  return condition(host.v6, `IPv6 address of ${host.label}`, `whether ${host.label} has an IPv6 address is not known`);
}

/** What all rules and routes about `hosts` tell apart. */
export function rangesAbout(hosts: readonly Host[]): Intervals[] {
  const subnets = hosts.map((host) => host.subnet);
  const natSubnets = subnets.flatMap(({ table }) => table.routes.flatMap((route) => route.natSubnet?.() ?? []));
  const all = new Set([...subnets, ...natSubnets]);
  const rules = hosts.flatMap(({ groups = [] }) => groups.flatMap(({ ingress, egress }) => [...ingress, ...egress]));
  const ranges = [
    ...rules.flatMap(({ peer }) => peer.range ?? []),
    ...[...all].flatMap(({ acl, table }) => [...acl.ingress, ...acl.egress, ...table.routes].map(({ range }) => range)),
  ];
  const known = ranges.filter((range) => range.symbol === undefined);
  // the same range stands in many rules
  const distinct = new Map(known.map(({ addresses }) => [addresses.isEmpty ? '' : `${addresses.first} ${addresses.size}`, addresses]));
  return [INTERNET, NAT64, ...distinct.values()];
}
