import { Drill } from '@tapstack/operator';
import { activitiesAreTold } from './activities';
import { configurationIsRecorded, recorderIsEnsured } from './configuration';
import { databaseInsistsOnTls, databaseIsMonitored } from './database';
import { manyVersionsGo } from './many-versions';
import { commonRoles, putsInto, serverDoesItsJob, trailDelivers, worksOn } from './roles';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** What is recorded, who is told of what, and what the roles of the environment are for (C-03, C-07, C-09, X-08). */
export const complianceDrills: Drill[] = [
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
  databaseInsistsOnTls,
];
