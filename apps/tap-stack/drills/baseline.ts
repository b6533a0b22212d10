import { Drill } from '@tapstack/operator';
import { databaseInsistsOnTls, databaseIsMonitored } from './database';
import { mfaIsNeeded } from './mfa';
import { commonRoles, putsInto, serverDoesItsJob, trailDelivers, worksOn } from './roles';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** Who is told of what, who must use MFA, and what the roles of the environment are for (B-06, B-07, B-10, B-11, B-14, X-08). */
export const baselineDrills: Drill[] = [
  groupChangeIsTold({ group: 'PrivateSecurityGroupId', key: 'KMSKeyId' }),
  mfaIsNeeded,
  serverDoesItsJob('PublicServerRole', { logGroup: 'PublicInstanceLogGroup', role: 'PublicInstanceRoleArn' }, {
    mayNot: (stack) => [putsInto('write to the secure storage', stack.output('SecureStorageBucketName'))],
  }),
  serverDoesItsJob('PrivateServerRole', { logGroup: 'PrivateInstanceLogGroup', role: 'PrivateInstanceRoleArn' }, {
    may: (stack) => [
      worksOn('write and read an object of the secure storage', stack.output('SecureStorageBucketName')),
    ],
    mayNot: (stack) => [
      putsInto('write to the bucket of the trail', stack.output('CloudTrailBucketName')),
      putsInto('write to the bucket of access logs', stack.output('LoggingBucketName')),
    ],
  }),
  watchDoesItsJob({ group: 'PrivateSecurityGroupId' }),
  trailDelivers,
  databaseIsMonitored,
  ...commonRoles({ otherLogGroup: 'PrivateInstanceLogGroup', otherSecurityGroup: 'PrivateSecurityGroupId', bucket: 'SecureStorageBucketName' }),
  databaseInsistsOnTls,
];
