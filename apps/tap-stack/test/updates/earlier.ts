/** The app of a version before this one: one NAT gateway, logs and backups that end early. */
// the first of all: what is loaded after it builds its networks so
import './one-nat-gateway';
import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { buildAltered } from './altered-app';

buildAltered({
  logRetention: RetentionDays.ONE_WEEK,
  trailRetention: RetentionDays.SIX_MONTHS,
  logsKeptFor: Duration.days(180),
  databaseBackupRetention: Duration.days(1),
});
