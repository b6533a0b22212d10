import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CloudWatchAgent } from './cloudwatch-agent';
import { AlarmSet } from './private/alarm-set';
import { checkBytes, checkPercent } from './private/checks';
import { CPU, DISK, FIVE_MINUTES, MEMORY, NETWORK_IN, NETWORK_OUT, STATUS_CHECK } from './private/instance-alarm-catalogue';

/**
 * When the alarms of an instance go off.
 */
export interface InstanceThresholds {
  /**
   * Processor, in percent, averaged over five minutes. Above 0 and below 100.
   *
   * @default 80
   */
  readonly cpuThresholdPercent?: number;

  /**
   * Network, in bytes within five minutes, for what is received and for what is sent. A whole number, at least 1.
   *
   * @default 1_000_000_000
   */
  readonly networkThresholdBytes?: number;

  /**
   * Memory, in percent, averaged over five minutes. Above 0 and below 100.
   *
   * @default 80
   */
  readonly memoryThresholdPercent?: number;

  /**
   * Space used on the root file system, in percent, averaged over five minutes. Above 0 and below 100.
   *
   * @default 80
   */
  readonly diskThresholdPercent?: number;

  /**
   * The page whose sections `#processor`, `#network-in`, `#network-out`, `#status-checks`, `#memory` and `#disk` say what to do.
   * Each alarm links to its own.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;
}

/**
 * Properties of `InstanceAlarms`.
 */
export interface InstanceAlarmsProps extends InstanceThresholds {
  /**
   * The instance that is watched. Any instance, not only a `MonitoredInstance`.
   */
  readonly instance: ec2.IInstance;

  /**
   * Who is told. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (CMP-10)
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * The agent that runs on the instance. It is asked for what the alarms on memory and disk need.
   *
   * @default - no alarms on memory and disk, which EC2 cannot see from outside
   */
  readonly agent?: CloudWatchAgent;
}

/**
 * Alarms that tell when an instance is overloaded, sick, or silent.
 *
 * Every alarm has an action for going off and for recovering, says how it treats missing data, and links to what to do.
 *
 * Controls: CMP-08 what is alarmed on is collected, CMP-10 every alarm acts.
 */
export class InstanceAlarms extends Construct {
  /** Processor. */
  public readonly cpu: cloudwatch.Alarm;

  /** Bytes received within five minutes. */
  public readonly networkIn: cloudwatch.Alarm;

  /** Bytes sent within five minutes. */
  public readonly networkOut: cloudwatch.Alarm;

  /** The status checks of EC2, of the host and of the system. */
  public readonly statusCheck: cloudwatch.Alarm;

  /** Memory; absent without an agent. */
  public readonly memory?: cloudwatch.Alarm;

  /** Space on the root file system; absent without an agent. */
  public readonly disk?: cloudwatch.Alarm;

  private readonly instance: ec2.IInstance;
  private readonly agent?: CloudWatchAgent;
  private readonly alarms: AlarmSet;

  constructor(scope: Construct, id: string, props: InstanceAlarmsProps) {
    super(scope, id);
    this.instance = props.instance;
    this.agent = props.agent;
    this.alarms = new AlarmSet(this, props);

    const cpu = props.cpuThresholdPercent ?? 80;
    const network = props.networkThresholdBytes ?? 1_000_000_000;
    const memory = props.memoryThresholdPercent ?? 80;
    checkPercent(this, 'cpuThresholdPercent', cpu);
    checkBytes(this, 'networkThresholdBytes', network);
    checkPercent(this, 'memoryThresholdPercent', memory);

    this.cpu = this.alarms.add('Cpu', CPU, this.ec2Metric('CPUUtilization', cloudwatch.Stats.AVERAGE), cpu);
    // a sum over the period: with an average the threshold would mean bytes a minute or bytes in five, as monitoring is detailed or not
    this.networkIn = this.alarms.add('NetworkIn', NETWORK_IN, this.ec2Metric('NetworkIn', cloudwatch.Stats.SUM), network);
    this.networkOut = this.alarms.add('NetworkOut', NETWORK_OUT, this.ec2Metric('NetworkOut', cloudwatch.Stats.SUM), network);
    this.statusCheck = this.alarms.add('StatusCheck', STATUS_CHECK, this.ec2Metric('StatusCheckFailed', cloudwatch.Stats.MAXIMUM, Duration.minutes(1)), 1);

    if (this.agent) {
      this.memory = this.alarms.add('Memory', MEMORY, this.agent.metricMemoryUsedPercent(this.instance, { period: FIVE_MINUTES }), memory);
      this.disk = this.addDiskAlarm('Disk', '/', props.diskThresholdPercent);
    } else {
      this.needsAgent('memoryThresholdPercent', props.memoryThresholdPercent);
      this.needsAgent('diskThresholdPercent', props.diskThresholdPercent);
    }
  }

  /**
   * Watches the space of another file system.
   *
   * @param id the id of the alarm
   * @param path where the file system is mounted
   * @param thresholdPercent space used, in percent, averaged over five minutes; 80 when silent
   */
  public addDiskAlarm(id: string, path: string, thresholdPercent: number = 80): cloudwatch.Alarm {
    if (!this.agent) {
      throw new Error(`'agent' must be given for an alarm on '${path}': EC2 cannot see file systems from outside [${this.node.path}]`);
    }
    checkPercent(this, 'diskThresholdPercent', thresholdPercent);
    return this.alarms.add(id, DISK, this.agent.metricDiskUsedPercent(this.instance, path, { period: FIVE_MINUTES }), thresholdPercent);
  }

  private needsAgent(prop: string, value?: number): void {
    if (value === undefined) return;
    throw new Error(`'${prop}' must not be given without 'agent': EC2 cannot see memory and file systems from outside [${this.node.path}]`);
  }

  private ec2Metric(metricName: string, statistic: string, period: Duration = FIVE_MINUTES): cloudwatch.Metric {
    return new cloudwatch.Metric({ namespace: 'AWS/EC2', metricName, statistic, period, dimensionsMap: { InstanceId: this.instance.instanceId } });
  }
}
