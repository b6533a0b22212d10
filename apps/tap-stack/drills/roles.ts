import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { AttachRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { Attempt, confirming, DeployedStack, Drill, DrillContext, roleDoesItsJob } from '@tapstack/operator';
import {
  DRILL, flowLogGroup, logGroupArn, objectArn, openAndClose, publishMetric, put, securityGroupArn, signal, takeOffARule, writeAndRead, writeLog,
} from './calls';

/** The roles that every environment has, and how one differs from another. */
export interface CommonRoles {
  /** The output with a log group that is not the network's. */
  readonly otherLogGroup: string;
  /** The output with a security group that is not the default one. */
  readonly otherSecurityGroup: string;
  /** The output with a bucket that goes with the stack, where buckets do. */
  readonly bucket: string;
}

/** The roles of the flow log and of the helper functions. */
export function commonRoles({ otherLogGroup, otherSecurityGroup, bucket }: CommonRoles): Drill[] {
  return [
    confirming(['B-13', 'C-10', 'X-08'], roleDoesItsJob({
      role: 'NetworkFlowLogsRole',
      service: 'vpc-flow-logs.amazonaws.com',
      sourceArn: ({ stack }) => `arn:aws:ec2:${stack.region}:${stack.account}:vpc-flow-log/${stack.resource('AWS::EC2::FlowLog').physicalId}`,
      may: ({ stack }) => [writesTo('write flow logs', stack, flowLogGroup(stack))],
      mayNot: ({ stack }) => [writesTo('write to the log group of something else', stack, stack.output(otherLogGroup))],
    })),
    confirming(['X-07', 'X-08'], roleDoesItsJob({
      role: 'CustomClosedDefaultGroup',
      service: 'lambda.amazonaws.com',
      may: ({ stack }) => [takesOffARule('take rules off the default group', stack, defaultGroup(stack))],
      mayNot: ({ stack }) => [
        takesOffARule('take rules off another group', stack, stack.output(otherSecurityGroup)),
        {
          title: 'open the default group', action: 'ec2:AuthorizeSecurityGroupEgress', resource: securityGroupArn(stack, defaultGroup(stack)),
          call: (as) => openAndClose(as, defaultGroup(stack)),
        },
      ],
    }), (context) => bucketEmptier(context, bucket)),
  ];
}

/** What a server may, besides what every server may and must not. */
export interface ServerJob {
  readonly may?: (stack: DeployedStack) => Attempt[];
  readonly mayNot: (stack: DeployedStack) => Attempt[];
}

/** The outputs that say where servers log, and what their role is. */
export interface ServerOutputs {
  readonly logGroup: string;
  readonly role: string;
}

/** The role of servers: it reports, and does what else it is for. */
export function serverDoesItsJob(role: string, outputs: ServerOutputs, job: ServerJob): Drill {
  return confirming(['B-06', 'C-02', 'D-05', 'P-06', 'X-08'], roleDoesItsJob({
    role,
    service: 'ec2.amazonaws.com',
    may: ({ stack }) => [
      writesTo('write to its log group', stack, stack.output(outputs.logGroup)),
      {
        title: 'publish the metrics of the agent', action: 'cloudwatch:PutMetricData', resource: '*', confirms: ['D-09', 'P-05'],
        call: (as) => publishMetric(as, 'CWAgent'),
      },
      ...job.may?.(stack) ?? [],
    ],
    mayNot: ({ stack }) => [...job.mayNot(stack), ...nobodyMay(stack, outputs.role)],
  }));
}

/** The role that writes the events of the trail. */
export const trailDelivers: Drill = confirming(['B-06', 'B-09', 'B-13', 'C-10', 'D-09', 'X-08'], roleDoesItsJob({
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
}));

/** What a role that is no administrator must not do, whatever its job is. */
function nobodyMay(stack: DeployedStack, roleArnOutput: string): Attempt[] {
  const roleArn = stack.output(roleArnOutput);
  return [
    { title: 'make a log group', action: 'logs:CreateLogGroup', resource: '*', call: (as) => as.logs.send(new CreateLogGroupCommand({ logGroupName: DRILL })) },
    { title: 'publish metrics as somebody else', action: 'cloudwatch:PutMetricData', resource: '*', call: (as) => publishMetric(as, 'SomebodyElse') },
    { title: 'look at the network', action: 'ec2:DescribeSecurityGroups', resource: '*', call: (as) => as.ec2.send(new DescribeSecurityGroupsCommand({})) },
    writesTo('write to the log group of the network', stack, flowLogGroup(stack)),
    {
      title: 'give itself more', action: 'iam:AttachRolePolicy', resource: roleArn,
      call: (as) => as.iam.send(new AttachRolePolicyCommand({ RoleName: roleArn.split('/').at(-1), PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })),
    },
  ];
}

/** The attempt to write to a log group. */
export function writesTo(title: string, stack: DeployedStack, logGroup: string): Attempt {
  return { title, action: 'logs:PutLogEvents', resource: logGroupArn(stack, logGroup), call: (as) => writeLog(as, logGroup) };
}

/** The attempt to write an object, read it back and delete it. */
export function worksOn(title: string, bucket: string): Attempt {
  return { title, action: 's3:PutObject', resource: objectArn(bucket), call: (as) => writeAndRead(as, bucket) };
}

/** The attempt to write to a bucket. */
export function putsInto(title: string, bucket: string): Attempt {
  return { title, action: 's3:PutObject', resource: objectArn(bucket), call: (as) => put(as, bucket) };
}

/** The attempt to say that an instance of the Auto Scaling group works, which is up to its own. */
export function speaksForTheFleet(stack: DeployedStack): Attempt {
  const { logicalId } = stack.resource('AWS::AutoScaling::AutoScalingGroup');
  return {
    title: 'speak for the fleet', action: 'cloudformation:SignalResource', resource: stack.id, confirms: ['B-03'],
    call: (as) => signal(as, stack.name, logicalId),
  };
}

/** The function that empties buckets is there only where data goes with the stack. */
function bucketEmptier(context: DrillContext, output: string) {
  if (context.stack.ofType('Custom::S3AutoDeleteObjects').length === 0) return [];
  const bucket = context.stack.output(output);
  return roleDoesItsJob({
    role: 'CustomS3AutoDeleteObjects',
    service: 'lambda.amazonaws.com',
    may: () => [
      {
        title: 'list the versions in a bucket of the stack', action: 's3:ListBucketVersions', resource: `arn:aws:s3:::${bucket}`,
        call: (as) => as.s3.send(new ListObjectVersionsCommand({ Bucket: bucket })),
      },
    ],
    mayNot: () => [putsInto('write to a bucket of the stack', bucket)],
  })(context);
}

function takesOffARule(title: string, stack: DeployedStack, groupId: string): Attempt {
  return { title, action: 'ec2:RevokeSecurityGroupEgress', resource: securityGroupArn(stack, groupId), call: (as) => takeOffARule(as, groupId) };
}

function trailStream(stack: DeployedStack): string {
  return `${stack.account}_CloudTrail_${stack.region}_${DRILL}`;
}

/** What closes the group is called after it. */
function defaultGroup(stack: DeployedStack): string {
  return stack.resource('Custom::ClosedDefaultGroup').physicalId;
}
