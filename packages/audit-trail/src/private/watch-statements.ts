import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';

/** What the function works with. */
export interface WatchResources {
  readonly topic: sns.ITopic;
  readonly failedEvents: sqs.IQueue;
  readonly logGroup: logs.ILogGroup;
  readonly keys: kms.IKey[];
  readonly insideVpc: boolean;
}

/**
 * All that the function's role may do.
 *
 * Written out, not granted: grants on a topic or queue would also change key policies, depending on a feature flag.
 */
export function watchStatements(scope: IConstruct, resources: WatchResources): iam.PolicyStatement[] {
  const statements = [
    allow('PublishFindings', ['sns:Publish'], [resources.topic.topicArn]),
    allow('KeepFailedEvents', ['sqs:SendMessage'], [resources.failedEvents.queueArn]),
    allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [resources.logGroup.logGroupArn]),
    // encrypted topics and queues ask for a data key, and decrypt it, in the name of the sender; Lambda decrypts the environment
    allow('UseKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], [...new Set(resources.keys.map((key) => key.keyArn))]),
  ];
  return resources.insideVpc ? [...statements, ...networkInterfaces(scope)] : statements;
}

/**
 * Lambda makes the network interfaces of a function in its role's name and accepts no narrower resource: it checks the
 * permission before there is an interface. The function's own code never needs them, and is denied them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function networkInterfaces(scope: IConstruct): iam.PolicyStatement[] {
  const actions = [
    'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  const anyFunction = Stack.of(scope).formatArn({ service: 'lambda', resource: 'function', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return [
    allow('AttachToVpc', actions, ['*']),
    new iam.PolicyStatement({
      sid: 'DenyNetworkInterfacesToCode', effect: iam.Effect.DENY, actions, resources: ['*'], conditions: { ArnLike: { 'lambda:SourceFunctionArn': anyFunction } },
    }),
  ];
}

function allow(sid: string, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources });
}
