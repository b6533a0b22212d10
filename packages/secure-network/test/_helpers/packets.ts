/** A network small enough to try every packet, and what a packet meets in it, one address and one port at a time. */
export interface TinyNetwork {
  readonly subnets: TinySubnet[];
  readonly hosts: TinyHost[];
}

export interface TinySubnet {
  readonly cidr: string;
  /** To the internet gateway, to a NAT gateway in the first subnet, or to nowhere. */
  readonly routes: { readonly cidr: string; readonly to: 'internet' | 'nat' | 'nowhere' }[];
  readonly acl?: { readonly ingress: TinyEntry[]; readonly egress: TinyEntry[] };
}

export interface TinyEntry extends TinyTraffic { readonly number: number; readonly allows: boolean; readonly cidr: string }

export interface TinyTraffic { readonly protocol: number; readonly ports: readonly [number, number] }

export interface TinyHost {
  readonly subnet: number;
  readonly isPublic: boolean;
  readonly ingress: TinyRule[];
  readonly egress: TinyRule[];
}

/** From or to a range, or the members of another host's group. */
export interface TinyRule extends TinyTraffic { readonly cidr?: string; readonly host?: number }

export interface Packet { readonly protocol: number; readonly port: number }

const TCP = 6;
/** A port for each way in which the rules of a test can be about one. */
const REPLY_PORTS = [0, 1, 22, 443, 1023, 1024, 40000, 65535];

function number(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function isIn(address: string, cidr: string): boolean {
  const [first, length] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(address) / size) === Math.floor(number(first) / size);
}

function isAbout({ protocol, ports }: TinyTraffic, packet: Packet): boolean {
  return protocol === -1 || (protocol === packet.protocol && ports[0] <= packet.port && packet.port <= ports[1]);
}

function aclLets(entries: readonly TinyEntry[] | undefined, other: string, packet: Packet): boolean {
  if (!entries) return true;
  const [first] = entries.filter((entry) => isIn(other, entry.cidr) && isAbout(entry, packet)).sort((a, b) => a.number - b.number);
  return first?.allows ?? false;
}

function groupLets(rules: readonly TinyRule[], other: { address: string; host?: number }, packet: Packet): boolean {
  const isPeer = ({ cidr, host }: TinyRule) => (cidr === undefined ? host === other.host && host !== undefined : isIn(other.address, cidr));
  return rules.some((rule) => isAbout(rule, packet) && isPeer(rule));
}

function routeTo(subnet: TinySubnet, address: string): 'internet' | 'nat' | 'nowhere' | 'local' {
  const routes = [{ cidr: '10.0.0.0/16', to: 'local' as const }, ...subnet.routes].filter((route) => isIn(address, route.cidr));
  return routes.sort((a, b) => Number(b.cidr.split('/')[1]) - Number(a.cidr.split('/')[1]))[0]?.to ?? 'nowhere';
}

function answered(packet: Packet, lets: (reply: Packet) => boolean, ports = REPLY_PORTS): boolean {
  return packet.protocol !== TCP || ports.some((port) => lets({ protocol: TCP, port }));
}

/** Whether a packet from an address on the internet gets to a host, and TCP is answered. */
export function arrives(network: TinyNetwork, from: string, to: number, packet: Packet): boolean {
  const host = network.hosts[to];
  const subnet = network.subnets[host.subnet];
  return host.isPublic && routeTo(subnet, from) === 'internet'
    && aclLets(subnet.acl?.ingress, from, packet) && groupLets(host.ingress, { address: from }, packet)
    && answered(packet, (reply) => aclLets(subnet.acl?.egress, from, reply));
}

/** Whether a packet of a host gets to an address on the internet, and TCP is answered. */
export function leaves(network: TinyNetwork, from: number, to: string, packet: Packet, address: string): boolean {
  const host = network.hosts[from];
  const subnet = network.subnets[host.subnet];
  if (!groupLets(host.egress, { address: to }, packet) || !aclLets(subnet.acl?.egress, to, packet)) return false;
  if (!answered(packet, (reply) => aclLets(subnet.acl?.ingress, to, reply))) return false;
  const route = routeTo(subnet, to);
  if (route === 'internet') return host.isPublic;
  const [nat] = network.subnets;
  if (route !== 'nat' || routeTo(nat, to) !== 'internet' || ![1, TCP, 17].includes(packet.protocol)) return false;
  const crosses = host.subnet !== 0;
  return (!crosses || aclLets(nat.acl?.ingress, address, packet)) && aclLets(nat.acl?.egress, to, packet)
    && answered(packet, (reply) => aclLets(nat.acl?.ingress, to, reply), REPLY_PORTS.filter((port) => port >= 1024))
    && (!crosses || answered(packet, (reply) => aclLets(nat.acl?.egress, address, reply) && aclLets(subnet.acl?.ingress, to, reply)));
}

/** Whether a packet gets from one host to another, and TCP is answered. */
export function passes(network: TinyNetwork, from: number, to: number, packet: Packet, addresses: { from: string; to: string }): boolean {
  const [source, target] = [network.hosts[from], network.hosts[to]];
  if (!groupLets(source.egress, { address: addresses.to, host: to }, packet)) return false;
  if (!groupLets(target.ingress, { address: addresses.from, host: from }, packet)) return false;
  if (source.subnet === target.subnet) return true;
  const [near, far] = [network.subnets[source.subnet], network.subnets[target.subnet]];
  return aclLets(near.acl?.egress, addresses.to, packet) && aclLets(far.acl?.ingress, addresses.from, packet)
    && answered(packet, (reply) => aclLets(far.acl?.egress, addresses.from, reply) && aclLets(near.acl?.ingress, addresses.to, reply));
}
