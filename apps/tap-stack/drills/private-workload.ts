import { Drill, roleDoesItsJob } from '@tapstack/operator';
import { objectArn, publishMetric, writeAndRead } from './calls';
import { commonRoles, nobodyMay, putsInto, writesTo } from './roles';

/** What the roles of the environment are for, and what lies next to it (X-08, P-06). */
export const privateWorkloadDrills: Drill[] = [
  roleDoesItsJob({
    role: 'ServerRole',
    service: 'ec2.amazonaws.com',
    may: ({ stack }) => [
      {
        title: 'write and read an object of its bucket', action: 's3:PutObject', resource: objectArn(stack.output('S3BucketName')),
        call: (as) => writeAndRead(as, stack.output('S3BucketName')),
      },
      writesTo('write to its log group', stack, stack.output('CloudWatchLogGroup')),
      { title: 'publish the metrics of the agent', action: 'cloudwatch:PutMetricData', resource: '*', call: (as) => publishMetric(as, 'CWAgent') },
    ],
    mayNot: ({ stack }) => [putsInto('write to the bucket of access logs', stack.output('AccessLogsBucketName')), ...nobodyMay(stack, 'EC2RoleArn')],
  }),
  ...commonRoles({ otherLogGroup: 'CloudWatchLogGroup', otherSecurityGroup: 'InstanceSecurityGroupId', bucket: 'S3BucketName' }),
];
