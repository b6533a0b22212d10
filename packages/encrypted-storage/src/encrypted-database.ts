import { Annotations, Duration, RemovalPolicy, SecretValue, Size, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { DatabaseAlarms, DatabaseThresholds } from './database-alarms';
import { DatabaseEngine } from './database-engine';
import { EncryptedLogGroup } from './encrypted-log-group';
import { EncryptionKey } from './encryption-key';
import { checkName } from './private/check-name';
import { tellEvents } from './private/database-events';
import { databaseSubnets } from './private/database-subnets';
import { enhancedMonitoringRole } from './private/enhanced-monitoring-role';
import { stackUniqueName } from './private/stack-unique-name';
import { wholeDays } from './private/whole-days';
import { wholeGibibytes } from './private/whole-gibibytes';
import { checkWholeNumber } from './private/whole-number';

/** Too small to run Performance Insights beside the database. */
const WITHOUT_PERFORMANCE_INSIGHTS = /^t(2|3|4g)\.(micro|small)$/;

/** Names that every attacker tries first, and those that RDS or MySQL keep for themselves. */
const GUESSABLE = 'admin|administrator|root|master|mysql|user|sys|rdsadmin|rdsrepladmin|rds_superuser_role';

/**
 * Properties of `EncryptedDatabase`.
 */
export interface EncryptedDatabaseProps extends DatabaseThresholds {
  /**
   * The network the database lives in.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets the database may use: none of them public, in at least two zones.
   *
   * @default - the isolated subnets, or the private ones if there are none
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * The security groups of the database. At least one.
   *
   * @default - a new one that lets nobody in, and nothing out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The engine and its version.
   *
   * @default DatabaseEngine.MYSQL_8_4
   */
  readonly engine?: DatabaseEngine;

  /**
   * More parameters of the engine. Not those that the engine sets itself, which make it insist on TLS and write its logs.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };

  /**
   * The size of the machine.
   *
   * @default - db.t4g.medium, the smallest that runs Performance Insights
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The port the database listens on. From 1,150 to 65,535. The usual one of the engine is warned about: it is the first
   * that is tried (STO-23).
   *
   * @default 13306
   */
  readonly port?: number;

  /**
   * The name of the instance, which stands in the names of its log groups. 1 to 63 lower-case letters, digits and single
   * hyphens, beginning with a letter.
   *
   * @default - `database-<hash>-<id of the stack>`, unique in account and region
   */
  readonly instanceIdentifier?: string;

  /**
   * A database to make on the instance. 1 to 64 letters, digits and `_`, beginning with a letter.
   *
   * @default - none
   */
  readonly databaseName?: string;

  /**
   * The name of the administrator. 1 to 16 letters, digits and `_`, beginning with a letter, and not one that is easily
   * guessed. Its password is made, kept and rotated by RDS.
   *
   * @default 'dboperator'
   */
  readonly administratorName?: string;

  /**
   * The key that encrypts storage, backups, the administrator's secret, Performance Insights and the logs.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The storage to begin with. Whole gibibytes, from 20 to 59,578: RDS has 65,536, and a tenth must be left to grow.
   *
   * @default Size.gibibytes(20)
   */
  readonly storage?: Size;

  /**
   * The storage up to which RDS adds more when little is left. Whole gibibytes, at least a tenth more than `storage`, at
   * most 65,536.
   *
   * @default - five times `storage`; 65,536 GiB if that is more, or if `storage` is only known at deployment
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
   */
  readonly storageLimit?: Size;

  /**
   * Whether a standby in another zone takes over when a zone fails. Without one the database is down with its zone, and
   * during maintenance; synthesis warns (STO-20).
   *
   * @default true
   */
  readonly multiAz?: boolean;

  /**
   * How far back in time the database can be restored. Whole days, from 1 to 35. Less than 7 is warned about (STO-19).
   *
   * @default Duration.days(7)
   */
  readonly backupRetention?: Duration;

  /**
   * How long the logs are kept. Less than a year is warned about (STO-10).
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Whether RDS records which statements load the database. Without, an overload has no name; synthesis warns (STO-18).
   * The types t2, t3 and t4g do not support it in the sizes micro and small.
   *
   * @default true
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
   */
  readonly performanceInsights?: boolean;

  /**
   * Who is told when an alarm goes off. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (STO-22)
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Who is told by RDS when the database fails over, fails, runs out of storage, is maintained or changed, and when its parameters
   * are. RDS is let in by the policy of the topic and by that of its key.
   *
   * @default - nobody is told of events; alarms have a topic of their own
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.html
   */
  readonly eventTopic?: sns.ITopic;

  /**
   * What happens to the database when it leaves the stack. `DESTROY`: it goes, with its automated backups, and is not
   * protected. Everything else: it is protected from deletion, and once the protection is taken off a final snapshot
   * stays; an instance without its network is never left behind. The logs, and the key if it is made here, are kept then.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A MySQL database in private subnets of two zones, encrypted with a customer key, reached over TLS only and by nobody
 * until `connections` lets them in. RDS makes and rotates the password of its administrator; no template ever holds one.
 *
 * Its logs go to log groups that are made here, before the database: RDS would make them itself, without a key and
 * forever. RDS derives their names from that of the instance, so the instance has a name that is known beforehand. It
 * is unique to the stack: one template can be deployed many times, and again after its removal. The price: a change
 * that replaces the instance is refused by CloudFormation, until the instance is given another `instanceIdentifier`.
 *
 * Controls: STO-01 customer key, STO-02 TLS only, STO-08 survives its stack, STO-10 retention, STO-14 private network,
 * STO-15 managed password, STO-16 who logs in, STO-17 logs that are written, STO-18 insight, STO-19 backups, STO-20 two
 * zones, STO-21 patches, STO-22 every alarm acts, STO-23 unusual port, STO-24 events.
 */
export class EncryptedDatabase extends Construct implements ec2.IConnectable {
  /** The database. Its own metrics, events and `grantConnect` (IAM authentication) all apply. */
  public readonly instance: rds.DatabaseInstance;

  /** The name and password of the administrator, which RDS rotates every seven days. */
  public readonly secret: secretsmanager.ISecret;

  /** The key that encrypts everything. */
  public readonly encryptionKey: kms.IKey;

  /** Who may reach the database. `connections.allowDefaultPortFrom(peer)` opens its port and nothing else. */
  public readonly connections: ec2.Connections;

  /** The parameters of the engine. */
  public readonly parameterGroup: rds.ParameterGroup;

  /** The log groups, by the name that RDS gives the log: `error`, `general` and `slowquery` for MySQL. */
  public readonly logGroups: { [name: string]: logs.LogGroup };

  /** The alarms. */
  public readonly alarms: DatabaseAlarms;

  /** The subscriptions to events of the instance and of its parameters; none without `eventTopic`. */
  public readonly eventSubscriptions: rds.CfnEventSubscription[];

  constructor(scope: Construct, id: string, props: EncryptedDatabaseProps) {
    super(scope, id);

    const destroyed = props.removalPolicy === RemovalPolicy.DESTROY;
    // a snapshot cannot be read without its key
    const kept = props.removalPolicy === RemovalPolicy.SNAPSHOT ? RemovalPolicy.RETAIN : props.removalPolicy;
    const engine = props.engine ?? DatabaseEngine.MYSQL_8_4;
    const instanceType = props.instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM);
    const performanceInsights = props.performanceInsights ?? true;
    const multiAz = props.multiAz ?? true;
    const port = props.port ?? 13306;
    const administratorName = props.administratorName ?? 'dboperator';
    const backupDays = wholeDays(this, 'backupRetention', props.backupRetention ?? Duration.days(7), 1, 35);
    const storage = wholeGibibytes(this, 'storage', props.storage ?? Size.gibibytes(20), 20, 59_578);
    const storageLimit = this.storageLimit(storage, props.storageLimit);

    checkWholeNumber(this, 'port', port, 1150, 65_535);
    checkName(this, 'instanceIdentifier', props.instanceIdentifier, /^(?=.{1,63}$)[a-z](-?[a-z0-9])*$/, '1 to 63 lower-case letters, digits and single hyphens, beginning with a letter');
    checkName(this, 'databaseName', props.databaseName, /^[a-zA-Z]\w{0,63}$/, "1 to 64 letters, digits and '_', beginning with a letter");
    checkName(this, 'administratorName', administratorName, new RegExp(`^(?!(${GUESSABLE})$)[a-z]\\w{0,15}$`, 'i'), "1 to 16 letters, digits and '_', beginning with a letter, and not easily guessed");
    this.checkPerformanceInsights(performanceInsights, instanceType);

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy: kept }).key;
    const instanceIdentifier = props.instanceIdentifier ?? stackUniqueName('database', () => this.instance);
    const securityGroups = this.securityGroups(props);
    const logGroups = engine.logExports.map((log) => new EncryptedLogGroup(this, `Log-${log}`, {
      logGroupName: `/aws/rds/instance/${instanceIdentifier}/${log}`,
      encryptionKey: this.encryptionKey,
      retention: props.logRetention,
      removalPolicy: kept,
    }).logGroup);
    this.logGroups = Object.fromEntries(engine.logExports.map((log, index) => [log, logGroups[index]]));
    this.parameterGroup = new rds.ParameterGroup(this, 'ParameterGroup', {
      engine: engine.engine,
      description: 'Insists on TLS and writes the logs',
      parameters: this.parameters(engine, props.parameters),
    });
    const subnetGroup = new rds.SubnetGroup(this, 'SubnetGroup', {
      vpc: props.vpc,
      vpcSubnets: databaseSubnets(this, props.vpc, props.subnets),
      description: 'Private subnets in several zones',
    });

    this.instance = new rds.DatabaseInstance(this, 'Instance', {
      engine: engine.engine,
      instanceIdentifier,
      instanceType,
      databaseName: props.databaseName,
      port,
      vpc: props.vpc,
      subnetGroup,
      securityGroups,
      publiclyAccessible: false,
      multiAz,
      // the L2 knows no password managed by RDS; `letRdsManageThePassword` takes this one out again
      credentials: rds.Credentials.fromPassword(administratorName, SecretValue.unsafePlainText('not used')),
      iamAuthentication: true,
      storageEncryptionKey: this.encryptionKey,
      storageType: rds.StorageType.GP3,
      allocatedStorage: storage,
      maxAllocatedStorage: storageLimit,
      backupRetention: Duration.days(backupDays),
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: destroyed,
      deletionProtection: !destroyed,
      removalPolicy: destroyed ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT,
      parameterGroup: this.parameterGroup,
      cloudwatchLogsExports: engine.logExports,
      monitoringInterval: Duration.seconds(60),
      monitoringRole: enhancedMonitoringRole(this, instanceIdentifier),
      enablePerformanceInsights: performanceInsights,
      performanceInsightEncryptionKey: performanceInsights ? this.encryptionKey : undefined,
      autoMinorVersionUpgrade: true,
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    });
    this.node.defaultChild = this.instance.node.defaultChild;
    this.secret = this.letRdsManageThePassword();

    // RDS makes a log group that it does not find, without a key and forever
    this.instance.node.addDependency(...logGroups);
    // not those of the instance, whose port is only known at deployment
    this.connections = new ec2.Connections({ securityGroups, defaultPort: ec2.Port.tcp(port) });
    this.alarms = new DatabaseAlarms(this, 'Alarms', { ...props, instance: this.instance });
    this.eventSubscriptions = props.eventTopic ? tellEvents(this, props.eventTopic, this.instance, this.parameterGroup) : [];

    this.warnOfWeakerChoices({ multiAz, performanceInsights, backupDays, usualPort: port === engine.usualPort });
  }

  private letRdsManageThePassword(): secretsmanager.ISecret {
    const resource = this.instance.node.defaultChild as rds.CfnDBInstance;
    resource.masterUserPassword = undefined;
    resource.manageMasterUserPassword = true;
    resource.masterUserSecret = { kmsKeyId: this.encryptionKey.keyArn };
    return secretsmanager.Secret.fromSecretAttributes(this, 'Secret', {
      secretCompleteArn: resource.attrMasterUserSecretSecretArn,
      encryptionKey: this.encryptionKey,
    });
  }

  private securityGroups(props: EncryptedDatabaseProps): ec2.ISecurityGroup[] {
    if (props.securityGroups?.length === 0) {
      throw new Error(`'securityGroups' must name at least one, got none; leave it out for a new one that lets nobody in [${this.node.path}]`);
    }
    return props.securityGroups ?? [new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.vpc, description: 'Who may reach the database', allowAllOutbound: false,
    })];
  }

  private parameters(engine: DatabaseEngine, more: { [name: string]: string } = {}): { [name: string]: string } {
    const taken = Object.keys(more).find((name) => name in engine.parameters);
    if (taken) {
      throw new Error(`'parameters' must not hold '${taken}', which makes the engine insist on TLS or write its logs, got '${more[taken]}' [${this.node.path}]`);
    }
    return { ...more, ...engine.parameters };
  }

  private storageLimit(storage: number, limit?: Size): number {
    if (limit === undefined) return Token.isUnresolved(storage) ? 65_536 : Math.min(5 * storage, 65_536);

    const least = Token.isUnresolved(storage) ? 22 : Math.ceil(storage * 11 / 10);
    return wholeGibibytes(this, 'storageLimit', limit, least, 65_536);
  }

  private checkPerformanceInsights(performanceInsights: boolean, instanceType: ec2.InstanceType): void {
    if (!performanceInsights || !WITHOUT_PERFORMANCE_INSIGHTS.test(instanceType.toString())) return;

    throw new Error(`'instanceType' must be one that supports Performance Insights, got '${instanceType}'; pass a larger one, or 'performanceInsights' as false [${this.node.path}]`);
  }

  private warnOfWeakerChoices(choice: { multiAz: boolean; performanceInsights: boolean; backupDays: number; usualPort: boolean }): void {
    const warn = (control: string, message: string) => Annotations.of(this).addWarningV2(`encrypted-storage:${control}`, message);

    if (!choice.multiAz) warn('STO-20', "this database is down with its zone; leave out 'multiAz' for a standby in another one");
    if (!choice.performanceInsights) warn('STO-18', "nobody records which statements load this database; leave out 'performanceInsights'");
    if (!Token.isUnresolved(choice.backupDays) && choice.backupDays < 7) warn('STO-19', `backups are gone after ${choice.backupDays} days; auditors ask for 7`);
    if (choice.usualPort) warn('STO-23', "this database listens on the port that is tried first; leave out 'port'");
  }
}
