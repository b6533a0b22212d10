import { EncryptedLogGroup } from '@tapstack/encrypted-storage';
import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { admitFlowLogs, bucketDestination } from './private/flow-log-bucket';

/** What a log bucket accepts as a prefix, and a slash. */
const FOLDER = /^(?!.*AWSLogs)(?=.{2,201}$)([\w!.'()-]+\/)+$/;

/**
 * Properties of `VpcFlowLogs`.
 */
export interface VpcFlowLogsProps {
  /**
   * The network whose traffic is recorded.
   */
  readonly vpc: ec2.IVpc;

  /**
   * A bucket that receives the records as files, instead of a log group: about half the price, and minutes later. The log delivery service is let
   * in by its policy, and by its key if it has one; where either was imported, synthesis warns and says what it must contain.
   *
   * It goes without `encryptionKey`, `logGroupName` and `retention`, which are the bucket's own.
   *
   * @default - the records go to a log group
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3.html
   */
  readonly bucket?: s3.IBucket;

  /**
   * The folder in `bucket`: what the keys of the files begin with, before `AWSLogs/<account>/vpcflowlogs/`. It ends with a slash and
   * does not begin with one; at most 201 characters, letters, digits and `!_.'()-` between single slashes; `AWSLogs` is AWS's own.
   *
   * @default - no folder
   */
  readonly bucketFolder?: string;

  /**
   * How the files in `bucket` are written. Parquet is smaller and faster to query, and cannot be read without a tool.
   *
   * @default ec2.FlowLogFileFormat.PARQUET
   */
  readonly fileFormat?: ec2.FlowLogFileFormat;

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
 * Records all traffic of a VPC, accepted and rejected, in an encrypted log group that only the flow log's own role writes to, or
 * in a bucket of yours.
 *
 * Controls: NET-06 flow logs.
 *
 * @throws when `bucket` comes with what belongs to a log group, or with a folder AWS refuses
 */
export class VpcFlowLogs extends Construct {
  /** The flow log. */
  public readonly flowLog: ec2.FlowLog;

  /** The bucket the records go to, if that was asked for. */
  public readonly bucket?: s3.IBucket;

  private readonly records?: EncryptedLogGroup;
  private readonly writer?: iam.Role;

  constructor(scope: Construct, id: string, props: VpcFlowLogsProps) {
    super(scope, id);

    this.check(props);
    this.bucket = props.bucket;
    if (!props.bucket) {
      this.records = new EncryptedLogGroup(this, 'Records', {
        encryptionKey: props.encryptionKey,
        logGroupName: props.logGroupName,
        retention: props.retention ?? logs.RetentionDays.ONE_YEAR,
        removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      });
      this.writer = this.deliveryRole(this.records.logGroup);
    }
    this.flowLog = new ec2.FlowLog(this, 'FlowLog', {
      resourceType: ec2.FlowLogResourceType.fromVpc(props.vpc),
      trafficType: ec2.FlowLogTrafficType.ALL,
      destination: this.destination(props),
      maxAggregationInterval: props.aggregationInterval ?? ec2.FlowLogMaxAggregationInterval.TEN_MINUTES,
    });
    this.node.defaultChild = this.flowLog.node.defaultChild;
    if (props.bucket) {
      // CDK writes the names of these options in another case than CloudFormation documents
      (this.flowLog.node.defaultChild as ec2.CfnFlowLog).destinationOptions = {
        FileFormat: props.fileFormat ?? ec2.FlowLogFileFormat.PARQUET, HiveCompatiblePartitions: false, PerHourPartition: false,
      };
      admitFlowLogs(this, props.bucket, props.bucketFolder ?? '');
      // in place before the flow log is made: AWS looks, and would write a policy of its own
      if (props.bucket.policy) this.flowLog.node.addDependency(props.bucket.policy);
    }
  }

  /** Where the records go. Throws if they go to a bucket. */
  public get logGroup(): logs.LogGroup {
    return this.inLogGroup('logGroup', this.records).logGroup;
  }

  /** The key that encrypts the records. Throws if they go to a bucket, which has its own. */
  public get encryptionKey(): kms.IKey {
    return this.inLogGroup('encryptionKey', this.records).encryptionKey;
  }

  /** What the flow logs service uses to write: this one log group, for flow logs of this account and region. Throws if the records go to a bucket. */
  public get role(): iam.Role {
    return this.inLogGroup('role', this.writer);
  }

  private inLogGroup<T>(name: string, part: T | undefined): T {
    if (part) return part;
    throw new Error(`'${name}' must not be asked of flow logs that go to a bucket, which have none; use 'bucket' [${this.node.path}]`);
  }

  private check({ bucket, bucketFolder, fileFormat, encryptionKey, logGroupName, retention }: VpcFlowLogsProps): void {
    const given = (values: { [name: string]: unknown }) => Object.keys(values).filter((name) => values[name] !== undefined);
    const [ofLogGroup, ofBucket] = [given({ encryptionKey, logGroupName, retention }), given({ bucketFolder, fileFormat })];
    if (bucket && ofLogGroup.length > 0) {
      throw new Error(`'bucket' must go without what belongs to a log group, got '${ofLogGroup.join("' and '")}'; leave it out, or leave out 'bucket' [${this.node.path}]`);
    }
    if (!bucket && ofBucket.length > 0) {
      throw new Error(`'${ofBucket.join("' and '")}' must go with 'bucket', got none; pass the bucket, or leave it out [${this.node.path}]`);
    }
    if (bucketFolder !== undefined && !FOLDER.test(bucketFolder)) {
      const got = Token.isUnresolved(bucketFolder) ? 'a value of deployment' : `'${bucketFolder}'`;
      throw new Error(`'bucketFolder' must be known at synthesis and end with one slash, not begin with one or contain AWSLogs, got ${got} [${this.node.path}]`);
    }
  }

  private destination(props: VpcFlowLogsProps): ec2.FlowLogDestination {
    return props.bucket
      ? bucketDestination(props.bucket, props.bucketFolder ?? '')
      // CDK would attach a second, inline policy
      : ec2.FlowLogDestination.toCloudWatchLogs(this.logGroup, this.role.withoutPolicyUpdates());
  }

  /** The role names its policy, not the other way round: when the flow log starts, the role can already write. */
  private deliveryRole(logGroup: logs.LogGroup): iam.Role {
    const stack = Stack.of(this);
    const write = new iam.ManagedPolicy(this, 'Write', {
      description: 'Lets VPC flow logs write to their log group',
      statements: [new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
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
