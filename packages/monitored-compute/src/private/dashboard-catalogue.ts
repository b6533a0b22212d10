import { CfnResource, Token } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';

/** The rows of a dashboard, from where requests come in to who watches over them. */
export enum Tier {
  ENTRY = 'Entry',
  NETWORK = 'Network',
  COMPUTE = 'Compute',
  DATA = 'Data',
  WATCH = 'Watch',
}

/** What a metric is about: dimensions by name. */
export type Dimensions = Record<string, string>;

/** One graph; every resource of the type has its lines in it. */
export interface GraphSpec {
  readonly title: string;
  /** What the axis counts. */
  readonly unit: string;
  /** The metrics, each with what tells it from the others in the legend; nothing if there is one. */
  readonly metrics: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** For metrics that another service publishes about the resource. */
  readonly namespace?: string;
  /** Dimensions beside those of the resource, that are always the same. */
  readonly also?: Dimensions;
  /** Dimensions beside those of the resource, whose values are looked for when the dashboard is shown. */
  readonly searchedBy?: string;
  /** For metrics of once a day. */
  readonly daily?: boolean;
}

/** How resources of a type are shown. */
export interface ResourceSpec {
  readonly type: string;
  /** What they are called together. */
  readonly plural: string;
  readonly tier: Tier;
  readonly namespace: string;
  /** The dimensions that name a resource in its metrics; nothing if they cannot be known, or if it is not of this kind. */
  readonly dimensions: (resource: CfnResource) => Dimensions | undefined;
  readonly graphs: readonly GraphSpec[];
}

const byRef = (dimension: string) => (resource: CfnResource): Dimensions => ({ [dimension]: resource.ref });
const byAttribute = (dimension: string, attribute: string) => (resource: CfnResource): Dimensions => (
  { [dimension]: resource.getAtt(attribute).toString() }
);

/** API Gateway names its metrics after what the API is called, which only the template knows. */
function nameOfApi(resource: CfnResource): Dimensions | undefined {
  return resource instanceof CfnRestApi && resource.name !== undefined ? { ApiName: resource.name } : undefined;
}

function apiOf(protocol: string): ResourceSpec['dimensions'] {
  return (resource) => resource instanceof CfnApi && (resource.protocolType ?? 'HTTP') === protocol ? { ApiId: resource.ref } : undefined;
}

function loadBalancerOf(type: string): ResourceSpec['dimensions'] {
  const name = byAttribute('LoadBalancer', 'LoadBalancerFullName');
  return (resource) => resource instanceof CfnLoadBalancer && (resource.type ?? 'application') === type ? name(resource) : undefined;
}

/** Groups publish metrics of themselves only if they are told to. */
function groupWithMetrics(resource: CfnResource): Dimensions | undefined {
  return resource instanceof CfnAutoScalingGroup && resource.metricsCollection !== undefined ? { AutoScalingGroupName: resource.ref } : undefined;
}

/** A member of a cluster has no storage of its own. */
function databaseWithStorage(resource: CfnResource): Dimensions | undefined {
  return resource instanceof CfnDBInstance && resource.dbClusterIdentifier === undefined ? { DBInstanceIdentifier: resource.ref } : undefined;
}

/** Rules of other buses have the name of the bus in their `Ref`, and in a dimension of its own. */
function ruleOfDefaultBus(resource: CfnResource): Dimensions | undefined {
  const bus = resource instanceof CfnRule ? resource.eventBusName : undefined;
  return bus === undefined || (!Token.isUnresolved(bus) && bus === 'default') ? { RuleName: resource.ref } : undefined;
}

const AVERAGE = 'Average';
const MAXIMUM = 'Maximum';
const MINIMUM = 'Minimum';
const SUM = 'Sum';
const P99 = 'p99';

const TRAFFIC: GraphSpec = { title: 'network', unit: 'bytes', statistic: SUM, metrics: { NetworkIn: 'in', NetworkOut: 'out' } };
const PROCESSOR: GraphSpec = { title: 'processor', unit: '%', statistic: AVERAGE, metrics: { CPUUtilization: '' } };

/**
 * What is shown of which resource, in the order in which it is shown.
 *
 * A type may be here more than once, if some of its resources have more metrics than others.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
 */
