import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * What no instance does, by what it would give. Each way to more permissions that is known needs at least one of these actions: which ways there are is
 * listed in audit-trail, whose boundary is for those who do administer; both are proven against that list in `verification/proofs`.
 *
 * `sts:AssumeRole` is left to whoever grants: the other role's trust policy must name this one, which is a decision of its own.
 *
 * An explicit deny wins over every grant, also over one that is added to the role by hand later.
 *
 * @see https://pathfinding.cloud
 */
const DENIED: Record<string, string[]> = {
  DenyRewritingPolicies: [
    'iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:Attach*Policy', 'iam:Detach*Policy', 'iam:Put*Policy', 'iam:Delete*Policy',
    'iam:UpdateAssumeRolePolicy', 'iam:AddUserToGroup', 'iam:RemoveUserFromGroup', 'iam:*PermissionsBoundary',
  ],
  DenyBecomingSomeoneElse: [
    'iam:CreateRole', 'iam:CreateAccessKey', 'iam:*LoginProfile', 'iam:CreateServiceSpecificCredential', 'iam:*SAMLProvider', 'iam:*OpenIDConnectProvider*',
  ],
  DenyHandingRolesToServices: ['iam:PassRole', 'iam:AddRoleToInstanceProfile', 'ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'],
  DenyRunningCodeAsOthers: [
    'apprunner:UpdateService', 'bedrock-agentcore:InvokeCodeInterpreter', 'cloudformation:UpdateStack', 'cloudformation:UpdateStackSet', 'cloudformation:ExecuteChangeSet',
    'codebuild:StartBuild*', 'codebuild:UpdateProject', 'ec2:ModifyInstanceAttribute', 'ec2:ModifyLaunchTemplate', 'ec2-instance-connect:Send*', 'ecs:ExecuteCommand',
    'glue:UpdateDevEndpoint', 'glue:UpdateJob', 'lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'sagemaker:CreatePresigned*',
    'sagemaker:UpdateNotebookInstance', 'ssm:CreateAssociation', 'ssm:SendCommand', 'ssm:StartSession', 'ssm:StartAutomationExecution', 'states:UpdateStateMachine',
  ],
};

/** The statements that close every known way to more permissions. */
export function noPrivilegeEscalation(): iam.PolicyStatement[] {
  return Object.entries(DENIED).map(([sid, actions]) => new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions, resources: ['*'] }));
}
