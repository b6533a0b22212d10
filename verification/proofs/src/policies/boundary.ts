import { ESCALATION_PATHS } from '@tapstack/audit-trail/lib/escalation-paths';
import { ACCOUNT, Deployment, REGION } from '../deployment';
import { pathClaims } from './escalation';
import { Claim, Subject } from './judge-policies';
import { ADMINISTRATOR, PolicyDocument, Request } from './simulator';

const global = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const regional = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

const JANE = global('user/jane');
const WORKER = global('role/bounded/Worker');
const STRONGER = global('role/Administrator');
const TRUSTS_THE_ACCOUNT: PolicyDocument = { Statement: [{ Effect: 'Allow', Principal: { AWS: global('root') }, Action: 'sts:AssumeRole' }] };

/** What people do all day, whatever else they may do. */
const ORDINARY: [string, string][] = [
  ['s3:PutObject', 'arn:aws:s3:::bucket/object'], ['ec2:RunInstances', '*'], ['ec2:AuthorizeSecurityGroupIngress', '*'], ['rds:CreateDBInstance', '*'],
  ['lambda:CreateFunction', regional('lambda', 'function:f')], ['lambda:InvokeFunction', regional('lambda', 'function:f')], ['ecs:RunTask', '*'],
  ['cloudformation:CreateStack', '*'], ['cloudformation:DeleteStack', '*'], ['kms:CreateKey', '*'], ['ssm:GetParameter', '*'], ['sts:GetCallerIdentity', '*'],
  ['iam:GetRole', STRONGER], ['iam:ListRoles', '*'], ['iam:SimulatePrincipalPolicy', STRONGER], ['organizations:DescribeOrganization', '*'], ['account:ListRegions', `arn:aws:account::${ACCOUNT}:account`],
  ['iam:CreateServiceLinkedRole', global('role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS')],
];

/** What would change the account itself, or who may enter it. */
const BEYOND_THE_ACCOUNT: [string, string][] = [
  ['organizations:LeaveOrganization', '*'], ['account:CloseAccount', `arn:aws:account::${ACCOUNT}:account`], ['sso:CreateAccountAssignment', 'arn:aws:sso:::instance/ssoins-1234567890abcdef'], ['identitystore:CreateUser', `arn:aws:identitystore::${ACCOUNT}:identitystore/d-1234567890`],
];

/** What belongs to the user who asks, and nobody else. */
const OWN: string[] = ['iam:ChangePassword', 'iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:EnableMFADevice', 'iam:ResyncMFADevice'];

/** Calls about a role that say which boundary it has, or is to have. */
const SAY_THE_BOUNDARY = [
  'iam:CreateRole', 'iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:PutRolePermissionsBoundary',
];

/** Calls about what lies below the path. */
const BELOW_THE_PATH: [string, string][] = [
  ['iam:PassRole', WORKER], ['iam:DeleteRole', WORKER], ['iam:TagRole', WORKER], ['iam:UpdateAssumeRolePolicy', WORKER], ['iam:CreatePolicy', global('policy/bounded/Work')],
  ['iam:CreatePolicyVersion', global('policy/bounded/Work')], ['iam:AddRoleToInstanceProfile', global('instance-profile/bounded/Workers')],
];

/** Every boundary: an administrator who has it gets to no more by any known way, and works (AUD-25, AUD-26). */
export function boundarySubjects(deployment: Deployment): Subject[] {
  const boundaries = deployment.resources('AWS::IAM::ManagedPolicy', 'PolicyDocument').filter(({ path }) => path.endsWith('Boundary/Policy'));
  return boundaries.map(({ path, arn, properties }) => {
    const document = ownName(properties.PolicyDocument as PolicyDocument, arn);
    return { where: `${deployment.name} · ${path}`, document, claims: boundaryClaims(arn) };
  });
}

/** The name that a boundary has in its own text, as the one it has here. */
function ownName(document: PolicyDocument, arn: string): PolicyDocument {
  const named = document.Statement.flatMap(({ Condition }) => Condition?.StringEquals?.['iam:PermissionsBoundary'] ?? []);
  if (named.length !== 1) throw new Error(`a boundary must name itself once, got ${named.length} times`);
  return JSON.parse(JSON.stringify(document).replace(JSON.stringify(named[0]), JSON.stringify(arn))) as PolicyDocument;
}

export function boundaryClaims(boundaryArn: string): Claim[] {
  const may = (action: string, resource: string, { context, resourcePolicy }: Partial<Request> = {}) => (boundary: PolicyDocument): Request[] => [
    { principal: JANE, action, resource, context: { 'aws:username': 'jane', ...context }, resourcePolicy, identity: [ADMINISTRATOR], boundary },
  ];
  const withBoundary = (arn: string) => ({ context: { 'iam:PermissionsBoundary': arn } });
  const assume = { resourcePolicy: TRUSTS_THE_ACCOUNT };
  const claim = (allowed: boolean, title: string, requests: Claim['requests']): Claim => ({ title, allowed, requests });
  const mayRun = { resourcePolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: JANE }, Action: 'lambda:UpdateFunctionCode', Resource: '*' }] } };

  return [
    ...ESCALATION_PATHS.flatMap((path) => pathClaims(path, (boundary) => ({ identity: [ADMINISTRATOR], boundary }))),
    ...['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicy', 'iam:DeletePolicyVersion'].map((action) => (
      claim(false, `on the boundary itself: ${action}`, may(action, boundaryArn)))),
    claim(false, 'where the function itself lets her: lambda:UpdateFunctionCode', may('lambda:UpdateFunctionCode', regional('lambda', 'function:f'), mayRun)),

    ...ORDINARY.map(([action, resource]) => claim(true, `ordinary work: ${action}`, may(action, resource))),
    ...OWN.flatMap((action) => [
      claim(true, `on herself: ${action}`, may(action, JANE)),
      claim(false, `on another user: ${action}`, may(action, global('user/john'))),
    ]),
    claim(true, 'a device of her own: iam:CreateVirtualMFADevice', may('iam:CreateVirtualMFADevice', global('mfa/phone'))),

    ...SAY_THE_BOUNDARY.flatMap((action) => [
      claim(true, `a role with the boundary: ${action}`, may(action, WORKER, withBoundary(boundaryArn))),
      claim(false, `a role with another boundary: ${action}`, may(action, WORKER, withBoundary('arn:aws:iam::aws:policy/AdministratorAccess'))),
      claim(false, `a role without a boundary: ${action}`, may(action, WORKER)),
      claim(false, `a role with the boundary outside of the path: ${action}`, may(action, STRONGER, withBoundary(boundaryArn))),
    ]),
    claim(false, 'a role without its boundary: iam:DeleteRolePermissionsBoundary', may('iam:DeleteRolePermissionsBoundary', WORKER, withBoundary(boundaryArn))),
    ...BELOW_THE_PATH.map(([action, resource]) => claim(true, `below the path: ${action}`, may(action, resource))),
    claim(true, 'a role below the path: sts:AssumeRole', may('sts:AssumeRole', WORKER, assume)),
    claim(false, 'in the root user of another account: sts:AssumeRoot', may('sts:AssumeRoot', 'arn:aws:iam::444455556666:root')),
    ...['iam:PassRole', 'iam:UpdateAssumeRolePolicy', 'iam:DeleteRole'].map((action) => claim(false, `outside of the path: ${action}`, may(action, STRONGER))),
    ...BEYOND_THE_ACCOUNT.map(([action, resource]) => claim(false, `beyond the account: ${action}`, may(action, resource))),
  ];
}
