import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** What an alarm says, whatever its threshold. */
export interface DatabaseAlarm {
  readonly metricName: string;
  /** What has happened; `{threshold}` stands for the threshold. */
  readonly happened: string;
  /** The first thing to do. */
  readonly response: string;
  /** The heading of the runbook, as a link knows it. */
  readonly runbook: string;
  readonly comparison: cloudwatch.ComparisonOperator;
  readonly missingData: cloudwatch.TreatMissingData;
}

const ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD;
const BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD;

/** A database that reports nothing is a failure, and one alarm is enough to say so. */
const SILENCE_IS_FAILURE = cloudwatch.TreatMissingData.BREACHING;

/** That it reports nothing is said by the alarm on its processor. */
const SAID_ELSEWHERE = cloudwatch.TreatMissingData.NOT_BREACHING;

/** The processor, and silence. */
export const CPU: DatabaseAlarm = {
  metricName: 'CPUUtilization',
  happened: 'The processor of the database was above {threshold} % on average for fifteen minutes, or the database reports nothing.',
  response: 'Look whether it runs, then for the statements that load it in Performance Insights.',
  runbook: 'database-processor',
  comparison: ABOVE,
  missingData: SILENCE_IS_FAILURE,
};

/** Space on the volume. */
export const FREE_STORAGE: DatabaseAlarm = {
  metricName: 'FreeStorageSpace',
  happened: 'Less than {threshold} bytes of storage were free for fifteen minutes.',
  response: 'Raise the storage limit: autoscaling has reached it, or acted less than six hours ago.',
  runbook: 'database-storage',
  comparison: BELOW,
  missingData: SAID_ELSEWHERE,
};

/** Memory. */
export const FREE_MEMORY: DatabaseAlarm = {
  metricName: 'FreeableMemory',
  happened: 'Less than {threshold} bytes of memory were free for fifteen minutes.',
  response: 'Look for swapping and for the number of connections, then take a larger instance type.',
  runbook: 'database-memory',
  comparison: BELOW,
  missingData: SAID_ELSEWHERE,
};

/** Connections. */
export const CONNECTIONS: DatabaseAlarm = {
  metricName: 'DatabaseConnections',
  happened: 'More than {threshold} connections were open for fifteen minutes.',
  response: 'Look for the client that does not close them; a pool or a proxy holds them down.',
  runbook: 'database-connections',
  comparison: ABOVE,
  missingData: SAID_ELSEWHERE,
};

/** Time to read from the volume. */
export const READ_LATENCY: DatabaseAlarm = {
  metricName: 'ReadLatency',
  happened: 'A read from the volume took more than {threshold} seconds on average for fifteen minutes.',
  response: 'Look for statements without an index in the slow query log, then at the operations that the volume allows.',
  runbook: 'database-latency',
  comparison: ABOVE,
  missingData: SAID_ELSEWHERE,
};

/** Time to write to the volume. */
export const WRITE_LATENCY: DatabaseAlarm = {
  ...READ_LATENCY,
  metricName: 'WriteLatency',
  happened: 'A write to the volume took more than {threshold} seconds on average for fifteen minutes.',
  response: 'Look for bulk writes in the general log, then at the operations that the volume allows.',
};
