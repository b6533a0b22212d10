import { Intervals } from './intervals';

const PORTS = 65536;
const NUMBERS: Record<string, number> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 };
const NAMES: Record<number, string> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

const TCP = 6;
const WITH_PORTS = [TCP, 17];
const ICMP = [1, 58];

/** Every port of every protocol. A kind of traffic is numbered protocol × 65536 + port; for ICMP the port is type × 256 + code. */
export const ALL_TRAFFIC = Intervals.of(0n, BigInt(256 * PORTS - 1));

export const ALL_TCP = protocolTraffic(TCP);

/** What a NAT gateway translates. */
export const NAT_TRAFFIC = Intervals.union([TCP, 17, 1, 58].map(protocolTraffic));

/** The ports NAT gateways send from. */
export const NAT_PORTS = portsOf(TCP, 1024, 65535);

/** The number of a protocol that rules write as a name or a number; -1 for all. Nothing if it is neither. */
export function protocolNumber(protocol: string): number | undefined {
  if (Object.hasOwn(NUMBERS, protocol.toLowerCase())) return NUMBERS[protocol.toLowerCase()];
  const number = Number(protocol);
  return Number.isInteger(number) && number >= -1 && number <= 255 ? number : undefined;
}

function protocolTraffic(protocol: number): Intervals {
  return portsOf(protocol, 0, PORTS - 1);
}

function portsOf(protocol: number, from: number, to: number): Intervals {
  return Intervals.of(BigInt(protocol * PORTS + from), BigInt(protocol * PORTS + to));
}

/**
 * The traffic of a rule. Ports count for TCP and UDP, type and code for ICMP (-1: all); for other protocols neither does.
 */
export function trafficOf(protocol: number, from?: number, to?: number): Intervals {
  if (protocol === -1) return ALL_TRAFFIC;
  if (WITH_PORTS.includes(protocol) && from !== undefined && from !== -1) return portsOf(protocol, from, to ?? from);
  if (ICMP.includes(protocol) && from !== undefined && from !== -1) {
    return to === undefined || to === -1 ? portsOf(protocol, from * 256, from * 256 + 255) : portsOf(protocol, from * 256 + to, from * 256 + to);
  }
  return protocolTraffic(protocol);
}

/** One of `traffic`, TCP if there is any: people know what that means. */
export function anExample(traffic: Intervals): bigint {
  const tcp = traffic.intersect(ALL_TCP);
  return (tcp.isEmpty ? traffic : tcp).first;
}

/** What traffic that is not empty can be called: `tcp 443`, by its example if there is more of it. */
export function describe(traffic: Intervals): string {
  if (traffic.size === ALL_TRAFFIC.size) return 'all traffic';
  const example = anExample(traffic);
  const [protocol, port] = [Math.floor(Number(example) / PORTS), Number(example) % PORTS];
  const name = NAMES[protocol] ?? `protocol ${protocol}`;
  if (traffic.contains(protocolTraffic(protocol))) return `all ${name}`;
  if (ICMP.includes(protocol)) return `${name} type ${port >> 8}`;
  return WITH_PORTS.includes(protocol) ? `${name} ${port}` : name;
}
