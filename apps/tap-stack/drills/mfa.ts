import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { confirming, Drill, usersNeedMfa } from '@tapstack/operator';

/** Whoever is in the group enrols a device without MFA, and does nothing else (B-07). */
export const mfaIsNeeded: Drill = confirming(['B-07'], usersNeedMfa({
  group: ({ stack }) => stack.output('MFAGroupName'),
  tries: () => [
    { title: 'list the buckets', action: 's3:ListAllMyBuckets', resource: '*', call: (as) => as.s3.send(new ListBucketsCommand({})) },
    { title: 'look at the network', action: 'ec2:DescribeSecurityGroups', resource: '*', call: (as) => as.ec2.send(new DescribeSecurityGroupsCommand({})) },
    { title: 'list the users', action: 'iam:ListUsers', resource: '*', call: (as) => as.iam.send(new ListUsersCommand({})) },
  ],
}));
