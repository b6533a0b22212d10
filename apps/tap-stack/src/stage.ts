import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** GuardDuty and Access Analyzer, and what comes besides. */
export interface Detectors {
  readonly securityHub: boolean;
  readonly inspector: boolean;
}

/** What a stage decides, in one place and before anything is built. */
export interface Stage {
  readonly name: StageName;

  /** Buckets, keys, logs, secrets. */
  readonly dataRemoval: RemovalPolicy;

  /** How long a deleted key can be brought back. */
  readonly keyPendingWindow: Duration;

  /** Logs other than the trail's. */
  readonly logRetention: RetentionDays;

  /** The events of the trail. */
  readonly trailRetention: RetentionDays;

  /** Log files in buckets: the trail's and access logs. */
  readonly logsKeptFor: Duration;

  /** Whether a standby of the database waits in another zone. */
  readonly databaseMultiAz: boolean;

  /** How far back in time the database can be restored. */
  readonly databaseBackupRetention: Duration;

  /** Whether the log files of the trail can be deleted by nobody, the root user included, as long as they are kept. */
  readonly archiveLocked: boolean;

  /** What detects threats, turned on where it is missing; nothing if it is left as it is. */
  readonly detectors?: Detectors;

  /** Whether the stack refuses to be deleted. */
  readonly terminationProtection: boolean;
}

/** The stages by name, the one that leaves nothing behind first. */
export enum StageName {
  EPHEMERAL = 'ephemeral',
  STANDARD = 'standard',
  REGULATED = 'regulated',
}

/** Data outlives its stack, but a creation that fails leaves no orphans that the next one would run into. */
const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

const STAGES: Record<StageName, Stage> = {
  [StageName.EPHEMERAL]: {
    name: StageName.EPHEMERAL,
    dataRemoval: RemovalPolicy.DESTROY,
    keyPendingWindow: Duration.days(7),
    logRetention: RetentionDays.ONE_MONTH,
    trailRetention: RetentionDays.ONE_YEAR,
    logsKeptFor: Duration.days(365),
    databaseMultiAz: false,
    databaseBackupRetention: Duration.days(7),
    archiveLocked: false,
    terminationProtection: false,
  },
  [StageName.STANDARD]: {
    name: StageName.STANDARD,
    dataRemoval: KEPT,
    keyPendingWindow: Duration.days(30),
    logRetention: RetentionDays.THREE_MONTHS,
    trailRetention: RetentionDays.ONE_YEAR,
    logsKeptFor: Duration.days(365),
    databaseMultiAz: true,
    databaseBackupRetention: Duration.days(7),
    archiveLocked: false,
    detectors: { securityHub: false, inspector: false },
    terminationProtection: true,
  },
  [StageName.REGULATED]: {
    name: StageName.REGULATED,
    dataRemoval: KEPT,
    keyPendingWindow: Duration.days(30),
    logRetention: RetentionDays.ONE_YEAR,
    trailRetention: RetentionDays.SEVEN_YEARS,
    logsKeptFor: Duration.days(2557),
    databaseMultiAz: true,
    databaseBackupRetention: Duration.days(35),
    archiveLocked: true,
    detectors: { securityHub: true, inspector: true },
    terminationProtection: true,
  },
};

/** The stages, in the order of their names' enum. */
export const STAGE_NAMES = Object.values(StageName);

/**
 * @throws Error if there is no such stage
 */
export function stageNamed(name: string): Stage {
  const stage = STAGE_NAMES.find((known) => known === name);
  if (!stage) throw new Error(`'stage' must be one of ${STAGE_NAMES.join(', ')}, got '${name}'; pass one with --context stage=<name>`);
  return STAGES[stage];
}
