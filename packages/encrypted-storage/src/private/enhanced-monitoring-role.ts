import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Where enhanced monitoring writes, for all databases of the account. RDS makes it, and it outlives every stack. */
const LOG_GROUP = 'RDSOSMetrics';

/**
 * The role by which enhanced monitoring writes its metrics, for one database only.
 *
 * AWS has a managed policy for it, which reaches every log group that begins with `RDS`, in all accounts and regions.
 */
export function enhancedMonitoringRole(scope: Construct, instanceIdentifier: string): iam.Role {
  const stack = Stack.of(scope);
  const arn = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

  return new iam.Role(scope, 'MonitoringRole', {
    description: 'Writes the enhanced monitoring of a database',
    assumedBy: new iam.ServicePrincipal('monitoring.rds.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnEquals: { 'aws:SourceArn': arn('rds', 'db', instanceIdentifier) },
      },
    }),
    managedPolicies: [new iam.ManagedPolicy(scope, 'MonitoringPolicy', {
      statements: [
        new iam.PolicyStatement({
          sid: 'LogGroup',
          actions: ['logs:CreateLogGroup', 'logs:PutRetentionPolicy'],
          resources: [arn('logs', 'log-group', LOG_GROUP), arn('logs', 'log-group', `${LOG_GROUP}:*`)],
        }),
        new iam.PolicyStatement({
          sid: 'LogStreams',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'],
          resources: [arn('logs', 'log-group', `${LOG_GROUP}:log-stream:*`)],
        }),
      ],
    })],
  });
}
