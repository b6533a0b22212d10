/** The app of a version after this one: one more zone, a standby of the database, detectors, logs and backups that last longer. */
// the first of all: what is loaded after it builds its networks so
import './one-more-zone';
import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { buildAltered } from './altered-app';

buildAltered({
  logRetention: RetentionDays.THREE_MONTHS,
  trailRetention: RetentionDays.TWO_YEARS,
  logsKeptFor: Duration.days(730),
  databaseBackupRetention: Duration.days(14),
  databaseMultiAz: true,
  detectors: { securityHub: true, inspector: true },
});
