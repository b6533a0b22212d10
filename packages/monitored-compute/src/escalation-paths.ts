import * as iam from 'aws-cdk-lib/aws-iam';

/** One known way from some permissions to more of them. */
export interface EscalationPath {
  /** What the attacker does. */
  readonly title: string;
  /** Every action the attacker needs; without one of them the path is closed. */
  readonly needs: string[];
}

/**
 * The known ways in which a role of an instance could gain permissions that nobody granted it.
 *
 * `sts:AssumeRole` is not among them: the other role's trust policy must name this one, which is a decision of its own.
 *
 * @see https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
 * @see https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/
 */
export const ESCALATION_PATHS: EscalationPath[] = [
  { title: 'rewrite a policy', needs: ['iam:CreatePolicyVersion'] },
  { title: 'return to a wider version of a policy', needs: ['iam:SetDefaultPolicyVersion'] },
  { title: 'attach a policy to a user', needs: ['iam:AttachUserPolicy'] },
  { title: 'attach a policy to a group', needs: ['iam:AttachGroupPolicy'] },
  { title: 'attach a policy to a role', needs: ['iam:AttachRolePolicy'] },
  { title: 'write an inline policy of a user', needs: ['iam:PutUserPolicy'] },
  { title: 'write an inline policy of a group', needs: ['iam:PutGroupPolicy'] },
  { title: 'write an inline policy of a role', needs: ['iam:PutRolePolicy'] },
  { title: 'take this denial off the role', needs: ['iam:DetachRolePolicy'] },
  { title: 'delete an inline denial of a role', needs: ['iam:DeleteRolePolicy'] },
  { title: 'join a group that may do more', needs: ['iam:AddUserToGroup'] },
  { title: 'let oneself into a role', needs: ['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'] },
  { title: 'widen the boundary of a role', needs: ['iam:PutRolePermissionsBoundary'] },
  { title: 'remove the boundary of a role', needs: ['iam:DeleteRolePermissionsBoundary'] },
  { title: 'widen the boundary of a user', needs: ['iam:PutUserPermissionsBoundary'] },
  { title: 'remove the boundary of a user', needs: ['iam:DeleteUserPermissionsBoundary'] },
  { title: 'make an access key for another user', needs: ['iam:CreateAccessKey'] },
  { title: 'make a console password for another user', needs: ['iam:CreateLoginProfile'] },
  { title: 'change the console password of another user', needs: ['iam:UpdateLoginProfile'] },
  { title: 'make a password for a service as another user', needs: ['iam:CreateServiceSpecificCredential'] },
  { title: 'replace the metadata of a trusted identity provider', needs: ['iam:UpdateSAMLProvider'] },
  { title: 'let another client in through a trusted OpenID provider', needs: ['iam:AddClientIDToOpenIDConnectProvider'] },
  { title: 'start an instance with another role', needs: ['iam:PassRole', 'ec2:RunInstances'] },
  { title: 'write a function with another role', needs: ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'] },
  { title: 'give a function another role', needs: ['iam:PassRole', 'lambda:UpdateFunctionConfiguration'] },
  { title: 'deploy a stack with another role', needs: ['iam:PassRole', 'cloudformation:CreateStack'] },
  { title: 'run a task with another role', needs: ['iam:PassRole', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'] },
  { title: 'open a notebook with another role', needs: ['iam:PassRole', 'sagemaker:CreateNotebookInstance', 'sagemaker:CreatePresignedNotebookInstanceUrl'] },
  { title: 'run a Glue job with another role', needs: ['iam:PassRole', 'glue:CreateJob', 'glue:StartJobRun'] },
  { title: 'open a Glue endpoint with another role', needs: ['iam:PassRole', 'glue:CreateDevEndpoint'] },
  { title: 'run a build with another role', needs: ['iam:PassRole', 'codebuild:CreateProject', 'codebuild:StartBuild'] },
  { title: 'run a data pipeline with another role', needs: ['iam:PassRole', 'datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition', 'datapipeline:ActivatePipeline'] },
  { title: 'run a state machine with another role', needs: ['iam:PassRole', 'states:CreateStateMachine', 'states:StartExecution'] },
  { title: 'put a stronger role into an instance profile', needs: ['iam:PassRole', 'iam:AddRoleToInstanceProfile'] },
  { title: 'give an instance another profile', needs: ['iam:PassRole', 'ec2:AssociateIamInstanceProfile'] },
  { title: 'swap the profile of an instance', needs: ['iam:PassRole', 'ec2:ReplaceIamInstanceProfileAssociation'] },
  { title: 'replace the code of a function that has another role', needs: ['lambda:UpdateFunctionCode'] },
  { title: 'put a layer under a function that has another role', needs: ['lambda:UpdateFunctionConfiguration'] },
  { title: 'log in to a Glue endpoint that has another role', needs: ['glue:UpdateDevEndpoint'] },
  { title: 'replace the script of a Glue job that has another role', needs: ['glue:UpdateJob'] },
  { title: 'update a stack that has another role', needs: ['cloudformation:UpdateStack'] },
  { title: 'change a stack that has another role, by a change set', needs: ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'] },
  { title: 'start a build that has another role with own commands', needs: ['codebuild:StartBuild'] },
  { title: 'start a batch of builds that have another role with own commands', needs: ['codebuild:StartBuildBatch'] },
  { title: 'open a notebook that has another role', needs: ['sagemaker:CreatePresignedNotebookInstanceUrl'] },
  { title: 'rewrite a state machine that has another role', needs: ['states:UpdateStateMachine'] },
  { title: 'enter a container that has another role', needs: ['ecs:ExecuteCommand'] },
  { title: 'run a command on an instance that has another role', needs: ['ssm:SendCommand'] },
  { title: 'open a session on an instance that has another role', needs: ['ssm:StartSession'] },
  { title: 'start an automation that has another role', needs: ['ssm:StartAutomationExecution'] },
  { title: 'log in by SSH to an instance that has another role', needs: ['ec2-instance-connect:SendSSHPublicKey'] },
  { title: 'log in by the serial console to an instance that has another role', needs: ['ec2-instance-connect:SendSerialConsoleSSHPublicKey'] },
  { title: 'replace the user data of an instance that has another role', needs: ['ec2:ModifyInstanceAttribute'] },
];

/**
 * What is denied, by what it would give. Each path above needs at least one of these actions (tested).
 *
 * An explicit deny wins over every grant, also over one that is added to the role by hand later.
 */
const DENIED: Record<string, string[]> = {
  DenyRewritingPolicies: [
    'iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:Attach*Policy', 'iam:Detach*Policy', 'iam:Put*Policy', 'iam:Delete*Policy',
    'iam:UpdateAssumeRolePolicy', 'iam:AddUserToGroup', 'iam:*PermissionsBoundary',
  ],
  DenyBecomingSomeoneElse: ['iam:CreateAccessKey', 'iam:*LoginProfile', 'iam:CreateServiceSpecificCredential', 'iam:*SAMLProvider', 'iam:*OpenIDConnectProvider*'],
  DenyHandingRolesToServices: ['iam:PassRole', 'iam:AddRoleToInstanceProfile', 'ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'],
  DenyRunningCodeAsOthers: [
    'lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'glue:UpdateDevEndpoint', 'glue:UpdateJob',
    'cloudformation:UpdateStack', 'cloudformation:ExecuteChangeSet', 'codebuild:StartBuild*', 'sagemaker:CreatePresigned*', 'states:UpdateStateMachine',
    'ecs:ExecuteCommand', 'ssm:SendCommand', 'ssm:StartSession', 'ssm:StartAutomationExecution', 'ec2-instance-connect:Send*', 'ec2:ModifyInstanceAttribute',
  ],
};

/** The statements that close every known path of privilege escalation. */
export function noPrivilegeEscalation(): iam.PolicyStatement[] {
  return Object.entries(DENIED).map(([sid, actions]) => new iam.PolicyStatement({ sid, effect: iam.Effect.DENY, actions, resources: ['*'] }));
}
