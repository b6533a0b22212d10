import { SignalResourceCommand } from '@aws-sdk/client-cloudformation';
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AuthorizeSecurityGroupEgressCommand, RevokeSecurityGroupEgressCommand } from '@aws-sdk/client-ec2';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Clients, DeployedStack } from '@tapstack/operator';

/** How what drills make is called. */
export const DRILL = 'tapstack-drill';

/** Writes an object, reads it back and deletes it. */
export async function writeAndRead(as: Clients, Bucket: string): Promise<void> {
  await put(as, Bucket);
  const { Body } = await as.s3.send(new GetObjectCommand({ Bucket, Key: DRILL }));
  if (await Body?.transformToString() !== DRILL) throw new Error('what was read is not what was written');
  await as.s3.send(new DeleteObjectCommand({ Bucket, Key: DRILL }));
}

/** Writes an object. */
export async function put(as: Clients, Bucket: string): Promise<void> {
  await as.s3.send(new PutObjectCommand({ Bucket, Key: DRILL, Body: DRILL }));
}

/** Writes an event to a stream of its own. */
export async function writeLog(as: Clients, logGroupName: string, streamPrefix = DRILL): Promise<void> {
  const logStreamName = `${streamPrefix}-${Date.now()}`;
  await as.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  await as.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [{ timestamp: Date.now(), message: DRILL }] }));
}

/** Says for an Auto Scaling group that an instance works. */
export async function signal(as: Clients, StackName: string, LogicalResourceId: string): Promise<void> {
  await as.cloudFormation.send(new SignalResourceCommand({ StackName, LogicalResourceId, UniqueId: DRILL, Status: 'SUCCESS' }));
}

/** Publishes a metric. */
export async function publishMetric(as: Clients, Namespace: string): Promise<void> {
  await as.cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: DRILL, Value: 0 }] }));
}

/** Lets a security group out to an address that nobody has, and takes that back. */
export async function openAndClose(as: Clients, GroupId: string): Promise<void> {
  await as.ec2.send(new AuthorizeSecurityGroupEgressCommand(unusedRule(GroupId)));
  await as.ec2.send(new RevokeSecurityGroupEgressCommand(unusedRule(GroupId)));
}

/** Takes a rule off a security group that has none like it: who may is told so, and who may not is denied. Nothing changes. */
export async function takeOffARule(as: Clients, GroupId: string): Promise<void> {
  await as.ec2.send(new RevokeSecurityGroupEgressCommand(unusedRule(GroupId))).catch((error: Error) => {
    if (error.name !== 'InvalidPermission.NotFound') throw error;
  });
}

/** What IAM calls a security group. */
export function securityGroupArn(stack: DeployedStack, groupId: string): string {
  return `arn:aws:ec2:${stack.region}:${stack.account}:security-group/${groupId}`;
}

/** What IAM calls the object that drills write. */
export function objectArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}/${DRILL}`;
}

/** What IAM calls a log group with all that is in it. */
export function logGroupArn(stack: DeployedStack, name: string): string {
  return `arn:aws:logs:${stack.region}:${stack.account}:log-group:${name}:*`;
}

/** The log group of the network. */
export function flowLogGroup(stack: DeployedStack): string {
  return stack.resource('AWS::Logs::LogGroup', 'NetworkFlowLogs').physicalId;
}

function unusedRule(GroupId: string) {
  return { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 9, ToPort: 9, IpRanges: [{ CidrIp: '192.0.2.1/32' }] }] };
}
