import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AuthorizeSecurityGroupEgressCommand, DescribeSecurityGroupsCommand, RevokeSecurityGroupEgressCommand } from '@aws-sdk/client-ec2';
import { AttachRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Clients, DeployedStack, Drill, DrillContext, roleDoesItsJob } from '@tapstack/operator';

const KEY = 'tapstack-drill';

/** What the roles of the environment are for, and what lies next to it (X-08, P-06). */
export const privateWorkloadDrills: Drill[] = [
  roleDoesItsJob({
    role: 'ServerRole',
    service: 'ec2.amazonaws.com',
    may: ({ stack }) => [
      { title: 'write and read an object of its bucket', action: 's3:PutObject', resource: objectArn(stack.output('S3BucketName')), call: (as) => writeAndRead(as, stack.output('S3BucketName')) },
      {
        title: 'write to its log group', action: 'logs:PutLogEvents', resource: logGroupArn(stack, stack.output('CloudWatchLogGroup')),
        call: (as) => writeLog(as, stack.output('CloudWatchLogGroup')),
      },
      { title: 'publish the metrics of the agent', action: 'cloudwatch:PutMetricData', resource: '*', call: (as) => publishMetric(as, 'CWAgent') },
    ],
    mayNot: ({ stack }) => [
      { title: 'write to the bucket of access logs', action: 's3:PutObject', resource: objectArn(stack.output('AccessLogsBucketName')), call: (as) => put(as, stack.output('AccessLogsBucketName')) },
      { title: 'write to the log group of the network', action: 'logs:PutLogEvents', resource: logGroupArn(stack, flowLogGroup(stack)), call: (as) => writeLog(as, flowLogGroup(stack)) },
      { title: 'make a log group', action: 'logs:CreateLogGroup', resource: '*', call: (as) => as.logs.send(new CreateLogGroupCommand({ logGroupName: KEY })) },
      { title: 'publish metrics as somebody else', action: 'cloudwatch:PutMetricData', resource: '*', call: (as) => publishMetric(as, 'SomebodyElse') },
      { title: 'look at the network', action: 'ec2:DescribeSecurityGroups', resource: '*', call: (as) => as.ec2.send(new DescribeSecurityGroupsCommand({})) },
      {
        title: 'give itself more', action: 'iam:AttachRolePolicy', resource: stack.output('EC2RoleArn'),
        call: (as) => as.iam.send(new AttachRolePolicyCommand({ RoleName: stack.output('EC2RoleArn').split('/').at(-1), PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })),
      },
    ],
  }),
  roleDoesItsJob({
    role: 'NetworkFlowLogsRole',
    service: 'vpc-flow-logs.amazonaws.com',
    sourceArn: ({ stack }) => `arn:aws:ec2:${stack.region}:${stack.account}:vpc-flow-log/${stack.resource('AWS::EC2::FlowLog').physicalId}`,
    may: ({ stack }) => [
      { title: 'write flow logs', action: 'logs:PutLogEvents', resource: logGroupArn(stack, flowLogGroup(stack)), call: (as) => writeLog(as, flowLogGroup(stack)) },
    ],
    mayNot: ({ stack }) => [
      { title: 'write to the log group of the instance', action: 'logs:PutLogEvents', resource: logGroupArn(stack, stack.output('CloudWatchLogGroup')), call: (as) => writeLog(as, stack.output('CloudWatchLogGroup')) },
    ],
  }),
  roleDoesItsJob({
    role: 'CustomVpcRestrictDefaultSG',
    service: 'lambda.amazonaws.com',
    may: ({ stack, target }) => [
      {
        title: 'change the rules of the default group', action: 'ec2:AuthorizeSecurityGroupEgress', resource: '*',
        call: async (as) => openAndClose(as, await defaultGroup(target.clients, stack.output('VPCId'))),
      },
    ],
    mayNot: ({ stack }) => [
      {
        title: 'change the rules of the group of the instance', action: 'ec2:AuthorizeSecurityGroupEgress', resource: '*',
        call: (as) => openAndClose(as, stack.output('InstanceSecurityGroupId')),
      },
    ],
  }),
  bucketEmptier,
];

/** The function that empties buckets is there only where data goes with the stack. */
function bucketEmptier(context: DrillContext) {
  if (context.stack.ofType('Custom::S3AutoDeleteObjects').length === 0) return [];
  return roleDoesItsJob({
    role: 'CustomS3AutoDeleteObjects',
    service: 'lambda.amazonaws.com',
    may: ({ stack }) => [
      {
        title: 'list the versions in a bucket of the stack', action: 's3:ListBucketVersions', resource: `arn:aws:s3:::${stack.output('S3BucketName')}`,
        call: (as) => as.s3.send(new ListObjectVersionsCommand({ Bucket: stack.output('S3BucketName') })),
      },
    ],
    mayNot: ({ stack }) => [
      { title: 'write to a bucket of the stack', action: 's3:PutObject', resource: objectArn(stack.output('S3BucketName')), call: (as) => put(as, stack.output('S3BucketName')) },
    ],
  })(context);
}

async function writeAndRead(as: Clients, Bucket: string): Promise<void> {
  await put(as, Bucket);
  const { Body } = await as.s3.send(new GetObjectCommand({ Bucket, Key: KEY }));
  if (await Body?.transformToString() !== KEY) throw new Error('what was read is not what was written');
  await as.s3.send(new DeleteObjectCommand({ Bucket, Key: KEY }));
}

async function put(as: Clients, Bucket: string): Promise<void> {
  await as.s3.send(new PutObjectCommand({ Bucket, Key: KEY, Body: KEY }));
}

async function writeLog(as: Clients, logGroupName: string): Promise<void> {
  const logStreamName = `${KEY}-${Date.now()}`;
  await as.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  await as.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [{ timestamp: Date.now(), message: KEY }] }));
}

async function publishMetric(as: Clients, Namespace: string): Promise<void> {
  await as.cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: KEY, Value: 0 }] }));
}

async function openAndClose(as: Clients, GroupId: string): Promise<void> {
  const rule = { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 9, ToPort: 9, IpRanges: [{ CidrIp: '192.0.2.1/32' }] }] };
  await as.ec2.send(new AuthorizeSecurityGroupEgressCommand(rule));
  await as.ec2.send(new RevokeSecurityGroupEgressCommand(rule));
}

async function defaultGroup(clients: Clients, vpcId: string): Promise<string> {
  const { SecurityGroups } = await clients.ec2.send(new DescribeSecurityGroupsCommand({
    Filters: [{ Name: 'vpc-id', Values: [vpcId] }, { Name: 'group-name', Values: ['default'] }],
  }));
  return SecurityGroups![0].GroupId!;
}

function flowLogGroup(stack: DeployedStack): string {
  return stack.resource('AWS::Logs::LogGroup', 'NetworkFlowLogs').physicalId;
}

function objectArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}/${KEY}`;
}

function logGroupArn(stack: DeployedStack, name: string): string {
  return `arn:aws:logs:${stack.region}:${stack.account}:log-group:${name}:*`;
}
