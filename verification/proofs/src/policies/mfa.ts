import { ACCOUNT, Deployment } from '../deployment';
import { Claim, Subject } from './judge-policies';
import { ADMINISTRATOR, PolicyDocument, Request } from './simulator';

const USER = `arn:aws:iam::${ACCOUNT}:user/jane`;
const OTHER = `arn:aws:iam::${ACCOUNT}:user/john`;
const DEVICE = `arn:aws:iam::${ACCOUNT}:mfa/phone`;

/** Without MFA a user enrols a device, and does nothing else; the key is absent when an access key is used (B-07, AUD-01, AUD-02). */
const WITHOUT: Record<string, Record<string, string>> = { 'without MFA': { 'aws:MultiFactorAuthPresent': 'false' }, 'with an access key': {} };
const WITH = { 'aws:MultiFactorAuthPresent': 'true' };

const ENROLMENT: [string, string][] = [
  ['iam:CreateVirtualMFADevice', DEVICE], ['iam:EnableMFADevice', USER], ['iam:ResyncMFADevice', USER], ['iam:ListMFADevices', USER], ['iam:GetMFADevice', USER],
  ['iam:GetUser', USER], ['iam:ListVirtualMFADevices', '*'],
];
const ELSE: [string, string][] = [
  ['iam:DeactivateMFADevice', USER], ['iam:DeleteVirtualMFADevice', DEVICE], ['iam:CreateAccessKey', USER], ['iam:ChangePassword', USER], ['iam:ListUsers', '*'],
  ['iam:AttachUserPolicy', USER], ['s3:GetObject', 'arn:aws:s3:::bucket/object'], ['ec2:RunInstances', '*'], ['ec2:DescribeInstances', '*'],
  ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:secret-AbCdEf`], ['sqs:PurgeQueue', `arn:aws:sqs:eu-central-1:${ACCOUNT}:queue`],
];
const SELF_SERVICE: [string, string][] = [['iam:ChangePassword', USER], ['iam:GetLoginProfile', USER], ['iam:DeactivateMFADevice', USER], ['iam:GetAccountPasswordPolicy', '*']];

/** Every policy that enforces MFA, found by what its construct is called. */
export function mfaSubjects(deployment: Deployment): Subject[] {
  const policies = deployment.resources('AWS::IAM::ManagedPolicy', 'PolicyDocument');
  return policies.filter(({ path }) => path.endsWith('MfaPolicy')).map(({ path, properties }) => ({
    where: `${deployment.name} · ${path}`,
    document: properties.PolicyDocument as PolicyDocument,
    claims: claims(),
  }));
}

function claims(): Claim[] {
  const by = (also: PolicyDocument[], context: Record<string, string>, [action, resource]: [string, string]) =>
    (document: PolicyDocument): Request[] => [{ principal: USER, action, resource, context: { 'aws:username': 'jane', ...context }, identity: [document, ...also] }];
  return [
    ...Object.entries(WITHOUT).flatMap(([how, context]): Claim[] => [
      ...ENROLMENT.map((call) => ({ title: `${how}: ${call[0]}`, allowed: true, requests: by([], context, call) })),
      ...ELSE.map((call) => ({ title: `an administrator ${how}: ${call[0]}`, allowed: false, requests: by([ADMINISTRATOR], context, call) })),
    ]),
    ...ELSE.map((call): Claim => ({ title: `an administrator with MFA: ${call[0]}`, allowed: true, requests: by([ADMINISTRATOR], WITH, call) })),
    ...SELF_SERVICE.map((call): Claim => ({ title: `a user with MFA and nothing else: ${call[0]}`, allowed: true, requests: by([], WITH, call) })),
    { title: 'a user with MFA and nothing else: iam:CreateAccessKey', allowed: false, requests: by([], WITH, ['iam:CreateAccessKey', USER]) },
    { title: "somebody else's device: iam:EnableMFADevice", allowed: false, requests: by([], WITH, ['iam:EnableMFADevice', OTHER]) },
    { title: "somebody else's password: iam:ChangePassword", allowed: false, requests: by([], WITH, ['iam:ChangePassword', OTHER]) },
  ];
}
