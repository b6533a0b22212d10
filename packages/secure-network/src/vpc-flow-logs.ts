import { EncryptedLogGroup } from '@tapstack/encrypted-storage';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * Properties of `VpcFlowLogs`.
 */
export interface VpcFlowLogsProps {
  /**
   * The network whose traffic is recorded.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The key that encrypts the log group. A key you own is opened to CloudWatch Logs for this account's log groups.
   *
   * @default - a new key, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The name of the log group.
   *
   * @default - CloudFormation names it
   */
  readonly logGroupName?: string;

  /**
   * How long records are kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly retention?: logs.RetentionDays;

  /**
   * How long packets of one flow are gathered before a record is written. One minute shows more, sooner, and costs more.
   *
   * Changing it replaces the flow log; the log group and what is in it stay.
   *
   * @default ec2.FlowLogMaxAggregationInterval.TEN_MINUTES
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-aggregration-interval
   */
  readonly aggregationInterval?: ec2.FlowLogMaxAggregationInterval;

  /**
   * What happens to the log group, and to the key made here, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Records all traffic of a VPC, accepted and rejected, in an encrypted log group that only the flow log's own role writes to.
 *
 * Controls: NET-06 flow logs.
 */
export class VpcFlowLogs extends Construct {
  /** The flow log. */
  public readonly flowLog: ec2.FlowLog;

  /** Where the records go. */
  public readonly logGroup: logs.LogGroup;

  /** The key that encrypts the records. */
  public readonly encryptionKey: kms.IKey;

  /** What the flow logs service uses to write: this one log group, for flow logs of this account and region. */
  public readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: VpcFlowLogsProps) {
    super(scope, id);

    const records = new EncryptedLogGroup(this, 'Records', {
      encryptionKey: props.encryptionKey,
      logGroupName: props.logGroupName,
      retention: props.retention ?? logs.RetentionDays.ONE_YEAR,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    this.logGroup = records.logGroup;
    this.encryptionKey = records.encryptionKey;

    this.role = this.deliveryRole();
    this.flowLog = new ec2.FlowLog(this, 'FlowLog', {
      resourceType: ec2.FlowLogResourceType.fromVpc(props.vpc),
      trafficType: ec2.FlowLogTrafficType.ALL,
      // CDK would attach a second, inline policy
      destination: ec2.FlowLogDestination.toCloudWatchLogs(this.logGroup, this.role.withoutPolicyUpdates()),
      maxAggregationInterval: props.aggregationInterval ?? ec2.FlowLogMaxAggregationInterval.TEN_MINUTES,
    });
    this.node.defaultChild = this.flowLog.node.defaultChild;
  }

  /** The role names its policy, not the other way round: when the flow log starts, the role can already write. */
  private deliveryRole(): iam.Role {
    const stack = Stack.of(this);
    const write = new iam.ManagedPolicy(this, 'Write', {
      description: 'Lets VPC flow logs write to their log group',
      statements: [new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      })],
    });
    return new iam.Role(this, 'Role', {
      description: 'VPC flow logs: write to their log group',
      assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'ec2', resource: 'vpc-flow-log', resourceName: '*' }) },
        },
      }),
      managedPolicies: [write],
    });
  }
}
