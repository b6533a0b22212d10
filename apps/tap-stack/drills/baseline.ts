import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { Drill, usersNeedMfa } from '@tapstack/operator';
import { databaseInsistsOnTls, databaseIsMonitored } from './database';
import { commonRoles, putsInto, serverDoesItsJob, trailDelivers, worksOn } from './roles';
import { groupChangeIsTold, watchDoesItsJob } from './watch';

/** Who is told of what, who must use MFA, and what the roles of the environment are for (B-06, B-07, B-10, B-11, B-14, X-08). */
export const baselineDrills: Drill[] = [
  groupChangeIsTold({ group: 'PrivateSecurityGroupId', key: 'KMSKeyId' }),
  usersNeedMfa({
    group: ({ stack }) => stack.output('MFAGroupName'),
    tries: () => [
      { title: 'list the buckets', action: 's3:ListAllMyBuckets', resource: '*', call: (as) => as.s3.send(new ListBucketsCommand({})) },
      { title: 'look at the network', action: 'ec2:DescribeSecurityGroups', resource: '*', call: (as) => as.ec2.send(new DescribeSecurityGroupsCommand({})) },
      { title: 'list the users', action: 'iam:ListUsers', resource: '*', call: (as) => as.iam.send(new ListUsersCommand({})) },
    ],
  }),
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
