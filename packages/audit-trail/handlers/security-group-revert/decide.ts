import { ApiCall } from '../security-change-watch/api-call';
import { inWords, Rule } from '../security-change-watch/security-group-rules';
import { securityGroupChange, worldIn } from '../security-change-watch/security-groups';

/** Rules of a group that are to be taken away. */
export interface Decision {
  /** The group, by id or by name. */
  readonly group: string;
  readonly rules: Rule[];
}

/**
 * Where administrators and databases listen: FTP, SSH, Telnet, RPC, SMB, SQL Server, Oracle, Docker, MySQL, RDP, PostgreSQL, Redshift, VNC, WinRM,
 * Redis, Kubernetes, OpenSearch and Elasticsearch, memcached, MongoDB.
 */
const ADMIN_PORTS = [
  20, 21, 22, 23, 135, 445, 1433, 1434, 1521, 2375, 2376, 3306, 3389, 5432, 5439, 5900, 5985, 5986, 6379, 6443, 9200, 9300, 11211, 27017,
];

/** TCP, UDP and everything, by name or by number. */
const PROTOCOLS = ['tcp', '6', 'udp', '17', '-1'];

/** Decides which rules of those that a call made are to be taken away: all that let the whole internet in on such a port. */
export function decide(call: ApiCall): Decision | undefined {
  if (call.errorCode) return undefined;

  const rules = worldIn(call).filter(opensAdminPort);
  return rules.length > 0 ? { group: securityGroupChange(call).group, rules } : undefined;
}

function opensAdminPort({ protocol = '', from, to }: Rule): boolean {
  if (!PROTOCOLS.includes(protocol)) return false;
  if (protocol === '-1' || from === undefined || from === '-1') return true;
  const [first, last] = [Number(from), Number(to ?? from)];
  return ADMIN_PORTS.some((port) => port >= first && port <= last);
}

/** What became of one rule. */
export interface Outcome {
  readonly rule: Rule;
  /** `GONE`: somebody else was faster, or an earlier attempt. */
  readonly became: 'REVERTED' | 'GONE' | 'STILL_OPEN';
  readonly error?: string;
}

/** What subscribers are told about a revert. */
export interface Notice {
  readonly summary: string;
  readonly reverted: string[];
  readonly gone: string[];
  readonly stillOpen: string[];
  readonly group: string;
  readonly what: string;
  readonly who: string;
  readonly account: string;
  readonly region: string;
  /** The id that CloudTrail gave the call that opened the group. */
  readonly eventId: string;
}

/**
 * What to tell; nothing if there was nothing to take away. A changed rule need not have been an inbound one, which its call does not say: that
 * none was found is no news.
 */
export function notice(call: ApiCall, { group }: Decision, outcomes: Outcome[]): Notice | undefined {
  const [reverted, gone, stillOpen] = (['REVERTED', 'GONE', 'STILL_OPEN'] as const).map((became) => (
    outcomes.filter((outcome) => outcome.became === became).map(({ rule, error }) => `inbound ${inWords(rule)}${error === undefined ? '' : ` (${error})`}`)
  ));
  if (reverted.length + stillOpen.length === 0 && call.eventName !== 'AuthorizeSecurityGroupIngress') return undefined;

  const said = [[stillOpen, 'STILL OPEN TO THE WORLD'], [reverted, 'REVERTED'], [gone, 'GONE ALREADY']] as const;
  const { arn, invokedBy, principalId } = call.userIdentity ?? {};
  const who = arn ?? invokedBy ?? principalId ?? 'unknown';
  return {
    summary: `${said.filter(([rules]) => rules.length > 0).map(([rules, state]) => `${state} (${rules.join('; ')})`).join(', ')}: ${who} had opened ${group}`,
    reverted,
    gone,
    stillOpen,
    group,
    what: call.eventName,
    who,
    account: call.recipientAccountId ?? 'unknown',
    region: call.awsRegion ?? 'unknown',
    eventId: call.eventID,
  };
}
