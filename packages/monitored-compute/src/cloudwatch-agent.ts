import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { agentConfiguration, CollectedFile } from './private/agent-configuration';
import { agentInstallation } from './private/agent-installation';
import { checkName, wholeSeconds } from './private/checks';

/**
 * Properties of `CloudWatchAgent`.
 */
export interface CloudWatchAgentProps {
  /**
   * The namespace of the metrics, the only one the agent may write to. 1 to 255 letters, digits and `.-_/#`, not beginning
   * with `AWS/`.
   *
   * @default 'CWAgent'
   */
  readonly namespace?: string;

  /**
   * How often metrics are measured. Whole seconds, from 1 to 3,600; below a minute they are billed as high-resolution metrics.
   *
   * @default Duration.minutes(1)
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
   */
  readonly collectionInterval?: Duration;

  /**
   * The fleet that the machines belong to: the value of the dimension `Fleet`, which its metrics can be summed up by. 1 to 255 characters.
   * The name of an Auto Scaling group would not do: the agent can only learn it with permission to describe all tags of the account.
   *
   * @default - the machines belong to no fleet
   */
  readonly fleetName?: string;
}

/**
 * A file that the agent follows, and where its lines go.
 */
export interface AgentLogFile {
  /**
   * The absolute path of the file. With `*` in it, the newest file that matches is followed.
   */
  readonly path: string;

  /**
   * Where its lines go. The log group must exist: the agent may write to it, and may not create one.
   */
  readonly logGroup: logs.ILogGroup;

  /**
   * The log stream. 1 to 512 characters without `:` and `*`; the agent replaces `{instance_id}`, `{hostname}` and `{ip_address}`.
   *
   * @default - the id of the instance and the path: `{instance_id}/var/log/messages`
   */
  readonly streamName?: string;
}

/**
 * The CloudWatch agent, configured by what is asked of it.
 *
 * There is no configuration file to write. Asking for a metric returns it with the very dimensions the agent publishes, and
 * makes the agent collect it; so an alarm on memory cannot exist without the agent that measures it. Permissions grow the same
 * way: metrics in one namespace, lines into the log groups named here, and no right to create a log group.
 *
 * For images with `dnf` and cloud-init 22.1 or later, which is Amazon Linux 2023.
 *
 * Controls: CMP-04 least privilege, CMP-08 what is alarmed on is collected.
 */
export class CloudWatchAgent extends Construct {
  /** The namespace of the metrics. */
  public readonly namespace: string;

  private readonly intervalSeconds: number;
  private readonly fleetName?: string;
  private readonly aggregations = new Map<string, string[]>();
  private readonly diskPaths = new Set<string>();
  private readonly files: CollectedFile[] = [];
  private readonly logGroups: logs.ILogGroup[] = [];
  private readonly publishers: iam.IGrantable[] = [];
  private memory = false;

