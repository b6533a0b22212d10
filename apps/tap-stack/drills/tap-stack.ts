import { apiAsksWhoCalls, Drill } from '@tapstack/operator';
import { activitiesAreTold } from './activities';
import { accountOfApisIsSet } from './apis';
import { configurationIsRecorded, recorderIsEnsured } from './configuration';
import { databaseInsistsOnTls, databaseIsMonitored } from './database';
import { deploymentFailureIsTold } from './deployments';
import { manyVersionsGo } from './many-versions';
import { mfaIsNeeded } from './mfa';
import { commonRoles, putsInto, serverDoesItsJob, trailDelivers, worksOn } from './roles';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** Who is answered, who is told of what, who must use MFA, and what the roles of the environment are for (B-07, B-10, C-09, D-08, R-01, X-08). */
export const tapStackDrills: Drill[] = [
  configurationIsRecorded,
  activitiesAreTold,
  apiAsksWhoCalls({ title: 'GET /data (D-08)', url: ({ stack }) => stack.output('ApiUrl') }),
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
  accountOfApisIsSet,
  recorderIsEnsured,
  watchDoesItsJob({ group: 'InstanceSecurityGroupId' }),
  trailDelivers,
  databaseIsMonitored,
  ...commonRoles({ otherLogGroup: 'InstanceLogGroup', otherSecurityGroup: 'InstanceSecurityGroupId', bucket: 'DataLakeBucketName' }),
  manyVersionsGo('DataLakeBucketName'),
  databaseInsistsOnTls,
];
