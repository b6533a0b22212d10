import { Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CloudWatchAgent } from './cloudwatch-agent';
import { InstanceThresholds } from './instance-alarms';
import { AlarmSet } from './private/alarm-set';
import { checkBytes, checkPercent, checkWhole } from './private/checks';
import {
  FLEET_CPU, FLEET_DISK, FLEET_IN_SERVICE, FLEET_MEMORY, FLEET_NETWORK_IN, FLEET_NETWORK_OUT, FLEET_STATUS_CHECK, ONE_MINUTE,
} from './private/fleet-alarm-catalogue';

/**
 * Properties of `FleetAlarms`.
 *
 * The thresholds of processor and network are for the fleet as a whole: the average load, and the bytes of all instances together. Those
 * of memory and disk are for its fullest instance.
 */
export interface FleetAlarmsProps extends InstanceThresholds {
  /**
   * The group that is watched. It must publish its group metrics, as with `autoscaling.GroupMetrics.all()`.
   */
  readonly group: autoscaling.IAutoScalingGroup;

  /**
   * The fewest instances that must be in service. A whole number, at least 1.
   */
  readonly instancesInService: number;

  /**
   * Who is told. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (CMP-10)
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * The agent that runs on the instances. It must have a `fleetName`.
   *
   * @default - no alarms on memory and disk, which EC2 cannot see from outside
   */
  readonly agent?: CloudWatchAgent;
}

/**
 * Alarms that tell when an Auto Scaling group is overloaded, too small, or silent. Instances come and go; the alarms stay.
 *
 * Controls: CMP-08 what is alarmed on is collected, CMP-10 every alarm acts.
 */
export class FleetAlarms extends Construct {
  /** Processors, on average over the fleet. */
  public readonly cpu: cloudwatch.Alarm;

  /** Bytes received by the fleet within five minutes. */
  public readonly networkIn: cloudwatch.Alarm;

  /** Bytes sent by the fleet within five minutes. */
  public readonly networkOut: cloudwatch.Alarm;

  /** The status checks of EC2, of any instance. */
  public readonly statusCheck: cloudwatch.Alarm;

  /** Too few instances in service. */
  public readonly inService: cloudwatch.Alarm;

  /** Memory of the fullest instance; absent without an agent. */
  public readonly memory?: cloudwatch.Alarm;

  /** Space on the root file system of the fullest instance; absent without an agent. */
  public readonly disk?: cloudwatch.Alarm;

  private readonly groupName: string;

  constructor(scope: Construct, id: string, props: FleetAlarmsProps) {
    super(scope, id);
    this.groupName = props.group.autoScalingGroupName;

    const cpu = props.cpuThresholdPercent ?? 80;
    const network = props.networkThresholdBytes ?? 1_000_000_000;
    const memory = props.memoryThresholdPercent ?? 80;
    const disk = props.diskThresholdPercent ?? 80;
    checkPercent(this, 'cpuThresholdPercent', cpu);
    checkBytes(this, 'networkThresholdBytes', network);
    checkPercent(this, 'memoryThresholdPercent', memory);
    checkPercent(this, 'diskThresholdPercent', disk);
    checkWhole(this, 'instancesInService', props.instancesInService, 1);
    if (!props.agent && (props.memoryThresholdPercent ?? props.diskThresholdPercent) !== undefined) {
      throw new Error(`'memoryThresholdPercent' and 'diskThresholdPercent' must not be given without 'agent': EC2 cannot see memory and file systems from outside [${this.node.path}]`);
    }

    const alarms = new AlarmSet(this, props);
    const { AVERAGE, MAXIMUM, MINIMUM, SUM } = cloudwatch.Stats;
    this.cpu = alarms.add('Cpu', FLEET_CPU, this.metric('AWS/EC2', 'CPUUtilization', AVERAGE), cpu);
    this.networkIn = alarms.add('NetworkIn', FLEET_NETWORK_IN, this.metric('AWS/EC2', 'NetworkIn', SUM), network);
    this.networkOut = alarms.add('NetworkOut', FLEET_NETWORK_OUT, this.metric('AWS/EC2', 'NetworkOut', SUM), network);
    this.statusCheck = alarms.add('StatusCheck', FLEET_STATUS_CHECK, this.metric('AWS/EC2', 'StatusCheckFailed', MAXIMUM, ONE_MINUTE), 1);
    this.inService = alarms.add(
      'InService', FLEET_IN_SERVICE, this.metric('AWS/AutoScaling', 'GroupInServiceInstances', MINIMUM, ONE_MINUTE), props.instancesInService,
    );
    if (props.agent) {
      const fullest: cloudwatch.MetricOptions = { statistic: MAXIMUM, period: ONE_MINUTE };
      this.memory = alarms.add('Memory', FLEET_MEMORY, props.agent.metricFleetMemoryUsedPercent(fullest), memory);
      this.disk = alarms.add('Disk', FLEET_DISK, props.agent.metricFleetDiskUsedPercent('/', fullest), disk);
    }
  }

  private metric(namespace: string, metricName: string, statistic: string, period: Duration = Duration.minutes(5)): cloudwatch.Metric {
    return new cloudwatch.Metric({ namespace, metricName, statistic, period, dimensionsMap: { AutoScalingGroupName: this.groupName } });
  }
}