  constructor(scope: Construct, id: string, props: CloudWatchAgentProps = {}) {
    super(scope, id);

    checkName(this, 'namespace', props.namespace, /^(?!AWS\/)[\w.\-/#]{1,255}$/, "1 to 255 letters, digits and '.-_/#', not beginning with 'AWS/'");
    this.namespace = props.namespace ?? 'CWAgent';
    this.intervalSeconds = wholeSeconds(this, 'collectionInterval', props.collectionInterval ?? Duration.minutes(1), 1, 3600);
    checkName(this, 'fleetName', props.fleetName, /^[^:].{0,254}$/, "1 to 255 characters, not beginning with ':'");
    this.fleetName = props.fleetName;

    this.node.addValidation({ validate: () => this.asksForNothing() ? [`the agent collects nothing; ask it for a metric or a log file [${this.node.path}]`] : [] });
  }

  /**
   * Memory in use, in percent, and makes the agent collect it.
   *
   * @param instance an instance the agent is installed on
   * @param options statistic, period and the like
   */
  public metricMemoryUsedPercent(instance: ec2.IInstance, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    this.collectMemory();
    // without a fleet this is what the metric has by itself
    if (this.fleetName !== undefined) this.aggregateBy('InstanceId');
    return this.metric('mem_used_percent', { InstanceId: instance.instanceId }, options);
  }

  /**
   * Memory in use over the fleet, in percent, and makes the agent collect it. The maximum is the fullest machine.
   *
   * @param options statistic, period and the like
   */
  public metricFleetMemoryUsedPercent(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    const Fleet = this.fleet();
    this.collectMemory();
    this.aggregateBy('Fleet');
    return this.metric('mem_used_percent', { Fleet }, options);
  }

  /**
   * Space in use on a file system, in percent, and makes the agent collect it.
   *
   * @param instance an instance the agent is installed on
   * @param path where the file system is mounted
   * @param options statistic, period and the like
   */
  public metricDiskUsedPercent(instance: ec2.IInstance, path: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    this.collectDisk(path);
    this.aggregateBy('InstanceId', 'path');
    return this.metric('disk_used_percent', { InstanceId: instance.instanceId, path }, options);
  }

  /**
   * Space in use on a file system over the fleet, in percent, and makes the agent collect it. The maximum is the fullest machine.
   *
   * @param path where the file system is mounted
   * @param options statistic, period and the like
   */
  public metricFleetDiskUsedPercent(path: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    const Fleet = this.fleet();
    this.collectDisk(path);
    this.aggregateBy('Fleet', 'path');
    return this.metric('disk_used_percent', { Fleet, path }, options);
  }

  /**
   * Sends the lines of a file to a log group.
   *
   * @param file the file and where it goes
   */
  public addLogFile(file: AgentLogFile): void {
    checkName(this, 'path', file.path, /^\//, 'absolute');
    checkName(this, 'streamName', file.streamName ?? file.path, /^[^:*]{1,490}$/, "given for a path with ':' or '*', and at most 490 characters without them");

    this.files.push({ path: file.path, logGroupName: file.logGroup.logGroupName, streamName: file.streamName ?? `{instance_id}${file.path}` });
    if (this.logGroups.includes(file.logGroup)) return;
    this.logGroups.push(file.logGroup);
    this.publishers.forEach((publisher) => file.logGroup.grantWrite(publisher).assertSuccess());
  }

  /**
   * Installs the agent on a machine and lets it publish.
   *
   * What is asked of the agent later still counts, until synthesis. The commands may run at every boot, and must for a change
   * of the configuration to reach an instance that exists: see `ec2.MultipartBody` and `text/x-shellscript-per-boot`.
   *
   * @param userData the commands of the machine
   * @param publisher the role of the machine, or a managed policy of it
   */
  public install(userData: ec2.UserData, publisher: iam.IGrantable): void {
    userData.addCommands(Lazy.string({ produce: () => agentInstallation(this.configuration(), this.files.map((file) => file.path)) }));

    this.publishers.push(publisher);
    this.logGroups.forEach((logGroup) => logGroup.grantWrite(publisher).assertSuccess());
    if (this.collectsMetrics()) this.grantPutMetricData(publisher);
  }

  /** The configuration file, as JSON without a space for the eye: user data is at most 16 KB long. Complete at synthesis only. */
  public configuration(): string {
    return Stack.of(this).toJsonString(agentConfiguration({
      namespace: this.namespace,
      intervalSeconds: this.intervalSeconds,
      memory: this.memory,
      diskPaths: [...this.diskPaths],
      fleet: this.fleetName,
      aggregations: [...this.aggregations.values()],
      files: this.files,
    }));
  }

  private fleet(): string {
    if (this.fleetName === undefined) throw new Error(`'fleetName' must be given for metrics of a fleet [${this.node.path}]`);
    return this.fleetName;
  }

  private collectMemory(): void {
    this.mayPublishMetrics();
    this.memory = true;
  }

  private collectDisk(path: string): void {
    checkName(this, 'path', path, /^\/[^*]*$/, "absolute and without '*'");
    this.mayPublishMetrics();
    this.diskPaths.add(path);
  }

  private aggregateBy(...dimensions: string[]): void {
    this.aggregations.set(dimensions.join(), dimensions);
  }

  private metric(metricName: string, dimensionsMap: Record<string, string>, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({ namespace: this.namespace, metricName, statistic: cloudwatch.Stats.AVERAGE, ...options, dimensionsMap });
  }

  private mayPublishMetrics(): void {
    if (this.collectsMetrics()) return;
    this.publishers.forEach((publisher) => this.grantPutMetricData(publisher));
  }

  private grantPutMetricData(publisher: iam.IGrantable): void {
    iam.Grant.addToPrincipal({
      grantee: publisher,
      actions: ['cloudwatch:PutMetricData'],
      // the action knows no resources; the namespace is what it can be held to
      resourceArns: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': this.namespace } },
    }).assertSuccess();
  }

  private collectsMetrics(): boolean {
    return this.memory || this.diskPaths.size > 0;
  }

  private asksForNothing(): boolean {
    return !this.collectsMetrics() && this.files.length === 0;
  }
}
