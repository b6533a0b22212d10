import { Drill } from '@tapstack/operator';
import { accessIsLogged } from './buckets';
import { conventionsHold } from './conventions';
import { holdsAtLeast, putsOut } from './extent';
import { imageIsTheLatest } from './images';
import { machinesReport, standIn } from './instances';
import { namesArePrefixed, roleHasTwoPolicies } from './names';
import { addressesAre } from './network';
import { commonRoles, putsInto, serverDoesItsJob, worksOn } from './roles';
import { ADMINISTRATORS, isReached } from './security-groups';

/** What the roles of the environment are for, and what lies next to it (X-08, P-06). */
export const privateWorkloadDrills: Drill[] = [
  ...conventionsHold,
  namesArePrefixed,
  addressesAre('10.0.0.0/16', { Public: ['10.0.1.0/24'], Private: ['10.0.2.0/24'] }),
  isReached('LoadBalancerSecurityGroupId'),
  isReached('InstanceSecurityGroupId', [443, 'LoadBalancerSecurityGroupId'], [22, ADMINISTRATORS]),
  standIn({ EC2InstanceId: 'Private' }),
  machinesReport,
  imageIsTheLatest,
  roleHasTwoPolicies,
  accessIsLogged('AccessLogsBucketName'),
  putsOut('VPCId', 'PrivateSubnetId', 'EC2InstanceId', 'S3BucketName', 'KMSKeyId', 'CloudWatchLogGroup', 'StackName', 'EnvironmentSuffix'),
  holdsAtLeast(21),
  serverDoesItsJob('ServerRole', { logGroup: 'CloudWatchLogGroup', role: 'EC2RoleArn' }, {
    may: (stack) => [worksOn('write and read an object of its bucket', stack.output('S3BucketName'))],
    mayNot: (stack) => [putsInto('write to the bucket of access logs', stack.output('AccessLogsBucketName'))],
  }),
  ...commonRoles({ otherLogGroup: 'CloudWatchLogGroup', otherSecurityGroup: 'InstanceSecurityGroupId', bucket: 'S3BucketName' }),
];
