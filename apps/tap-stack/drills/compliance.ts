import { Drill } from '@tapstack/operator';
import { DATABASE_PORT } from '../src/parts/mysql';
import { activitiesAreTold } from './activities';
import { configurationIsRecorded, recorderIsEnsured } from './configuration';
import { conventionsHold } from './conventions';
import { databaseIsMySql, databaseIsMonitored } from './database';
import { imageIsTheLatest } from './images';
import { manyVersionsGo } from './many-versions';
import { commonRoles, putsInto, serverDoesItsJob, trailDelivers, worksOn } from './roles';
import { ADMINISTRATORS, isReached } from './security-groups';
import { useIsRecorded } from './trail';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** What is recorded, who is told of what, and what the roles of the environment are for (C-03, C-07, C-09, X-08). */
export const complianceDrills: Drill[] = [
  ...conventionsHold,
  isReached('ServerSecurityGroupId', [22, ADMINISTRATORS]),
  isReached('DatabaseSecurityGroupId', [DATABASE_PORT, 'ServerSecurityGroupId']),
  imageIsTheLatest,
  useIsRecorded('SecureStorageBucketName'),
  configurationIsRecorded,
  activitiesAreTold,
  groupChangeIsTold({ group: 'ServerSecurityGroupId', key: 'KMSKeyId' }),
  serverDoesItsJob('ServerRole', { logGroup: 'ApplicationLogGroup', role: 'ServerRoleArn' }, {
    may: (stack) => [worksOn('write and read an object of the secure storage', stack.output('SecureStorageBucketName'))],
    mayNot: (stack) => [
      putsInto('write to the bucket of the trail', stack.output('CloudTrailBucketName')),
      putsInto('write to the bucket of configurations', stack.output('ConfigBucketName')),
      putsInto('write to the bucket of access logs', stack.output('LoggingBucketName')),
    ],
  }),
  recorderIsEnsured,
  watchDoesItsJob({ group: 'ServerSecurityGroupId' }),
  trailDelivers,
  databaseIsMonitored,
  ...commonRoles({ otherLogGroup: 'ApplicationLogGroup', otherSecurityGroup: 'ServerSecurityGroupId', bucket: 'SecureStorageBucketName' }),
  manyVersionsGo('SecureStorageBucketName'),
  databaseIsMySql,
];