export const DASHBOARD_CATALOGUE: readonly ResourceSpec[] = [
  {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    plural: 'Load balancers',
    tier: Tier.ENTRY,
    namespace: 'AWS/ApplicationELB',
    dimensions: loadBalancerOf('application'),
    graphs: [
      { title: 'requests', unit: 'requests', statistic: SUM, metrics: { RequestCount: '' } },
      { title: 'errors', unit: 'requests', statistic: SUM, metrics: { HTTPCode_ELB_5XX_Count: 'own', HTTPCode_Target_5XX_Count: 'of targets' } },
      { title: 'latency of targets', unit: 'seconds', statistic: P99, metrics: { TargetResponseTime: '' } },
      { title: 'unhealthy targets', unit: 'targets', statistic: MAXIMUM, metrics: { UnHealthyHostCount: '' }, searchedBy: 'TargetGroup' },
    ],
  },
  {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    plural: 'Network load balancers',
    tier: Tier.ENTRY,
    namespace: 'AWS/NetworkELB',
    dimensions: loadBalancerOf('network'),
    graphs: [
      { title: 'connections', unit: 'connections', statistic: SUM, metrics: { NewFlowCount: '' } },
      { title: 'traffic', unit: 'bytes', statistic: SUM, metrics: { ProcessedBytes: '' } },
      { title: 'unhealthy targets', unit: 'targets', statistic: MAXIMUM, metrics: { UnHealthyHostCount: '' }, searchedBy: 'TargetGroup' },
    ],
  },
  {
    type: 'AWS::ApiGateway::RestApi',
    plural: 'REST APIs',
    tier: Tier.ENTRY,
    namespace: 'AWS/ApiGateway',
    dimensions: nameOfApi,
    graphs: [
      { title: 'requests', unit: 'requests', statistic: SUM, metrics: { Count: '' } },
      { title: 'errors', unit: 'requests', statistic: SUM, metrics: { '5XXError': '5xx', '4XXError': '4xx' } },
      { title: 'latency', unit: 'milliseconds', statistic: P99, metrics: { Latency: '' } },
    ],
  },
  {
    type: 'AWS::ApiGatewayV2::Api',
    plural: 'HTTP APIs',
    tier: Tier.ENTRY,
    namespace: 'AWS/ApiGateway',
    dimensions: apiOf('HTTP'),
    graphs: [
      { title: 'requests', unit: 'requests', statistic: SUM, metrics: { Count: '' } },
      { title: 'errors', unit: 'requests', statistic: SUM, metrics: { '5xx': '5xx', '4xx': '4xx' } },
      { title: 'latency', unit: 'milliseconds', statistic: P99, metrics: { Latency: '' } },
    ],
  },
  {
    type: 'AWS::ApiGatewayV2::Api',
    plural: 'WebSocket APIs',
    tier: Tier.ENTRY,
    namespace: 'AWS/ApiGateway',
    dimensions: apiOf('WEBSOCKET'),
    graphs: [
      { title: 'connections and messages', unit: 'count', statistic: SUM, metrics: { ConnectCount: 'connections', MessageCount: 'messages' } },
      { title: 'errors', unit: 'count', statistic: SUM, metrics: { ExecutionError: 'execution', IntegrationError: 'integration', ClientError: 'client' } },
    ],
  },
  {
    type: 'AWS::EC2::NatGateway',
    plural: 'NAT gateways',
    tier: Tier.NETWORK,
    namespace: 'AWS/NATGateway',
    dimensions: byRef('NatGatewayId'),
    graphs: [
      { title: 'traffic', unit: 'bytes', statistic: SUM, metrics: { BytesOutToDestination: 'out', BytesInFromDestination: 'in' } },
      { title: 'failures', unit: 'count', statistic: SUM, metrics: { ErrorPortAllocation: 'no port left', PacketsDropCount: 'packets dropped' } },
    ],
  },
  {
    type: 'AWS::EC2::Instance',
    plural: 'Instances',
    tier: Tier.COMPUTE,
    namespace: 'AWS/EC2',
    dimensions: byRef('InstanceId'),
    graphs: [PROCESSOR, TRAFFIC, { title: 'failed status checks', unit: 'failed', statistic: MAXIMUM, metrics: { StatusCheckFailed: '' } }],
  },
  {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    plural: 'Auto Scaling groups',
    tier: Tier.COMPUTE,
    namespace: 'AWS/EC2',
    dimensions: byRef('AutoScalingGroupName'),
    graphs: [PROCESSOR, TRAFFIC],
  },
  {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    plural: 'Auto Scaling groups',
    tier: Tier.COMPUTE,
    namespace: 'AWS/AutoScaling',
    dimensions: groupWithMetrics,
    graphs: [{ title: 'capacity', unit: 'instances', statistic: MINIMUM, metrics: { GroupInServiceInstances: 'in service', GroupDesiredCapacity: 'desired' } }],
  },
  {
    type: 'AWS::Lambda::Function',
    plural: 'Functions',
    tier: Tier.COMPUTE,
    namespace: 'AWS/Lambda',
    dimensions: byRef('FunctionName'),
    graphs: [
      { title: 'calls', unit: 'calls', statistic: SUM, metrics: { Invocations: '' } },
      { title: 'failures', unit: 'calls', statistic: SUM, metrics: { Errors: 'errors', Throttles: 'throttled' } },
      { title: 'slowest call', unit: 'milliseconds', statistic: MAXIMUM, metrics: { Duration: '' } },
    ],
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    plural: 'State machines',
    tier: Tier.COMPUTE,
    namespace: 'AWS/States',
    dimensions: byRef('StateMachineArn'),
    graphs: [
      { title: 'executions', unit: 'executions', statistic: SUM, metrics: { ExecutionsStarted: '' } },
      { title: 'failures', unit: 'executions', statistic: SUM, metrics: { ExecutionsFailed: 'failed', ExecutionsTimedOut: 'timed out', ExecutionsAborted: 'aborted' } },
    ],
  },
  {
    type: 'AWS::RDS::DBInstance',
    plural: 'Databases',
    tier: Tier.DATA,
    namespace: 'AWS/RDS',
    dimensions: byRef('DBInstanceIdentifier'),
    graphs: [
      PROCESSOR,
      { title: 'connections', unit: 'connections', statistic: MAXIMUM, metrics: { DatabaseConnections: '' } },
      { title: 'latency', unit: 'seconds', statistic: AVERAGE, metrics: { ReadLatency: 'read', WriteLatency: 'write' } },
    ],
  },
  {
    type: 'AWS::RDS::DBInstance',
    plural: 'Databases',
    tier: Tier.DATA,
    namespace: 'AWS/RDS',
    dimensions: databaseWithStorage,
    graphs: [{ title: 'free storage', unit: 'bytes', statistic: MINIMUM, metrics: { FreeStorageSpace: '' } }],
  },
  {
    type: 'AWS::RDS::DBCluster',
    plural: 'Database clusters',
    tier: Tier.DATA,
    namespace: 'AWS/RDS',
    dimensions: byRef('DBClusterIdentifier'),
    graphs: [PROCESSOR, { title: 'connections', unit: 'connections', statistic: MAXIMUM, metrics: { DatabaseConnections: '' } }],
  },
  {
    type: 'AWS::DynamoDB::Table',
    plural: 'Tables',
    tier: Tier.DATA,
    namespace: 'AWS/DynamoDB',
    dimensions: byRef('TableName'),
    graphs: [
      { title: 'capacity used', unit: 'units', statistic: SUM, metrics: { ConsumedReadCapacityUnits: 'read', ConsumedWriteCapacityUnits: 'write' } },
      { title: 'throttled', unit: 'requests', statistic: SUM, metrics: { ReadThrottleEvents: 'read', WriteThrottleEvents: 'write' } },
    ],
  },
  {
    type: 'AWS::S3::Bucket',
    plural: 'Buckets',
    tier: Tier.DATA,
    namespace: 'AWS/S3',
    dimensions: byRef('BucketName'),
    graphs: [
      { title: 'stored', unit: 'bytes', statistic: AVERAGE, metrics: { BucketSizeBytes: '' }, also: { StorageType: 'StandardStorage' }, daily: true },
      { title: 'objects', unit: 'objects', statistic: AVERAGE, metrics: { NumberOfObjects: '' }, also: { StorageType: 'AllStorageTypes' }, daily: true },
    ],
  },
  {
    type: 'AWS::SQS::Queue',
    plural: 'Queues',
    tier: Tier.DATA,
    namespace: 'AWS/SQS',
    dimensions: byAttribute('QueueName', 'QueueName'),
    graphs: [
      { title: 'waiting', unit: 'messages', statistic: MAXIMUM, metrics: { ApproximateNumberOfMessagesVisible: '' } },
      { title: 'age of the oldest message', unit: 'seconds', statistic: MAXIMUM, metrics: { ApproximateAgeOfOldestMessage: '' } },
    ],
  },
  {
    type: 'AWS::SNS::Topic',
    plural: 'Topics',
    tier: Tier.DATA,
    namespace: 'AWS/SNS',
    dimensions: byAttribute('TopicName', 'TopicName'),
    graphs: [
      { title: 'published', unit: 'messages', statistic: SUM, metrics: { NumberOfMessagesPublished: '' } },
      { title: 'failed deliveries', unit: 'messages', statistic: SUM, metrics: { NumberOfNotificationsFailed: '' } },
    ],
  },
  {
    type: 'AWS::Events::Rule',
    plural: 'Event rules',
    tier: Tier.WATCH,
    namespace: 'AWS/Events',
    dimensions: ruleOfDefaultBus,
    graphs: [
      { title: 'invocations', unit: 'events', statistic: SUM, metrics: { Invocations: '' } },
      { title: 'failed invocations', unit: 'events', statistic: SUM, metrics: { FailedInvocations: '' } },
    ],
  },
  {
    type: 'AWS::Logs::LogGroup',
    plural: 'Log groups',
    tier: Tier.WATCH,
    namespace: 'AWS/Logs',
    dimensions: byRef('LogGroupName'),
    graphs: [
      { title: 'lines', unit: 'lines', statistic: SUM, metrics: { IncomingLogEvents: '' } },
      { title: 'bytes', unit: 'bytes', statistic: SUM, metrics: { IncomingBytes: '' } },
    ],
  },
];
