import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';

const BUCKET_OWNER_FULL_CONTROL = { 's3:x-amz-acl': 'bucket-owner-full-control' };

/** How one kind of log gets into a bucket, and what would keep it out in silence. */
export interface LogDelivery {
  /** Who may write where; `folder` is empty or ends with a slash. */
  readonly statements: (target: s3.IBucket, folder: string) => iam.PolicyStatement[];
  /** Why the bucket must not have a customer key; absent where it may. */
  readonly refusesKey?: string;
  /** Why new objects must not be locked by default; absent where they may be. */
  readonly refusesLock?: string;
  /** Why the keys have no prefix that the bucket could know; absent where they may have one. */
  readonly refusesPrefix?: string;
}

/** Every delivery, by the id of its `LogPurpose`. */
export const LOG_DELIVERIES: { readonly [id: string]: LogDelivery } = {
  AccessLogs: {
    statements: (target) => [accessLogDelivery(target)],
    refusesKey: 'S3 delivers no access logs to a bucket with a KMS key',
    refusesLock: 'S3 delivers no access logs to a bucket that locks new objects',
    refusesPrefix: "each bucket that is logged names its own with 'accessLogsPrefix'",
  },
  CloudTrail: {
    statements: trailDelivery,
    refusesKey: 'a trail names its own key with each log file, and that key is given to the trail',
  },
  Config: {
    statements: configDelivery,
    refusesLock: 'AWS Config delivers nothing to a bucket that locks new objects',
  },
  FlowLogs: { statements: flowLogDelivery },
  LoadBalancer: {
    statements: loadBalancerDelivery,
    refusesKey: 'Elastic Load Balancing delivers no logs to a bucket with a KMS key',
  },
};

/**
 * Lets S3 deliver the access logs of the account's buckets to `target`.
 *
 * It names no single source bucket, so that one log bucket serves many and a source in another stack makes no cycle.
 */
export function accessLogDelivery(target: s3.IBucket): iam.PolicyStatement {
  const stack = Stack.of(target);
  return new iam.PolicyStatement({
    sid: 'AllowAccessLogDelivery',
    principals: [new iam.ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [target.arnForObjects('*')],
    conditions: {
      ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 's3', region: '', account: '', resource: '*' }) },
      StringEquals: { 'aws:SourceAccount': stack.account },
    },
  });
}

/**
 * Lets CloudTrail deliver the log files of the account's trails.
 *
 * It names no single trail, which does not exist yet: CloudTrail makes a trail only when its bucket lets it write.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
function trailDelivery(target: s3.IBucket, folder: string): iam.PolicyStatement[] {
  const stack = Stack.of(target);
  const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
  const anyTrail = stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  const fromTrail = { ArnLike: { 'aws:SourceArn': anyTrail } };
  return [
    new iam.PolicyStatement({
      sid: 'AllowTrailAclCheck', principals, actions: ['s3:GetBucketAcl'], resources: [target.bucketArn], conditions: fromTrail,
    }),
    new iam.PolicyStatement({
      sid: 'AllowTrailDelivery',
      principals,
      actions: ['s3:PutObject'],
      resources: [target.arnForObjects(`${folder}AWSLogs/${stack.account}/*`)],
      conditions: { ...fromTrail, StringEquals: BUCKET_OWNER_FULL_CONTROL },
    }),
  ];
}

/**
 * Lets AWS Config deliver snapshots and histories of the account: the recorder's role is tried first, then the service.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
 */
function configDelivery(target: s3.IBucket, folder: string): iam.PolicyStatement[] {
  const { account } = Stack.of(target);
  const principals = [new iam.ServicePrincipal('config.amazonaws.com')];
  return [
    new iam.PolicyStatement({
      sid: 'AllowConfigBucketCheck',
      principals,
      actions: ['s3:GetBucketAcl', 's3:ListBucket'],
      resources: [target.bucketArn],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
    new iam.PolicyStatement({
      sid: 'AllowConfigDelivery',
      principals,
      actions: ['s3:PutObject'],
      resources: [target.arnForObjects(`${folder}AWSLogs/${account}/Config/*`)],
      conditions: { StringEquals: { ...BUCKET_OWNER_FULL_CONTROL, 'aws:SourceAccount': account } },
    }),
  ];
}

/**
 * Lets the log delivery service write for the account: flow logs, and what else AWS vends in this way, as Network Load Balancers do.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
 */
function flowLogDelivery(target: s3.IBucket, folder: string): iam.PolicyStatement[] {
  const stack = Stack.of(target);
  const principals = [new iam.ServicePrincipal('delivery.logs.amazonaws.com')];
  const fromHere = { 'aws:SourceAccount': stack.account };
  const source = { ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*' }) } };
  return [
    new iam.PolicyStatement({
      sid: 'AllowFlowLogBucketCheck',
      principals,
      // it looks whether the bucket is there by listing it: a refusal is harmless, and alarms count it
      actions: ['s3:GetBucketAcl', 's3:ListBucket'],
      resources: [target.bucketArn],
      conditions: { ...source, StringEquals: fromHere },
    }),
    new iam.PolicyStatement({
      // one statement a folder: networks may share a bucket, and a policy has each id once
      sid: `AllowFlowLogDelivery${folder.replace(/[^A-Za-z0-9]/g, '')}`,
      principals,
      actions: ['s3:PutObject'],
      resources: [target.arnForObjects(`${folder}AWSLogs/${stack.account}/*`)],
      conditions: { ...source, StringEquals: { ...BUCKET_OWNER_FULL_CONTROL, ...fromHere } },
    }),
  ];
}

/**
 * Lets Elastic Load Balancing write for the account, in any region: the older way names one AWS account per region.
 *
 * There is no source condition, because the service is not known to send a source with each write: with one, people have seen
 * their load balancers refused. The path holds the account.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
function loadBalancerDelivery(target: s3.IBucket, folder: string): iam.PolicyStatement[] {
  return [new iam.PolicyStatement({
    sid: 'AllowLoadBalancerLogDelivery',
    principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [target.arnForObjects(`${folder}AWSLogs/${Stack.of(target).account}/*`)],
  })];
}
