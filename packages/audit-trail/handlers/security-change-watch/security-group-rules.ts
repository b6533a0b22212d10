import { fields } from './api-call';

/** What one rule of a security group lets through; what the call did not say is missing. */
export interface Rule {
  readonly protocol?: string;
  readonly from?: string;
  readonly to?: string;
  /** A CIDR, a prefix list, or another group. */
  readonly peer: string;
}

/** What stands around a peer, and whether a group that is named there is one. */
interface Around extends Omit<Rule, 'peer'> {
  readonly amongPeers?: boolean;
}

/** Where groups are peers: elsewhere a group is the one that the rule belongs to. */
const PEERS = ['groups', 'referencedgroupinfo'];

/**
 * Every rule in the parameters or the answer of a call, one for each peer, wherever it stands: `ipPermissions.items[]`, the flat
 * parameters of the old form, `SecurityGroupRule`, once or as a list, or the rules that an answer lists.
 */
export function rulesIn(value: unknown, around: Around = {}): Rule[] {
  if (Array.isArray(value)) return value.flatMap((item) => rulesIn(item, around));

  const named = Object.entries(fields(value)).map(([name, content]): [string, unknown] => [name.toLowerCase(), content]);
  const text = (name: string) => {
    const content = named.find(([candidate]) => candidate === name)?.[1];
    return typeof content === 'string' || typeof content === 'number' ? String(content) : undefined;
  };
  const here: Around = { ...around, protocol: text('ipprotocol') ?? around.protocol, from: text('fromport') ?? around.from, to: text('toport') ?? around.to };
  return named.flatMap(([name, content]) => {
    if (!isPeer(name, here)) return rulesIn(content, { ...here, amongPeers: PEERS.includes(name) || here.amongPeers });
    const { protocol, from, to } = here;
    return typeof content === 'string' ? [{ protocol, from, to, peer: content.trim() }] : [];
  });
}

/** Whether the peer is all of IPv4 or IPv6. */
export function isWorld({ peer }: Rule): boolean {
  return peer.endsWith('/0');
}

/** The rule as people say it. */
export function inWords({ protocol, from, to, peer }: Rule): string {
  return `${traffic(protocol, from, to)} from ${peer}`;
}

function isPeer(name: string, { amongPeers }: Around): boolean {
  return name.startsWith('cidrip') || name === 'prefixlistid' || name === 'referencedgroupid' || (name === 'groupid' && amongPeers === true);
}

function traffic(protocol = 'unknown protocol', from?: string, to?: string): string {
  if (protocol === '-1') return 'all traffic';
  if (from === undefined || from === '-1') return `${protocol}, all ports`;
  return `${protocol} ${to === undefined || to === from ? from : `${from}-${to}`}`;
}
