import { CreateLogGroupCommand, DeleteLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand, RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import {
  apiCallIsTold, Attempt, Clients, DeployedStack, Drill, notVerifiable, roleDoesItsJob, usersNeedMfa, withoutInvocation, withoutKeyStatements,
} from '@tapstack/operator';
import { DRILL, flowLogGroup, logGroupArn, objectArn, publishMetric, writeAndRead, writeLog } from './calls';
import { commonRoles, nobodyMay, putsInto, writesTo } from './roles';

/** Where RDS writes what enhanced monitoring sees; one group for the whole account. */
const MONITORING_LOG_GROUP = 'RDSOSMetrics';

/** Who is told of what, who must use MFA, and what the roles of the environment are for (B-06, B-07, B-10, B-11, B-14, X-08). */
export const baselineDrills: Drill[] = [
  apiCallIsTold({
    title: 'port 22 opened to the world (B-10, B-11, B-14)',
    topic: ({ stack }) => stack.output('AlertsTopicArn'),
    action: 'ec2:AuthorizeSecurityGroupIngress',
    call: (as, { stack }) => as.ec2.send(new AuthorizeSecurityGroupIngressCommand(worldOpen(stack))),
    undo: (clients, { stack }) => clients.ec2.send(new RevokeSecurityGroupIngressCommand(worldOpen(stack))),
    says: (message, who, { stack }) => {
      const finding = findingIn(message);
      return finding.who === who.arn && finding.group === stack.output('PrivateSecurityGroupId') && finding.openToTheWorld === true
        && String(finding.summary).startsWith('OPEN TO THE WORLD');
    },
    needs: [
      {
        title: "the key's statement that lets the account's roles use it through SNS",
        without: ({ stack, target }, action) =>
          withoutKeyStatements(target.clients, stack.output('KMSKeyId'), ({ Sid }) => Sid === 'AccountDelegatesUse', action),
      },
      {
        title: "the rule's permission to invoke the function",
        without: ({ stack, target }, action) => withoutInvocation(target.clients, stack.output('SecurityChangeFunctionArn'), 'events.amazonaws.com', action),
        keptIn: ({ stack }) => stack.output('FailedEventsQueueUrl'),
      },
    ],
  }),
  usersNeedMfa({
    group: ({ stack }) => stack.output('MFAGroupName'),
    tries: () => [
      { title: 'list the buckets', action: 's3:ListAllMyBuckets', resource: '*', call: (as) => as.s3.send(new ListBucketsCommand({})) },
      { title: 'look at the network', action: 'ec2:DescribeSecurityGroups', resource: '*', call: (as) => as.ec2.send(new DescribeSecurityGroupsCommand({})) },
      { title: 'list the users', action: 'iam:ListUsers', resource: '*', call: (as) => as.iam.send(new ListUsersCommand({})) },
    ],
  }),
  server('PublicServerRole', 'PublicInstance', {
    mayNot: (stack) => [putsInto('write to the secure storage', stack.output('SecureStorageBucketName'))],
  }),
  server('PrivateServerRole', 'PrivateInstance', {
    may: (stack) => [
      {
        title: 'write and read an object of the secure storage', action: 's3:PutObject', resource: objectArn(stack.output('SecureStorageBucketName')),
        call: (as) => writeAndRead(as, stack.output('SecureStorageBucketName')),
      },
    ],
    mayNot: (stack) => [
      putsInto('write to the bucket of the trail', stack.output('CloudTrailBucketName')),
      putsInto('write to the bucket of access logs', stack.output('LoggingBucketName')),
    ],
  }),
  roleDoesItsJob({
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
        title: 'send to the queue behind that', action: 'sqs:SendMessage', resource: `${queueArn(stack)}-${DRILL}`,
        call: (as) => as.sqs.send(new SendMessageCommand({ QueueUrl: deadLetterQueue(stack), MessageBody: DRILL })),
      },
      {
        title: 'close what was opened', action: 'ec2:RevokeSecurityGroupIngress', resource: '*',
        call: (as) => as.ec2.send(new RevokeSecurityGroupIngressCommand(worldOpen(stack))),
      },
      writesTo('write to the log group of the trail', stack, stack.output('TrailLogGroup')),
    ],
  }),
  roleDoesItsJob({
    role: 'AuditDeliveryRole',
    service: 'cloudtrail.amazonaws.com',
    may: ({ stack }) => [
      {
        title: 'write the events of the trail', action: 'logs:PutLogEvents',
        resource: logGroupArn(stack, stack.output('TrailLogGroup')).replace('*', `log-stream:${trailStream(stack)}`),
        call: (as) => writeLog(as, stack.output('TrailLogGroup'), trailStream(stack)),
      },
    ],
    mayNot: ({ stack }) => [
      writesTo('write to another stream', stack, stack.output('TrailLogGroup')),
      writesTo('write to the log group of the network', stack, flowLogGroup(stack)),
    ],
  }),
  roleDoesItsJob({
    role: 'DatabaseMonitoringRole',
    service: 'monitoring.rds.amazonaws.com',
    sourceArn: ({ stack }) => `arn:aws:rds:${stack.region}:${stack.account}:db:${stack.output('DatabaseInstanceId')}`,
    may: ({ stack, target }) => [
      {
        title: 'write what the database does', action: 'logs:PutLogEvents', resource: logGroupArn(stack, MONITORING_LOG_GROUP),
        call: (as) => writeMonitoring(as, target.clients),
      },
    ],
    mayNot: ({ stack }) => [writesTo('write to the log group of the network', stack, flowLogGroup(stack))],
  }),
  ...commonRoles({ otherLogGroup: 'PrivateInstanceLogGroup', otherSecurityGroup: 'PrivateSecurityGroupId', bucket: 'SecureStorageBucketName' }),
  ({ stack }) => [{
    title: `${stack.resource('AWS::RDS::DBInstance').logicalId}: a login with TLS succeeds, one without is refused (B-04)`,
    run: async () => notVerifiable('the local AWS runs no MySQL, and in AWS nothing outside the network reaches it'),
  }],
];

