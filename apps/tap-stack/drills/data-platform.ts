import { Drill } from '@tapstack/operator';
import { DATABASE_PORT } from '../src/parts/mysql';
import { accountOfApisIsSet, apiAnswersWhoSigns } from './apis';
import { accessIsLogged, areSeparate } from './buckets';
import { conventionsHold } from './conventions';
import { databaseIsMySql, databaseIsMonitored } from './database';
import { holdsAtLeast } from './extent';
import { machinesReport, standIn } from './instances';
import { keysAre } from './keys';
import { threeTiers } from './network';
import { commonRoles, putsInto, serverDoesItsJob, trailDelivers, worksOn } from './roles';
import { isReached } from './security-groups';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** Who is answered, who is told of what, and what the roles of the environment are for (X-08, D-05, D-07, D-08). */
export const dataPlatformDrills: Drill[] = [
  ...conventionsHold,
  threeTiers,
  isReached('InstanceSecurityGroupId', [443, 'FrontSecurityGroupId']),
  isReached('DatabaseSecurityGroupId', [DATABASE_PORT, 'InstanceSecurityGroupId']),
  standIn({ Instance1Id: 'Private', Instance2Id: 'Private' }),
  machinesReport,
  keysAre({ bucket: 'DataLakeBucketName', ofBucket: 'StorageKeyId', ofDatabase: 'DatabaseKeyId', ofTrail: 'AuditKeyId' }),
  areSeparate('DataLakeBucketName', 'LoggingBucketName', 'CloudTrailBucketName'),
  accessIsLogged('LoggingBucketName'),
  holdsAtLeast(47, 16),
  apiAnswersWhoSigns,
  groupChangeIsTold({ group: 'DatabaseSecurityGroupId', key: 'AuditKeyId' }),
  serverDoesItsJob('FleetRole', { logGroup: 'InstanceLogGroup', role: 'InstanceRoleArn' }, {
    may: (stack) => [worksOn('write and read an object of the data lake', stack.output('DataLakeBucketName'))],
    mayNot: (stack) => [
      putsInto('write to the bucket of the trail', stack.output('CloudTrailBucketName')),
      putsInto('write to the bucket of access logs', stack.output('LoggingBucketName')),
    ],
  }),
  accountOfApisIsSet,
  watchDoesItsJob({ group: 'DatabaseSecurityGroupId' }),
  trailDelivers,
  databaseIsMonitored,
  ...commonRoles({ otherLogGroup: 'InstanceLogGroup', otherSecurityGroup: 'InstanceSecurityGroupId', bucket: 'DataLakeBucketName' }),
  databaseIsMySql,
];
