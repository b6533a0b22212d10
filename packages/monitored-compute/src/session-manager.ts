import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * What an instance needs so that somebody can open a session on it with Session Manager, and nothing else of Systems Manager:
 * no commands, no parameters, no documents, no inventory.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
export function sessionManager(): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'SessionManager',
      actions: [
        'ssm:UpdateInstanceInformation',
        'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
      ],
      // an agent reports its own instance, whose id is not known when the policy is made; a channel is no resource, and belongs to whoever opens it
      resources: ['*'],
    }),
  ];
}

/**
 * Commands that stop the agent of Systems Manager, which the image may bring and start.
 *
 * Taking the permissions away is not enough: an account with Default Host Management Configuration lends them to every instance.
 */
export const SESSION_MANAGER_OFF = [
  'set -e',
  'if systemctl cat amazon-ssm-agent >/dev/null 2>&1; then systemctl disable --now amazon-ssm-agent; fi',
];
