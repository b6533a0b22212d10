import { Intervals } from './intervals';

const V6_BITS = 128n;
/** IPv4 addresses are numbered behind the last IPv6 one: both families on one line. */
const V4_START = 1n << V6_BITS;

const V6 = Intervals.of(0n, V4_START - 1n);
const V4 = Intervals.of(V4_START, V4_START + (1n << 32n) - 1n);

/** The two families, which never talk to each other. */
export const FAMILIES = [V4, V6];

/** Every address there is. */
export const ANY_ADDRESS = V4.union(V6);

/** What IPv4 is called on IPv6-only subnets: a NAT gateway translates it. */
export const NAT64 = cidr('64:ff9b::/96');

const NOT_ON_THE_INTERNET = Intervals.union([
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3',
].map(cidr));

/** IPv4 addresses that are routed on the internet. Ranges for documentation count among them: examples and tests mean the internet by them. */
export const INTERNET_V4 = V4.minus(NOT_ON_THE_INTERNET);

/** Addresses on the internet. */
export const INTERNET = INTERNET_V4.union(cidr('2000::/3')).union(NAT64);

/** Whether all of `addresses` is IPv4. */
export function isV4(addresses: Intervals): boolean {
  return V4.contains(addresses);
}

/** The addresses of a range, or nothing if `text` is not one. Host bits are ignored, as AWS does in rules. */
export function parseCidr(text: string): Intervals | undefined {
  const [address, prefix, ...more] = text.split('/');
  if (more.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  const isV6 = address.includes(':');
  const number = isV6 ? parseV6(address) : parseV4(address);
  const bits = isV6 ? 128 : 32;
  const length = prefix === undefined ? bits : Number(prefix);
  if (number === undefined || length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const low = number - number % size + (isV6 ? 0n : V4_START);
  return Intervals.of(low, low + size - 1n);
}

function cidr(text: string): Intervals {
  return parseCidr(text)!;
}

function parseV4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || octets.some((octet) => !/^\d{1,3}$/.test(octet) || Number(octet) > 255)) return undefined;
  return octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
}

function parseV6(text: string): bigint | undefined {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded) {
    const v4 = parseV4(embedded[2]);
    return v4 === undefined ? undefined : parseV6(`${embedded[1]}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`);
  }
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const given = halves.flat();
  const missing = 8 - given.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const groups = halves.length === 2 ? [...halves[0], ...Array<string>(missing).fill('0'), ...halves[1]] : given;
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

/** An address, written as people write it. */
export function formatAddress(number: bigint): string {
  if (number >= V4_START) {
    const v4 = number - V4_START;
    return [24n, 16n, 8n, 0n].map((shift) => (v4 >> shift) & 255n).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) => ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(':');
  return groups.replace(/(^|:)0(:0)+(:|$)/, '::');
}
