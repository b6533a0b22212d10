import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** What is decided about a boundary. */
export interface BoundaryDecisions {
  /** The name of the policy that is the boundary. */
  readonly policyName: string;
  /** The path of what may be made. */
  readonly path: string;
  /** Roles outside of the path that may be assumed and passed. */
  readonly trustedRoles: iam.IRole[];
  /** ARNs of what has no stronger role, and may be given other code. */
  readonly boundedWorkloads: string[];
}

/** What replaces code, or runs commands, where the role of somebody else is at work. */
const RUN_CODE_AS_OTHERS = [
  'apprunner:UpdateService', 'bedrock-agentcore:InvokeCodeInterpreter', 'cloudformation:ExecuteChangeSet', 'cloudformation:UpdateStack*',
  'codebuild:StartBuild*', 'codebuild:UpdateProject', 'ec2:CreateLaunchTemplateVersion', 'ec2:ModifyInstanceAttribute', 'ec2:ModifyLaunchTemplate',
  'ec2-instance-connect:Send*', 'ecs:ExecuteCommand', 'glue:UpdateDevEndpoint', 'glue:UpdateJob', 'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration', 'sagemaker:CreatePresigned*', 'sagemaker:UpdateNotebookInstance*', 'ssm:CreateAssociation*',
  'ssm:ResumeSession', 'ssm:SendCommand', 'ssm:StartAutomationExecution', 'ssm:StartSession', 'ssm:UpdateAssociation', 'states:UpdateStateMachine',
];

/**
 * A boundary that closes every known way to more permissions, and leaves everything else to the policies of who has it.
 *
 * Of IAM only what is named is allowed, so that a way nobody knows yet is closed as well. What runs code in the name of others is
 * denied: a permission that the policy of a function or a role gives would pass a boundary that merely does not allow it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function boundaryStatements(scope: IConstruct, decisions: BoundaryDecisions): iam.PolicyStatement[] {
  const { policyName, path, trustedRoles, boundedWorkloads } = decisions;
  const inAccount = (resource: string) => Stack.of(scope).formatArn({ service: 'iam', region: '', resource });
  const below = (kind: string) => inAccount(`${kind}${path}*`);
  const trusted = trustedRoles.map((role) => role.roleArn);

  return [
    new iam.PolicyStatement({
      sid: 'AllowOrdinaryWork',
      notActions: ['account:*', 'iam:*', 'identitystore:*', 'organizations:*', 'sso:*', 'sso-directory:*'],
      resources: ['*'],
    }),
    // reading has no resource that could be named; the roles that services make for themselves are written by AWS
    allow('AllowReadingIdentities', [
      'account:Get*', 'account:List*', 'iam:CreateServiceLinkedRole', 'iam:Generate*', 'iam:Get*', 'iam:List*', 'iam:Simulate*', 'organizations:Describe*',
      'organizations:List*',
    ], ['*']),
    // names of users are unique in the account whatever their path, so the second form reaches nobody else
    allow('AllowOwnCredentials', ['iam:ChangePassword', 'iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:UpdateAccessKey', 'iam:*MFADevice'],
      [inAccount('user/${aws:username}'), inAccount('user/*/${aws:username}'), inAccount('mfa/*')]),
    new iam.PolicyStatement({
      sid: 'AllowRolesWithThisBoundary',
      actions: [
        'iam:AttachRolePolicy', 'iam:CreateRole', 'iam:DeleteRolePolicy', 'iam:DetachRolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy',
      ],
      resources: [below('role')],
      conditions: { StringEquals: { 'iam:PermissionsBoundary': inAccount(`policy/${policyName}`) } },
    }),
    // for these IAM does not say which boundary the role has: the path does
    allow('AllowUsingThem', [
      'iam:*InstanceProfile', 'iam:CreatePolicy*', 'iam:DeletePolicy*', 'iam:DeleteRole', 'iam:PassRole', 'iam:SetDefaultPolicyVersion', 'iam:TagPolicy',
      'iam:TagRole', 'iam:UntagPolicy', 'iam:UntagRole', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole*',
    ], [below('instance-profile'), below('policy'), below('role')]),
    ...(trusted.length > 0 ? [allow('AllowPassingTrustedRoles', ['iam:PassRole'], trusted)] : []),
    deny('DenyOtherRoles', ['sts:AssumeRole', 'sts:AssumeRoot'], [below('role'), ...trusted]),
    deny('DenyRunningCodeAsOthers', RUN_CODE_AS_OTHERS, boundedWorkloads),
  ];
}

function allow(sid: string, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources });
}

/** Denies on everything but these. */
function deny(sid: string, actions: string[], except: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions, ...(except.length > 0 ? { notResources: except } : { resources: ['*'] }) });
}
