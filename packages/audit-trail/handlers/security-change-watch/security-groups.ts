import { ApiCall, fields } from './api-call';

/** What a change did to a security group. */
export interface SecurityGroupChange {
  /** The group by id, or by name where the call gave no id. */
  readonly group: string;
  /** The rules that let the whole internet in, in words. */
  readonly openedToTheWorld: string[];
}

/** What can follow a CIDR in words, inherited from the rule around it. */
interface Rule {
  readonly protocol?: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * The calls that can let traffic in. A changed rule is among them although the call does not say its direction: better
 * one alarm too many.
 *
 * Descriptions and revocations name the same addresses, and open nothing. What a group lets out opens nothing either.
 */
const OPENING: Record<string, string> = { AuthorizeSecurityGroupIngress: 'inbound', ModifySecurityGroupRules: 'changed rule' };

/** Reads what a call did to a security group; what the call did not say is 'unknown'. */
export function securityGroupChange(call: ApiCall): SecurityGroupChange {
  const direction = OPENING[call.eventName];
  return {
    group: groupOf(call),
    openedToTheWorld: direction === undefined ? [] : worldIn(call.requestParameters).map((rule) => `${direction} ${rule}`),
  };
}

/** Newer calls wrap their parameters into a field `<call>Request` and write them with a capital letter. */
function groupOf({ eventName, requestParameters, responseElements }: ApiCall): string {
  const request = fields(requestParameters);
  const wrapped = fields(request[`${eventName}Request`]);
  const names = [request.groupId, wrapped.GroupId, fields(responseElements).groupId, request.groupName, wrapped.GroupName];
  return names.find((name): name is string => typeof name === 'string' && name !== '') ?? 'unknown';
}

/**
 * Every rule with a CIDR that is all of IPv4 or IPv6, wherever in the parameters it stands: `ipPermissions.items[]`, the
 * flat parameters of the old form, or `SecurityGroupRule`, once or as a list.
 */
function worldIn(value: unknown, around: Rule = {}): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => worldIn(item, around));

  const named = Object.entries(fields(value)).map(([name, content]): [string, unknown] => [name.toLowerCase(), content]);
  const text = (name: string) => {
    const content = named.find(([candidate]) => candidate === name)?.[1];
    return typeof content === 'string' || typeof content === 'number' ? String(content) : undefined;
  };
  const rule: Rule = { protocol: text('ipprotocol') ?? around.protocol, from: text('fromport') ?? around.from, to: text('toport') ?? around.to };
  return named.flatMap(([name, content]) => {
    if (!name.startsWith('cidrip')) return worldIn(content, rule);
    return typeof content === 'string' && content.trim().endsWith('/0') ? [`${inWords(rule)} from ${content.trim()}`] : [];
  });
}

function inWords({ protocol, from, to }: Rule): string {
  if (protocol === '-1') return 'all traffic';
  if (from === undefined || from === '-1') return `${protocol ?? 'unknown protocol'}, all ports`;
  return `${protocol ?? 'unknown protocol'} ${to === undefined || to === from ? from : `${from}-${to}`}`;
}