/** What a server may, besides what every server may and must not. */
interface ServerJob {
  readonly may?: (stack: DeployedStack) => Attempt[];
  readonly mayNot: (stack: DeployedStack) => Attempt[];
}

function server(role: string, outputs: string, job: ServerJob): Drill {
  return roleDoesItsJob({
    role,
    service: 'ec2.amazonaws.com',
    may: ({ stack }) => [
      writesTo('write to its log group', stack, stack.output(`${outputs}LogGroup`)),
      { title: 'publish the metrics of the agent', action: 'cloudwatch:PutMetricData', resource: '*', call: (as) => publishMetric(as, 'CWAgent') },
      ...job.may?.(stack) ?? [],
    ],
    mayNot: ({ stack }) => [...job.mayNot(stack), ...nobodyMay(stack, `${outputs}RoleArn`)],
  });
}

function worldOpen(stack: DeployedStack) {
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  return { GroupId: stack.output('PrivateSecurityGroupId'), IpPermissions };
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

function deadLetterQueue(stack: DeployedStack): string {
  return stack.resource('AWS::SQS::Queue', 'WatchFailedEventsDeadLetterQueue').physicalId;
}

function trailStream(stack: DeployedStack): string {
  return `${stack.account}_CloudTrail_${stack.region}_${DRILL}`;
}

/** RDS makes the group with the first instance of the account; one that was not there before goes again. */
async function writeMonitoring(as: Clients, { logs }: Clients): Promise<void> {
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: MONITORING_LOG_GROUP }));
  const isThere = logGroups?.some(({ logGroupName }) => logGroupName === MONITORING_LOG_GROUP);
  if (!isThere) await as.logs.send(new CreateLogGroupCommand({ logGroupName: MONITORING_LOG_GROUP }));
  try {
    await writeLog(as, MONITORING_LOG_GROUP);
  } finally {
    if (!isThere) await logs.send(new DeleteLogGroupCommand({ logGroupName: MONITORING_LOG_GROUP }));
  }
}
