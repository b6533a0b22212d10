import { AuthorizeSecurityGroupIngressCommand, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { PurgeQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { apiCallIsTold, confirming, DeployedStack, Drill, roleDoesItsJob, withoutInvocation, withoutKeyStatements } from '@tapstack/operator';
import { DRILL } from './calls';
import { writesTo } from './roles';

/** The outputs that say which group a drill opens for a moment, and which key encrypts the alerts. */
export interface WatchedChange {
  readonly group: string;
  readonly key: string;
}

/** Whoever opens a security group is named at once to whoever hears the alerts (B-10, B-11, B-14). */
export function groupChangeIsTold({ group, key }: WatchedChange): Drill {
  return confirming(['B-10', 'B-11', 'B-14'], apiCallIsTold({
    title: 'port 22 opened to the world',
    topic: ({ stack }) => stack.output('AlertsTopicArn'),
    action: 'ec2:AuthorizeSecurityGroupIngress',
    call: (as, { stack }) => as.ec2.send(new AuthorizeSecurityGroupIngressCommand(worldOpen(stack, group))),
    undo: (clients, { stack }) => clients.ec2.send(new RevokeSecurityGroupIngressCommand(worldOpen(stack, group))),
    says: (message, who, { stack }) => {
      const finding = findingIn(message);
      return finding.who === who.arn && finding.group === stack.output(group) && finding.openToTheWorld === true
        && String(finding.summary).startsWith('OPEN TO THE WORLD');
    },
    needs: [
      {
        title: "the key's statement that lets the account's roles use it through SNS",
        without: ({ stack, target }, action) =>
          withoutKeyStatements(target.clients, stack.output(key), ({ Sid }) => Sid === 'AccountDelegatesUse', action),
      },
      {
        title: "the rule's permission to invoke the function",
        without: ({ stack, target }, action) => withoutInvocation(target.clients, stack.output('SecurityChangeFunctionArn'), 'events.amazonaws.com', action),
        keptIn: ({ stack }) => stack.output('FailedEventsQueueUrl'),
      },
    ],
  }));
}

/** The role of the function that tells about changes. */
export function watchDoesItsJob({ group }: Pick<WatchedChange, 'group'>): Drill {
  return confirming(['B-06', 'B-11', 'X-07', 'X-08'], roleDoesItsJob({
    role: 'WatchRole',
    service: 'lambda.amazonaws.com',
    may: ({ stack }) => [
      writesTo('write its log', stack, stack.resource('AWS::Logs::LogGroup', 'WatchLogs').physicalId),
      {
        title: 'tell the topic', action: 'sns:Publish', resource: stack.output('AlertsTopicArn'),
        call: (as) => as.sns.send(new PublishCommand({ TopicArn: stack.output('AlertsTopicArn'), Message: DRILL })),
      },
    ],
    mayNot: ({ stack }) => [
      {
        title: 'read the events it failed on', action: 'sqs:ReceiveMessage', resource: queueArn(stack),
        call: (as) => as.sqs.send(new ReceiveMessageCommand({ QueueUrl: stack.output('FailedEventsQueueUrl') })),
      },
      {
        title: 'throw away the events it failed on', action: 'sqs:PurgeQueue', resource: queueArn(stack),
        call: (as) => as.sqs.send(new PurgeQueueCommand({ QueueUrl: stack.output('FailedEventsQueueUrl') })),
      },
      {
        title: 'close what was opened', action: 'ec2:RevokeSecurityGroupIngress', resource: '*',
        call: (as) => as.ec2.send(new RevokeSecurityGroupIngressCommand(worldOpen(stack, group))),
      },
      writesTo('write to the log group of the trail', stack, stack.output('TrailLogGroup')),
    ],
  }));
}

function worldOpen(stack: DeployedStack, group: string) {
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  return { GroupId: stack.output(group), IpPermissions };
}

/** Whoever else publishes to the topic need not write JSON. */
function findingIn(message: string): Record<string, unknown> {
  try {
    return JSON.parse(message) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function queueArn(stack: DeployedStack): string {
  return `arn:aws:sqs:${stack.region}:${stack.account}:${stack.output('FailedEventsQueueUrl').split('/').at(-1)}`;
}
