/** One known way from some permissions to more of them. */
export interface EscalationPath {
  /** The number it has in the catalogue of pathfinding.cloud, or the calls it is made of. */
  readonly id: string;
  /** What somebody does who goes it. */
  readonly title: string;
  /** Every action that is needed; without one of them the path is closed. */
  readonly needs: string[];
  /** Where it is described. */
  readonly source: string;
}

const RHINO = 'https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation-part-2/';
const HACKING_THE_CLOUD = 'https://hackingthe.cloud/aws/exploitation/iam_privilege_escalation/';
const IAM_ACTIONS = actionsOf('awsidentityandaccessmanagementiam');
const BOUNDARIES = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html';
const CONNECT = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-to-serial-console.html';
const STEP_FUNCTIONS = 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html';
const ECS_EXEC = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html';
const AUTOMATION = 'https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup.html';
const STATE_MANAGER = 'https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state.html';
const PROFILES = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html';

/**
 * The known ways to more permissions: all of the catalogue of pathfinding.cloud, which holds those of Rhino Security Labs, and some
 * more.
 *
 * @see https://pathfinding.cloud
 * @see https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
 */
export const ESCALATION_PATHS: EscalationPath[] = [
  // rewriting what permits
  catalogued('iam-001', 'rewrite a policy', 'iam:CreatePolicyVersion'),
  path('iam:SetDefaultPolicyVersion', 'return to a wider version of a policy', HACKING_THE_CLOUD),
  catalogued('iam-005', 'write an inline policy of the own role', 'iam:PutRolePolicy'),
  catalogued('iam-007', 'write an inline policy of the own user', 'iam:PutUserPolicy'),
  catalogued('iam-008', 'attach a policy to the own user', 'iam:AttachUserPolicy'),
  catalogued('iam-009', 'attach a policy to the own role', 'iam:AttachRolePolicy'),
  catalogued('iam-010', 'attach a policy to a group one is in', 'iam:AttachGroupPolicy'),
  catalogued('iam-011', 'write an inline policy of a group one is in', 'iam:PutGroupPolicy'),
  catalogued('iam-013', 'join a group that may do more', 'iam:AddUserToGroup'),
  path('iam:RemoveUserFromGroup', 'leave a group that denies', IAM_ACTIONS),
  path('iam:DetachRolePolicy', 'take a denial off a role', HACKING_THE_CLOUD),
  path('iam:DeleteRolePolicy', 'delete an inline denial of a role', HACKING_THE_CLOUD),
  path('iam:DetachUserPolicy', 'take a denial off a user', HACKING_THE_CLOUD),
  path('iam:DeleteUserPolicy', 'delete an inline denial of a user', HACKING_THE_CLOUD),
  path('iam:PutRolePermissionsBoundary', 'widen the boundary of a role', BOUNDARIES),
  path('iam:DeleteRolePermissionsBoundary', 'remove the boundary of a role', HACKING_THE_CLOUD),
  path('iam:PutUserPermissionsBoundary', 'widen the boundary of a user', BOUNDARIES),
  path('iam:DeleteUserPermissionsBoundary', 'remove the boundary of a user', HACKING_THE_CLOUD),

  // becoming somebody else
  catalogued('iam-002', 'make an access key for another user', 'iam:CreateAccessKey'),
  catalogued('iam-003', 'replace an access key of another user', 'iam:CreateAccessKey', 'iam:DeleteAccessKey'),
  catalogued('iam-004', 'make a console password for another user', 'iam:CreateLoginProfile'),
  catalogued('iam-006', 'change the console password of another user', 'iam:UpdateLoginProfile'),
  path('iam:CreateServiceSpecificCredential', 'make a password for a service as another user', IAM_ACTIONS),
  path('iam:UpdateSAMLProvider', 'replace the metadata of a trusted identity provider', IAM_ACTIONS),
  path('iam:AddClientIDToOpenIDConnectProvider', 'let another client in through a trusted OpenID provider', IAM_ACTIONS),
  path('iam:CreateUser + iam:CreateAccessKey', 'make a user without a boundary', BOUNDARIES),
  path('iam:CreateRole + sts:AssumeRole', 'make a role without a boundary', BOUNDARIES),
  catalogued('iam-012', 'let oneself into a role', 'iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'),
  catalogued('iam-014', 'attach a policy to a role one may assume', 'iam:AttachRolePolicy', 'sts:AssumeRole'),
  catalogued('iam-015', 'attach a policy to a user and make a key for it', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'),
  catalogued('iam-016', 'rewrite a policy of a role one may assume', 'iam:CreatePolicyVersion', 'sts:AssumeRole'),
  catalogued('iam-017', 'write an inline policy of a role one may assume', 'iam:PutRolePolicy', 'sts:AssumeRole'),
  catalogued('iam-018', 'write an inline policy of a user and make a key for it', 'iam:PutUserPolicy', 'iam:CreateAccessKey'),
  catalogued('iam-019', 'attach a policy to a role and let oneself in', 'iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'),
  catalogued('iam-020', 'rewrite a policy of a role and let oneself in', 'iam:CreatePolicyVersion', 'iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'),
  catalogued('iam-021', 'write an inline policy of a role and let oneself in', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'),
  catalogued('sts-001', 'assume a role that trusts the whole account', 'sts:AssumeRole'),

  // handing a role to a service
  catalogued('apprunner-001', 'run a service of App Runner with another role', 'iam:PassRole', 'apprunner:CreateService'),
  path('iam:PassRole + ec2:CreateLaunchTemplate + autoscaling:CreateAutoScalingGroup', 'let a group start instances with another role', HACKING_THE_CLOUD),
  catalogued('bedrock-001', 'run a code interpreter with another role',
    'iam:PassRole', 'bedrock-agentcore:CreateCodeInterpreter', 'bedrock-agentcore:StartCodeInterpreterSession'),
  catalogued('cloudformation-001', 'deploy a stack with another role', 'iam:PassRole', 'cloudformation:CreateStack'),
  catalogued('cloudformation-003', 'deploy a stack set with another role',
    'iam:PassRole', 'cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'),
  catalogued('cloudformation-004', 'give a stack set another role', 'iam:PassRole', 'cloudformation:UpdateStackSet'),
  catalogued('codebuild-001', 'run a build with another role', 'iam:PassRole', 'codebuild:CreateProject', 'codebuild:StartBuild'),
  catalogued('codebuild-004', 'run a batch of builds with another role', 'iam:PassRole', 'codebuild:CreateProject', 'codebuild:StartBuildBatch'),
  catalogued('datapipeline-001', 'run a data pipeline with another role',
    'iam:PassRole', 'datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'),
  catalogued('ec2-001', 'start an instance with another role', 'iam:PassRole', 'ec2:RunInstances'),
  catalogued('ec2-003', 'ask for a spot instance with another role', 'iam:PassRole', 'ec2:RequestSpotInstances'),
  path('iam:PassRole + iam:AddRoleToInstanceProfile', 'put a stronger role into an instance profile', PROFILES),
  path('iam:PassRole + ec2:AssociateIamInstanceProfile', 'give an instance another profile', PROFILES),
  path('iam:PassRole + ec2:ReplaceIamInstanceProfileAssociation', 'swap the profile of an instance', PROFILES),
  catalogued('ecs-001', 'run a service with another role in a new cluster',
    'iam:PassRole', 'ecs:CreateCluster', 'ecs:RegisterTaskDefinition', 'ecs:CreateService'),
  catalogued('ecs-002', 'run a task with another role in a new cluster',
    'iam:PassRole', 'ecs:CreateCluster', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'),
  catalogued('ecs-003', 'run a service with another role', 'iam:PassRole', 'ecs:RegisterTaskDefinition', 'ecs:CreateService'),
  catalogued('ecs-004', 'run a task with another role', 'iam:PassRole', 'ecs:RegisterTaskDefinition', 'ecs:RunTask'),
  catalogued('ecs-005', 'run a task with another role on an instance', 'iam:PassRole', 'ecs:RegisterTaskDefinition', 'ecs:StartTask'),
  catalogued('glue-001', 'open a Glue endpoint with another role', 'iam:PassRole', 'glue:CreateDevEndpoint'),
  catalogued('glue-003', 'run a Glue job with another role', 'iam:PassRole', 'glue:CreateJob', 'glue:StartJobRun'),
  catalogued('glue-004', 'let a trigger run a Glue job with another role', 'iam:PassRole', 'glue:CreateJob', 'glue:CreateTrigger'),
  catalogued('glue-005', 'give a Glue job another role', 'iam:PassRole', 'glue:UpdateJob', 'glue:StartJobRun'),
  catalogued('glue-006', 'give a Glue job another role and let a trigger run it', 'iam:PassRole', 'glue:UpdateJob', 'glue:CreateTrigger'),
  catalogued('lambda-001', 'write a function with another role', 'iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'),
  catalogued('lambda-002', 'write a function with another role that a stream calls',
    'iam:PassRole', 'lambda:CreateFunction', 'lambda:CreateEventSourceMapping'),
  catalogued('lambda-006', 'write a function with another role that others may call', 'iam:PassRole', 'lambda:CreateFunction', 'lambda:AddPermission'),
  path('iam:PassRole + lambda:UpdateFunctionConfiguration', 'give a function another role', actionsOf('awslambda')),
  catalogued('sagemaker-001', 'open a notebook with another role', 'iam:PassRole', 'sagemaker:CreateNotebookInstance'),
  catalogued('sagemaker-002', 'run a training job with another role', 'iam:PassRole', 'sagemaker:CreateTrainingJob'),
  catalogued('sagemaker-003', 'run a processing job with another role', 'iam:PassRole', 'sagemaker:CreateProcessingJob'),
  path('iam:PassRole + states:CreateStateMachine + states:StartExecution', 'run a state machine with another role', STEP_FUNCTIONS),

  // running code where another role is at work
  catalogued('apprunner-002', 'replace the image of a service of App Runner', 'apprunner:UpdateService'),
  catalogued('bedrock-002', 'run code in a code interpreter that has another role',
    'bedrock-agentcore:StartCodeInterpreterSession', 'bedrock-agentcore:InvokeCodeInterpreter'),
  catalogued('cloudformation-002', 'update a stack that has another role', 'cloudformation:UpdateStack'),
  catalogued('cloudformation-005', 'change a stack that has another role, by a change set', 'cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'),
  path('cloudformation:UpdateStackSet', 'update a stack set that has another role', actionsOf('awscloudformation')),
  catalogued('codebuild-002', 'start a build that has another role with own commands', 'codebuild:StartBuild'),
  catalogued('codebuild-003', 'start a batch of builds that have another role with own commands', 'codebuild:StartBuildBatch'),
  path('codebuild:UpdateProject', 'replace the commands of a build that has another role', actionsOf('awscodebuild')),
  catalogued('ec2-002', 'replace the user data of an instance that has another role', 'ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'),
  catalogued('ec2-004', 'replace the user data of a launch template that has another role', 'ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate'),
  catalogued('ec2instanceconnect-003', 'log in by SSH to an instance that has another role', 'ec2-instance-connect:SendSSHPublicKey'),
  path('ec2-instance-connect:SendSerialConsoleSSHPublicKey', 'log in by the serial console to an instance that has another role', CONNECT),
  path('ecs:ExecuteCommand', 'enter a container that has another role', ECS_EXEC),
  catalogued('glue-002', 'log in to a Glue endpoint that has another role', 'glue:UpdateDevEndpoint'),
  path('glue:UpdateJob', 'replace the script of a Glue job that has another role', actionsOf('awsglue')),
  catalogued('lambda-003', 'replace the code of a function that has another role', 'lambda:UpdateFunctionCode'),
  catalogued('lambda-004', 'replace the code of a function and call it', 'lambda:UpdateFunctionCode', 'lambda:InvokeFunction'),
  catalogued('lambda-005', 'replace the code of a function and let others call it', 'lambda:UpdateFunctionCode', 'lambda:AddPermission'),
  path('lambda:UpdateFunctionConfiguration', 'put a layer under a function that has another role', RHINO),
  catalogued('sagemaker-004', 'open a notebook that has another role', 'sagemaker:CreatePresignedNotebookInstanceUrl'),
  catalogued('sagemaker-005', 'let a notebook that has another role start with own commands', 'sagemaker:CreateNotebookInstanceLifecycleConfig',
    'sagemaker:StopNotebookInstance', 'sagemaker:UpdateNotebookInstance', 'sagemaker:StartNotebookInstance'),
  catalogued('ssm-001', 'open a session on an instance that has another role', 'ssm:StartSession'),
  catalogued('ssm-002', 'run a command on an instance that has another role', 'ssm:SendCommand'),
  path('ssm:CreateAssociation', 'let State Manager run commands on an instance that has another role', STATE_MANAGER),
  path('ssm:StartAutomationExecution', 'start an automation that has another role', AUTOMATION),
  path('states:UpdateStateMachine', 'rewrite a state machine that has another role', STEP_FUNCTIONS),
];

/** One of the catalogue. */
function catalogued(id: string, title: string, ...needs: string[]): EscalationPath {
  return { id, title, needs, source: `https://pathfinding.cloud/paths/${id}` };
}

/** One that the catalogue does not have, called after its calls. */
function path(calls: string, title: string, source: string): EscalationPath {
  return { id: calls.replaceAll(/[a-z0-9-]+:/g, '').replaceAll(' + ', '-'), title, needs: calls.split(' + '), source };
}

/** The page of AWS that lists the actions of a service. */
function actionsOf(service: string): string {
  return `https://docs.aws.amazon.com/service-authorization/latest/reference/list_${service}.html`;
}
