import { ApiCall, fields } from './api-call';
import { inWords, isWorld, Rule, rulesIn } from './security-group-rules';

/** What a change did to a security group. */
export interface SecurityGroupChange {
  /** The group by id, or by name where the call gave no id. */
  readonly group: string;
  /** The rules that let the whole internet in, in words. */
  readonly openedToTheWorld: string[];
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
  return { group: groupOf(call), openedToTheWorld: worldIn(call).map((rule) => `${OPENING[call.eventName]} ${inWords(rule)}`) };
}

/** The rules by which a call let the whole internet in. */
export function worldIn({ eventName, requestParameters }: ApiCall): Rule[] {
  return OPENING[eventName] === undefined ? [] : rulesIn(requestParameters).filter(isWorld);
}

/** Newer calls wrap their parameters into a field `<call>Request` and write them with a capital letter. */
function groupOf({ eventName, requestParameters, responseElements }: ApiCall): string {
  const request = fields(requestParameters);
  const wrapped = fields(request[`${eventName}Request`]);
  const names = [request.groupId, wrapped.GroupId, fields(responseElements).groupId, request.groupName, wrapped.GroupName];
  return names.find((name): name is string => typeof name === 'string' && name !== '') ?? 'unknown';
}
