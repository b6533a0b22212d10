import { Annotations, Duration, Size, SizeRoundingBehavior, Token, Tokenization } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CONNECTIONS, CPU, DatabaseAlarm, FREE_MEMORY, FREE_STORAGE, READ_LATENCY, WRITE_LATENCY } from './private/database-alarm-catalogue';
import { checkWholeNumber } from './private/whole-number';

/**
 * When the alarms of a database go off, each after fifteen minutes beyond its threshold.
 */
export interface DatabaseThresholds {
  /**
   * Processor, in percent. Above 0 and below 100.
   *
   * @default 80
   */
  readonly cpuThresholdPercent?: number;

  /**
   * Storage that is free. More than nothing. Storage autoscaling acts below a tenth of the storage, so less than that
   * means that it could not.
   *
   * @default Size.gibibytes(1)
   */
  readonly freeStorageThreshold?: Size;

  /**
   * Memory that is free. More than nothing.
   *
   * @default Size.mebibytes(256)
   */
  readonly freeMemoryThreshold?: Size;

  /**
   * Open connections. A whole number from 1 to 100,000. RDS allows one for each 12 MB of memory, some 300 with 4 GiB.
   *
   * @default 200
   */
  readonly connectionsThreshold?: number;

  /**
   * How long the volume takes for one read, and for one write. More than nothing.
   *
   * @default Duration.millis(50)
   */
  readonly latencyThreshold?: Duration;

  /**
   * The page whose sections `#database-processor`, `#database-storage`, `#database-memory`, `#database-connections` and
   * `#database-latency` say what to do. Each alarm links to its own.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;
}

/**
 * Properties of `DatabaseAlarms`.
 */
export interface DatabaseAlarmsProps extends DatabaseThresholds {
  /**
   * The database that is watched. Any instance, not only that of an `EncryptedDatabase`.
   */
  readonly instance: rds.IDatabaseInstance;

  /**
   * Who is told. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (STO-22)
   */
  readonly alarmTopic?: sns.ITopic;
}

/**
 * Alarms that tell when a database is overloaded, full, slow, or silent.
 *
 * Every alarm has an action for going off and for recovering, says how it treats missing data, and links to what to do.
 *
 * Controls: STO-22 every alarm acts.
 */
export class DatabaseAlarms extends Construct {
  /** Processor; also tells when the database reports nothing. */
  public readonly cpu: cloudwatch.Alarm;

  /** Free storage. */
  public readonly freeStorage: cloudwatch.Alarm;

  /** Free memory. */
  public readonly freeMemory: cloudwatch.Alarm;

  /** Open connections. */
  public readonly connections: cloudwatch.Alarm;

  /** Time of a read. */
  public readonly readLatency: cloudwatch.Alarm;

  /** Time of a write. */
  public readonly writeLatency: cloudwatch.Alarm;

  private readonly instance: rds.IDatabaseInstance;
  private readonly action?: cloudwatch.IAlarmAction;
  private readonly runbookUrl: string;

  constructor(scope: Construct, id: string, props: DatabaseAlarmsProps) {
    super(scope, id);
    this.instance = props.instance;
    this.action = props.alarmTopic && new SnsAction(props.alarmTopic);
    this.runbookUrl = props.runbookUrl ?? 'https://github.com/tapstack/secure-environments/tree/main/packages/encrypted-storage';

    const cpu = props.cpuThresholdPercent ?? 80;
    this.checkAbove0('cpuThresholdPercent', cpu, 100);
    const freeStorage = (props.freeStorageThreshold ?? Size.gibibytes(1)).toBytes({ rounding: SizeRoundingBehavior.NONE });
    this.checkAbove0('freeStorageThreshold', freeStorage);
    const freeMemory = (props.freeMemoryThreshold ?? Size.mebibytes(256)).toBytes({ rounding: SizeRoundingBehavior.NONE });
    this.checkAbove0('freeMemoryThreshold', freeMemory);
    const connections = props.connectionsThreshold ?? 200;
    checkWholeNumber(this, 'connectionsThreshold', connections, 1, 100_000);
    const latency = (props.latencyThreshold ?? Duration.millis(50)).toSeconds({ integral: false });
    this.checkAbove0('latencyThreshold', latency);

    this.cpu = this.alarm('Cpu', CPU, cpu);
    this.freeStorage = this.alarm('FreeStorage', FREE_STORAGE, freeStorage);
    this.freeMemory = this.alarm('FreeMemory', FREE_MEMORY, freeMemory);
    this.connections = this.alarm('Connections', CONNECTIONS, connections);
    this.readLatency = this.alarm('ReadLatency', READ_LATENCY, latency);
    this.writeLatency = this.alarm('WriteLatency', WRITE_LATENCY, latency);

    if (!this.action) {
      Annotations.of(this).addWarningV2('encrypted-storage:STO-22', "nobody is told when these alarms go off; pass 'alarmTopic'");
    }
  }

  private alarm(id: string, spec: DatabaseAlarm, threshold: number): cloudwatch.Alarm {
    const happened = spec.happened.replace('{threshold}', Tokenization.stringifyNumber(threshold));
    const alarm = new cloudwatch.Alarm(this, id, {
      metric: this.instance.metric(spec.metricName, { statistic: cloudwatch.Stats.AVERAGE, period: Duration.minutes(5) }),
      threshold,
      alarmDescription: `${happened} ${spec.response} ${this.runbookUrl}#${spec.runbook}`,
      comparisonOperator: spec.comparison,
      evaluationPeriods: 3,
      treatMissingData: spec.missingData,
    });
    if (this.action) {
      alarm.addAlarmAction(this.action);
      alarm.addOkAction(this.action);
    }
    return alarm;
  }

  private checkAbove0(prop: string, value: number, below: number = Infinity): void {
    if (Token.isUnresolved(value) || (value > 0 && value < below)) return;

    const rule = below === Infinity ? 'more than nothing' : `above 0 and below ${below}`;
    throw new Error(`'${prop}' must be ${rule}, got ${value} [${this.node.path}]`);
  }
}
