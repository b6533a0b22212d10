import { ApiCall, fields } from './api-call';
import { inWords, rulesIn } from './security-group-rules';

/**
 * What a change turned into what. CloudTrail records what was asked and answered, and not what was there before: that is known only
 * where the call would have failed otherwise, or where its answer says it.
 */
export interface BeforeAfter {
  /** What was there; nothing if the event does not say. */
  readonly before?: string;
  /** What is there now; nothing if the event does not say. */
  readonly after?: string;
}

const NOTHING = 'nothing';

type Reading = (call: ApiCall) => BeforeAfter;

/** By call; of a call that is not here the event has nothing but what was asked for. */
const READINGS: Readonly<Record<string, Reading>> = {
  // fails where there is such a rule already
  AuthorizeSecurityGroupIngress: made(({ requestParameters }) => rules(requestParameters)),
  AuthorizeSecurityGroupEgress: made(({ requestParameters }) => rules(requestParameters)),
  // succeeds in a default network though there is no such rule: only the answer says what was taken away
  RevokeSecurityGroupIngress: gone(({ responseElements }) => rules(fields(responseElements).revokedSecurityGroupRuleSet)),
  RevokeSecurityGroupEgress: gone(({ responseElements }) => rules(fields(responseElements).revokedSecurityGroupRuleSet)),
  ModifySecurityGroupRules: changed(({ requestParameters }) => rules(requestParameters)),
  // fails where there is an entry with that number
  CreateNetworkAclEntry: made(entry),
  ReplaceNetworkAclEntry: changed(entry),
  ReplaceRoute: changed(route),
  ReplaceNetworkAclAssociation: replaced('networkAclId'),
  ReplaceRouteTableAssociation: replaced('routeTableId'),
  // fail where the gateway is attached, or is not
  AttachInternetGateway: made(({ requestParameters }) => text(requestParameters, 'vpcId')),
  DetachInternetGateway: gone(({ requestParameters }) => text(requestParameters, 'vpcId')),
  // fail where there is no such policy; attaching one that is attached succeeds
  DetachGroupPolicy: gone(policy),
  DetachRolePolicy: gone(policy),
  DetachUserPolicy: gone(policy),
  AttachGroupPolicy: changed(policy),
  AttachRolePolicy: changed(policy),
  AttachUserPolicy: changed(policy),
  DeleteGroupPolicy: gone(policy),
  DeleteRolePolicy: gone(policy),
  DeleteUserPolicy: gone(policy),
  SetDefaultPolicyVersion: changed(({ requestParameters }) => text(requestParameters, 'versionId')),
  ScheduleKeyDeletion: changed(({ responseElements }) => text(responseElements, 'keyState')),
  PutBucketPublicAccessBlock: changed(publicAccessBlock),
  PutAccountPublicAccessBlock: changed(publicAccessBlock),
};

/** Reads what a change turned into what. */
export function beforeAfter(call: ApiCall): BeforeAfter {
  return READINGS[call.eventName]?.(call) ?? {};
}

type Read = (call: ApiCall) => string | undefined;

function made(read: Read): Reading {
  return known(read, (after) => ({ before: NOTHING, after }));
}

function gone(read: Read): Reading {
  return known(read, (before) => ({ before, after: NOTHING }));
}

function changed(read: Read): Reading {
  return known(read, (after) => ({ after }));
}

/** The call names the association that is gone, and its answer the new one. */
function replaced(target: string): Reading {
  return (call) => known(
    ({ responseElements }) => text(responseElements, 'newAssociationId'),
    (after) => ({ before: text(call.requestParameters, 'associationId'), after: `${after} with ${text(call.requestParameters, target) ?? 'unknown'}` }),
  )(call);
}

function known(read: Read, tell: (value: string) => BeforeAfter): Reading {
  return (call) => {
    const value = read(call);
    return value === undefined ? {} : tell(value);
  };
}

function rules(value: unknown): string | undefined {
  const found = rulesIn(value).map(inWords);
  return found.length > 0 ? found.join('; ') : undefined;
}

function entry({ requestParameters }: ApiCall): string | undefined {
  const { ruleNumber, egress, ruleAction, aclProtocol, portRange, cidrBlock, ipv6CidrBlock } = fields(requestParameters);
  const { from, to } = fields(portRange);
  const peer = cidrBlock ?? ipv6CidrBlock;
  if (ruleNumber === undefined || ruleAction === undefined || peer === undefined) return undefined;
  const direction = String(egress) === 'true' ? 'outbound to' : 'inbound from';
  const ports = from === undefined ? '' : `, ports ${String(from)}-${String(to)}`;
  const protocol = aclProtocol === undefined || String(aclProtocol) === '-1' ? '' : `, protocol ${String(aclProtocol)}`;
  return `${String(ruleNumber)}: ${String(ruleAction)} ${direction} ${String(peer)}${protocol}${ports}`;
}

function route({ requestParameters }: ApiCall): string | undefined {
  const request = fields(requestParameters);
  const to = Object.keys(request).filter((name) => name !== 'routeTableId' && !name.startsWith('destination')).map((name) => text(request, name)).find((one) => one !== undefined);
  const destination = text(request, 'destinationCidrBlock') ?? text(request, 'destinationIpv6CidrBlock') ?? text(request, 'destinationPrefixListId');
  return to === undefined || destination === undefined ? undefined : `${destination} by ${to}`;
}

function policy({ requestParameters }: ApiCall): string | undefined {
  return text(requestParameters, 'policyArn') ?? text(requestParameters, 'policyName');
}

function publicAccessBlock({ requestParameters }: ApiCall): string | undefined {
  const switches = Object.entries(fields(fields(requestParameters).PublicAccessBlockConfiguration)).filter(([name]) => name !== 'xmlns');
  return switches.length > 0 ? switches.map(([name, value]) => `${name} ${String(value)}`).join(', ') : undefined;
}

function text(value: unknown, name: string): string | undefined {
  const content = fields(value)[name];
  return typeof content === 'string' && content !== '' ? content : undefined;
}
