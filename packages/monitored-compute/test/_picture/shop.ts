import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { MonitoredFunction, MonitoredInstance, OperationsDashboard } from '../../src';

/** A small stack with something in every row but the network's, so that the picture is no longer than a screen. */
export function shop(): Stack {
  const stack = new Stack(new App(), 'Shop');
  new OperationsDashboard(stack, 'Operations');
  const alarmTopic = new sns.Topic(stack, 'Alerts');
  new apigateway.RestApi(stack, 'Orders', { cloudWatchRole: false }).root.addMethod('GET');

  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  const { logGroup } = new MonitoredInstance(stack, 'Web', { vpc, alarmTopic });
  new MonitoredInstance(stack, 'Search', { vpc, alarmTopic, logGroup });
  new MonitoredFunction(stack, 'Invoices', {
    code: lambda.Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X, alarmTopic,
  });
  const trail = new logs.LogGroup(stack, 'Trail', { removalPolicy: RemovalPolicy.DESTROY });
  for (const metricName of ['RootUsage', 'PolicyChanges', 'UnauthorizedCalls']) {
    new logs.MetricFilter(stack, metricName, { logGroup: trail, filterPattern: logs.FilterPattern.allEvents(), metricNamespace: 'Security', metricName });
  }
  return stack;
}
