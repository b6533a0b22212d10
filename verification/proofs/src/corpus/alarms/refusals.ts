import { Corpus } from '../../patterns/pattern';
import { call, callers, look, refused } from '../records';

/** Calls that were refused, whatever the service calls it. */
export const unauthorizedApiCalls: Corpus = {
  id: 'UnauthorizedApiCalls',
  matches: {
    'EC2 refuses': refused('ec2', 'RunInstances', 'Client.UnauthorizedOperation'),
    'Elastic Load Balancing refuses': refused('elasticloadbalancing', 'DeleteLoadBalancer', 'UnauthorizedOperation'),
    'S3 refuses': refused('s3', 'GetObject', 'AccessDenied', { eventCategory: 'Data', managementEvent: false }),
    'DynamoDB refuses': refused('dynamodb', 'Scan', 'AccessDeniedException'),
    'IAM refuses a user': refused('iam', 'CreateUser', 'AccessDenied', { userIdentity: callers.user }),
    'a look is refused': look('kms', 'ListKeys', { errorCode: 'AccessDeniedException' }),
    'a service is refused in the name of a role': refused('kms', 'Decrypt', 'AccessDenied', {
      userIdentity: { ...callers.role, invokedBy: 'lambda.amazonaws.com' }, sourceIPAddress: 'lambda.amazonaws.com',
    }),
  },
  ignores: {
    'a call that succeeds': call('ec2', 'RunInstances'),
    'a call that is throttled': call('ec2', 'DescribeInstances', { errorCode: 'Client.RequestLimitExceeded' }),
    'a name that is taken': call('iam', 'CreateUser', { errorCode: 'EntityAlreadyExistsException' }),
    'a role that is not there': call('iam', 'GetRole', { errorCode: 'NoSuchEntityException', readOnly: true }),
    'a dry run that would have succeeded': call('ec2', 'RunInstances', { errorCode: 'Client.DryRunOperation' }),
    'a message that only speaks of it': call('s3', 'PutBucketPolicy', { errorCode: 'MalformedPolicy', errorMessage: 'AccessDenied is no action' }),
    'the log delivery of AWS is refused': refused('s3', 'PutObject', 'AccessDenied', { userIdentity: callers.service, sourceIPAddress: 'delivery.logs.amazonaws.com' }),
    'a bucket is asked for, as clients do first': refused('s3', 'HeadBucket', 'AccessDenied', { readOnly: true }),
  },
};
