import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/**
 * What an instance needs so that somebody can open a session on it with Session Manager, and nothing else of Systems Manager:
 * no commands, no parameters, no documents, no inventory.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
export function sessionManager(scope: IConstruct): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'RegisterWithSystemsManager',
      actions: ['ssm:UpdateInstanceInformation'],
      resources: [Stack.of(scope).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })],
    }),
    new iam.PolicyStatement({
      sid: 'SessionManagerChannels',
      actions: ['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'],
      // these actions know no resources: a channel belongs to whoever opens it
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
  'if systemctl cat amazon-ssm-agent >/dev/null 2>&1; then systemctl disable --now amazon-ssm-agent; fi',
];
