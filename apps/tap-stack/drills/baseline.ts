import { Drill } from '@tapstack/operator';
import { DATABASE_PORT } from '../src/parts/mysql';
import { accessIsLogged, areSeparate } from './buckets';
import { conventionsHold } from './conventions';
import { databaseIsMySql, databaseIsMonitored } from './database';
import { holdsAtLeast } from './extent';
import { standIn } from './instances';
import { mfaIsNeeded } from './mfa';
import { addressesAre } from './network';
import { commonRoles, putsInto, serverDoesItsJob, trailDelivers, worksOn } from './roles';
import { ADMINISTRATORS, isReached } from './security-groups';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** Who is told of what, who must use MFA, and what the roles of the environment are for (B-06, B-07, B-10, B-11, B-14, X-08). */
export const baselineDrills: Drill[] = [
  ...conventionsHold,
  addressesAre('10.0.0.0/16', { Public: ['10.0.1.0/24', '10.0.2.0/24'], Private: ['10.0.3.0/24', '10.0.4.0/24'] }),
  isReached('PublicSecurityGroupId', [22, ADMINISTRATORS]),
  isReached('PrivateSecurityGroupId', [22, ADMINISTRATORS]),
  isReached('DatabaseSecurityGroupId', [DATABASE_PORT, 'PublicSecurityGroupId'], [DATABASE_PORT, 'PrivateSecurityGroupId']),
  standIn({ PublicInstanceId: 'Public', PrivateInstanceId: 'Private' }),
  areSeparate('SecureStorageBucketName', 'LoggingBucketName', 'CloudTrailBucketName'),
  accessIsLogged('LoggingBucketName'),
  holdsAtLeast(50),
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
  databaseIsMySql,
];
