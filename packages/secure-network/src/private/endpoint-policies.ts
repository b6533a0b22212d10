import { Fn, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/** What AWS serves from buckets of its own to machines that may have no other way out. All are public to read. */
const AWS_BUCKETS_TO_READ = (region: string) => [
  // packages of Amazon Linux 2023 and 2: dnf and yum fail with 403 without them
  `al2023-repos-${region}-de612dc2`,
  `amazonlinux-2-repos-${region}`,
  // Systems Manager agent: its updates, documents, Distributor packages and patch baselines
  `aws-ssm-${region}`,
  `amazon-ssm-${region}`,
  `amazon-ssm-packages-${region}`,
  `aws-ssm-document-attachments-${region}`,
  `patch-baseline-snapshot-${region}`,
  `${region}-birdwatcher-prod`,
  // CloudWatch agent
  `amazoncloudwatch-agent-${region}`,
  // image layers of ECR
  `prod-${region}-starport-layer-bucket`,
];

/** Where custom resources and wait conditions answer CloudFormation, by URLs that CloudFormation signs. */
const CLOUDFORMATION_BUCKETS_TO_WRITE = (region: string) => [
  `cloudformation-custom-resource-response-${Fn.join('', Fn.split('-', region))}`,
  `cloudformation-waitcondition-${region}`,
];

/**
 * Through the S3 endpoint: principals of this account reach buckets of this account, and anybody the AWS-owned buckets that
 * machines need. Credentials of another account carry no data out this way.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
 */
export function s3EndpointPolicy(stack: Stack): iam.PolicyStatement[] {
  const objectsOf = (buckets: string[]) => buckets.map((bucket) => stack.formatArn({ service: 's3', region: '', account: '', resource: bucket, resourceName: '*' }));
  return [
    withinAccount(stack, 's3:*'),
    new iam.PolicyStatement({
      sid: 'ReadFromAwsOwnedBuckets',
      principals: [new iam.StarPrincipal()],
      actions: ['s3:GetObject'],
      resources: objectsOf(AWS_BUCKETS_TO_READ(stack.region)),
    }),
    new iam.PolicyStatement({
      sid: 'AnswerCloudFormation',
      principals: [new iam.StarPrincipal()],
      actions: ['s3:PutObject'],
      resources: objectsOf(CLOUDFORMATION_BUCKETS_TO_WRITE(stack.region)),
    }),
  ];
}

/** Through the DynamoDB endpoint: principals of this account reach tables of this account. */
export function dynamoDbEndpointPolicy(stack: Stack): iam.PolicyStatement[] {
  return [withinAccount(stack, 'dynamodb:*')];
}

function withinAccount(stack: Stack, action: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'WithinThisAccount',
    principals: [new iam.StarPrincipal()],
    actions: [action],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:PrincipalAccount': stack.account, 'aws:ResourceAccount': stack.account } },
  });
}
