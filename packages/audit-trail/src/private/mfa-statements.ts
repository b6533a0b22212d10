import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/**
 * All that a user without MFA may do: look at the own user and its devices, add a device, and begin a session with it.
 *
 * Taking a device away is missing on purpose: a stolen password alone must not undo the second factor.
 */
export const ENROLMENT_ACTIONS = [
  'iam:CreateVirtualMFADevice', 'iam:EnableMFADevice', 'iam:GetMFADevice', 'iam:GetUser', 'iam:ListMFADevices', 'iam:ListVirtualMFADevices',
  'iam:ResyncMFADevice', 'sts:GetSessionToken',
];

/**
 * MFA enforcement: users manage their own second factor, and without it do nothing else.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
 */
export function mfaStatements(scope: IConstruct): iam.PolicyStatement[] {
  const inAccount = (resource: string) => Stack.of(scope).formatArn({ service: 'iam', region: '', resource });
  // names of users are unique in the account whatever their path, so the second form reaches nobody else
  const ownUser = [inAccount('user/${aws:username}'), inAccount('user/*/${aws:username}')];
  const anyDevice = [inAccount('mfa/*')];

  return [
    // listing and the account's password policy have no resource that could be named
    allow('AllowViewAccountInfo', ['iam:GetAccountPasswordPolicy', 'iam:ListVirtualMFADevices'], ['*']),
    allow('AllowManageOwnPassword', ['iam:ChangePassword', 'iam:GetLoginProfile', 'iam:GetUser'], ownUser),
    // users choose the names of their devices; a device works for nobody until its owner enables it
    allow('AllowCreateMfaDevice', ['iam:CreateVirtualMFADevice'], anyDevice),
    allow('AllowManageOwnMfa', ['iam:DeactivateMFADevice', 'iam:EnableMFADevice', 'iam:GetMFADevice', 'iam:ListMFADevices', 'iam:ResyncMFADevice'], ownUser),
    new iam.PolicyStatement({
      sid: 'DenyAllExceptEnrolmentWithoutMfa',
      effect: iam.Effect.DENY,
      notActions: ENROLMENT_ACTIONS,
      resources: ['*'],
      // IfExists: calls with an access key carry no such value, and must be denied as well
      conditions: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
    }),
  ];
}

function allow(sid: string, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources });
}
