import { Drill } from '@tapstack/operator';
import { commonRoles, putsInto, serverDoesItsJob, worksOn } from './roles';

/** What the roles of the environment are for, and what lies next to it (X-08, P-06). */
export const privateWorkloadDrills: Drill[] = [
  serverDoesItsJob('ServerRole', { logGroup: 'CloudWatchLogGroup', role: 'EC2RoleArn' }, {
    may: (stack) => [worksOn('write and read an object of its bucket', stack.output('S3BucketName'))],
    mayNot: (stack) => [putsInto('write to the bucket of access logs', stack.output('AccessLogsBucketName'))],
  }),
  ...commonRoles({ otherLogGroup: 'CloudWatchLogGroup', otherSecurityGroup: 'InstanceSecurityGroupId', bucket: 'S3BucketName' }),
];
