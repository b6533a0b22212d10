import { apiAsksWhoCalls, Drill } from '@tapstack/operator';
import { accountOfApisIsSet } from './apis';
import { databaseInsistsOnTls, databaseIsMonitored } from './database';
import { commonRoles, putsInto, serverDoesItsJob, trailDelivers, worksOn } from './roles';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** Who is answered, who is told of what, and what the roles of the environment are for (X-08, D-05, D-07, D-08). */
export const dataPlatformDrills: Drill[] = [
  apiAsksWhoCalls({ title: 'GET /data (D-08)', url: ({ stack }) => stack.output('ApiUrl') }),
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
  databaseInsistsOnTls,
];
