import { Drill } from '@tapstack/operator';
import { DATABASE_PORT } from '../src/parts/mysql';
import { activitiesAreTold } from './activities';
import { accountOfApisIsSet, apiAnswersWhoSigns } from './apis';
import { accessIsLogged, areSeparate } from './buckets';
import { configurationIsRecorded, recorderIsEnsured } from './configuration';
import { conventionsHold } from './conventions';
import { dashboardShows } from './dashboards';
import { databaseIsMySql, databaseIsMonitored } from './database';
import { deploymentFailureIsTold } from './deployments';
import { holdsAtLeast } from './extent';
import { imageIsTheLatest } from './images';
import { machinesReport, standIn } from './instances';
import { keysAre } from './keys';
import { manyVersionsGo } from './many-versions';
import { mfaIsNeeded } from './mfa';
import { threeTiers } from './network';
import { commonRoles, putsInto, serverDoesItsJob, speaksForTheFleet, trailDelivers, worksOn } from './roles';
import { ADMINISTRATORS, isReached } from './security-groups';
import { useIsRecorded } from './trail';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** Who is answered, who is told of what, who must use MFA, and what the roles of the environment are for (B-07, B-10, C-09, D-08, R-01, X-08). */
export const tapStackDrills: Drill[] = [
  ...conventionsHold,
  threeTiers,
  isReached('PublicSecurityGroupId', [22, ADMINISTRATORS]),
  isReached('InstanceSecurityGroupId', [443, 'FrontSecurityGroupId'], [22, ADMINISTRATORS]),
  isReached('DatabaseSecurityGroupId', [DATABASE_PORT, 'InstanceSecurityGroupId']),
  standIn({ PublicInstanceId: 'Public' }),
  imageIsTheLatest,
  machinesReport,
  keysAre({ bucket: 'DataLakeBucketName', ofBucket: 'KMSKeyId', ofDatabase: 'DatabaseKeyId', ofTrail: 'AuditKeyId' }),
  areSeparate('DataLakeBucketName', 'LoggingBucketName', 'CloudTrailBucketName'),
  accessIsLogged('LoggingBucketName'),
  useIsRecorded('DataLakeBucketName'),
  holdsAtLeast(50, 16),
  dashboardShows,
  configurationIsRecorded,
  activitiesAreTold,
  apiAnswersWhoSigns,
  groupChangeIsTold({ group: 'InstanceSecurityGroupId', key: 'KMSKeyId' }),
  deploymentFailureIsTold,
  mfaIsNeeded,
  serverDoesItsJob('FleetRole', { logGroup: 'InstanceLogGroup', role: 'InstanceRoleArn' }, {
    may: (stack) => [worksOn('write and read an object of the data lake', stack.output('DataLakeBucketName'))],
    mayNot: (stack) => [
      putsInto('write to the bucket of the trail', stack.output('CloudTrailBucketName')),
      putsInto('write to the bucket of access logs', stack.output('LoggingBucketName')),
      putsInto('write to the bucket of configurations', stack.output('ConfigBucketName')),
    ],
  }),
  serverDoesItsJob('PublicServerRole', { logGroup: 'InstanceLogGroup', role: 'PublicInstanceRoleArn' }, {
    mayNot: (stack) => [
      putsInto('write to the data lake', stack.output('DataLakeBucketName')),
      speaksForTheFleet(stack),
    ],
  }),
  accountOfApisIsSet,
  recorderIsEnsured,
  watchDoesItsJob({ group: 'InstanceSecurityGroupId' }),
  trailDelivers,
  databaseIsMonitored,
  ...commonRoles({ otherLogGroup: 'InstanceLogGroup', otherSecurityGroup: 'InstanceSecurityGroupId', bucket: 'DataLakeBucketName' }),
  manyVersionsGo('DataLakeBucketName'),
  databaseIsMySql,
];
