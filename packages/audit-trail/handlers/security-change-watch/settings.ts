import { ApiCall, fields } from './api-call';
import { isForEverybody } from './for-everybody';

/** What a change did that is not one of a security group. */
export interface SettingChange {
  /** What was changed, by the name that the call gave or was answered. */
  readonly resource: string;
  /** What is open to everybody since, in words. */
  readonly openedToTheWorld: string[];
}

type Request = Record<string, unknown>;

/** The parameters by which calls name what they change, the most telling first: a role before the policy that it gets. */
const NAMES = [
  'networkAclId', 'routeTableId', 'internetGatewayId', 'egressOnlyInternetGatewayId', 'natGatewayId', 'carrierGatewayId', 'vpnConnectionId', 'vpnGatewayId',
  'customerGatewayId', 'vpcPeeringConnectionId', 'transitGatewayAttachmentId', 'associationId', 'vpcId', 'roleName', 'userName', 'groupName', 'policyArn',
  'samlProviderArn', 'openIDConnectProviderArn', 'keyId', 'targetKeyId', 'aliasName', 'policyName', 'trailName', 'name', 'bucketName',
];

/** What opens something to everybody, by call; what the call did not say is not guessed. */
const OPENED: Record<string, (request: Request) => string[]> = {
  CreateNetworkAclEntry: aclEntry,
  ReplaceNetworkAclEntry: aclEntry,
  CreateRoute: defaultRoute,
  ReplaceRoute: defaultRoute,
  CreateRole: ({ assumeRolePolicyDocument }) => policy('role', assumeRolePolicyDocument),
  UpdateAssumeRolePolicy: ({ policyDocument }) => policy('role', policyDocument),
  PutKeyPolicy: (request) => policy('key', request.policy),
  PutBucketPolicy: ({ bucketPolicy }) => policy('bucket', bucketPolicy),
  PutBucketAcl: (request) => (EVERYBODY.test(JSON.stringify(request)) ? ['an access control list for everybody'] : []),
  PutBucketPublicAccessBlock: notBlocked,
  PutAccountPublicAccessBlock: notBlocked,
  DeleteBucketPublicAccessBlock: () => ['public access is no longer blocked'],
  DeleteAccountPublicAccessBlock: () => ['public access is no longer blocked in the account'],
};

/** The groups of S3 that are everybody, and everybody with an account; and the canned lists that name the first. */
const EVERYBODY = /AllUsers|AuthenticatedUsers|"public-read|"authenticated-read/;

const BLOCKS = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

/** Reads what a call did; what it did not say is 'unknown'. */
export function settingChange(call: ApiCall): SettingChange {
  return { resource: resourceOf(call), openedToTheWorld: OPENED[call.eventName]?.(fields(call.requestParameters)) ?? [] };
}

function resourceOf({ eventName, requestParameters, responseElements, recipientAccountId }: ApiCall): string {
  const [asked, answered] = [requestParameters, responseElements].map((value) => new Map(texts(value)));
  const named = NAMES.map((name) => asked.get(name.toLowerCase()) ?? answered.get(name.toLowerCase())).find((name) => name !== undefined);
  // what changes the account itself names nothing else
  return named ?? (eventName.includes('Account') ? recipientAccountId : undefined) ?? 'unknown';
}

/** Every text with its name, in small letters and however deep: newer calls wrap their parameters, and answers hold what was made. */
function texts(value: unknown): [string, string][] {
  return Object.entries(fields(value)).flatMap(([name, content]): [string, string][] => (
    typeof content === 'string' && content !== '' ? [[name.toLowerCase(), content]] : texts(content)
  ));
}

function aclEntry({ ruleAction, egress, cidrBlock, ipv6CidrBlock }: Request): string[] {
  if (ruleAction !== 'allow' || String(egress) === 'true') return [];
  return [cidrBlock, ipv6CidrBlock].flatMap((cidr) => (
    typeof cidr === 'string' && cidr.endsWith('/0') ? [`an inbound entry from ${cidr}`] : []
  ));
}

function defaultRoute({ destinationCidrBlock, destinationIpv6CidrBlock, gatewayId }: Request): string[] {
  const everywhere = [destinationCidrBlock, destinationIpv6CidrBlock].some((cidr) => typeof cidr === 'string' && cidr.endsWith('/0'));
  return everywhere && typeof gatewayId === 'string' && gatewayId.startsWith('igw-') ? [`a default route to ${gatewayId}`] : [];
}

function policy(of: string, document: unknown): string[] {
  return isForEverybody(document) ? [`a ${of} policy for everybody`] : [];
}

/** What a call does not say of the four is off. */
function notBlocked({ PublicAccessBlockConfiguration }: Request): string[] {
  const off = BLOCKS.filter((name) => String(fields(PublicAccessBlockConfiguration)[name]) !== 'true');
  return off.length > 0 ? [`public access without ${off.join(', ')}`] : [];
}
