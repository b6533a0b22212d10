import { ACCOUNT, REGION } from '../deployment';

/** What a service asks of a key or a bucket in its own name, and what it tells of itself when it does. */
export interface ServiceUse {
  readonly service: string;
  readonly actions: string[];
  /** Below the bucket; a key has nothing below it. */
  readonly object?: string;
  /** What AWS sends along for a resource of this account and region, and the same for somebody else's. */
  readonly context: Record<string, { readonly own: string; readonly foreign: string }>;
}

/** An account that has nothing to do with ours. */
export const STRANGER = '444455556666';

const foreign = (arn: string): string => arn.replaceAll(ACCOUNT, STRANGER);
const both = (own: string) => ({ own, foreign: foreign(own) });
const account = { 'aws:SourceAccount': both(ACCOUNT) };
const source = (own: string, other = foreign(own)) => ({ 'aws:SourceArn': { own, foreign: other } });
const regional = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

const DATA_KEYS = ['kms:Decrypt', 'kms:GenerateDataKey'];
const TRAIL = regional('cloudtrail', 'trail/audit');

/**
 * Uses of keys.
 *
 * EventBridge tells the key nothing of itself, which is why nothing can be asked of it.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const KEY_USES: ServiceUse[] = [
  {
    service: `logs.${REGION}.amazonaws.com`,
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey'],
    context: { 'kms:EncryptionContext:aws:logs:arn': both(regional('logs', 'log-group:events')) },
  },
  { service: 'events.amazonaws.com', actions: DATA_KEYS, context: {} },
  { service: 'cloudwatch.amazonaws.com', actions: DATA_KEYS, context: { ...account, ...source(regional('cloudwatch', 'alarm:cpu')) } },
  { service: 's3.amazonaws.com', actions: DATA_KEYS, context: { ...account, ...source('arn:aws:s3:::bucket', 'arn:aws:sqs:::bucket') } },
  { service: 'events.rds.amazonaws.com', actions: DATA_KEYS, context: { ...account, ...source(regional('rds', 'es:events')) } },
  { service: 'budgets.amazonaws.com', actions: DATA_KEYS, context: { ...account, ...source(`arn:aws:budgets::${ACCOUNT}:budget/month`) } },
  { service: 'sns.amazonaws.com', actions: DATA_KEYS, context: { ...account, ...source(regional('sns', 'alerts')) } },
  { service: 'config.amazonaws.com', actions: DATA_KEYS, context: account },
  { service: 'delivery.logs.amazonaws.com', actions: ['kms:Encrypt', ...DATA_KEYS], context: { ...account, ...source(regional('logs', 'delivery-source:flow')) } },
  { service: 'cloudtrail.amazonaws.com', actions: ['kms:GenerateDataKey'], context: { ...source(TRAIL), 'kms:EncryptionContext:aws:cloudtrail:arn': both(TRAIL) } },
  { service: 'cloudtrail.amazonaws.com', actions: ['kms:DescribeKey'], context: source(TRAIL) },
];

/** What publishes to topics tells them what it tells their key. */
export const TOPIC_USES: ServiceUse[] = KEY_USES.filter(({ actions }) => actions === DATA_KEYS).map((use) => ({ ...use, actions: ['sns:Publish'] }));

/** Rules send to a queue what they could not deliver, and tell it which rule it was. */
export function queueUses(rules: string[]): ServiceUse[] {
  return rules.map((rule) => ({ service: 'events.amazonaws.com', actions: ['sqs:SendMessage'], context: source(rule) }));
}

const FULL_CONTROL = { 's3:x-amz-acl': { own: 'bucket-owner-full-control', foreign: 'private' } };
const DELIVERY_SOURCE = source(regional('logs', 'delivery-source:flow'));

/** Deliveries to buckets. */
export const BUCKET_USES: ServiceUse[] = [
  {
    service: 'logging.s3.amazonaws.com', actions: ['s3:PutObject'], object: 'bucket/2026-11-25-09-30-00-0A1B2C3D4E5F6071',
    context: { ...account, ...source('arn:aws:s3:::bucket', 'arn:aws:sqs:::bucket') },
  },
  { service: 'cloudtrail.amazonaws.com', actions: ['s3:GetBucketAcl'], context: source(TRAIL) },
  {
    service: 'cloudtrail.amazonaws.com', actions: ['s3:PutObject'], object: `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2026/11/25/log.json.gz`,
    context: { ...source(TRAIL), ...FULL_CONTROL },
  },
  { service: 'config.amazonaws.com', actions: ['s3:GetBucketAcl', 's3:ListBucket'], context: account },
  {
    service: 'config.amazonaws.com', actions: ['s3:PutObject'], object: `AWSLogs/${ACCOUNT}/Config/${REGION}/2026/11/25/ConfigSnapshot/snapshot.json.gz`,
    context: { ...account, ...FULL_CONTROL },
  },
  { service: 'delivery.logs.amazonaws.com', actions: ['s3:GetBucketAcl', 's3:ListBucket'], context: { ...account, ...DELIVERY_SOURCE } },
  {
    service: 'delivery.logs.amazonaws.com', actions: ['s3:PutObject'], object: `AWSLogs/${ACCOUNT}/vpcflowlogs/${REGION}/2026/11/25/log.gz`,
    context: { ...account, ...DELIVERY_SOURCE, ...FULL_CONTROL },
  },
  // it is not known to tell anything of itself: the path is all there is
  { service: 'logdelivery.elasticloadbalancing.amazonaws.com', actions: ['s3:PutObject'], object: `AWSLogs/${ACCOUNT}/elasticloadbalancing/${REGION}/2026/11/25/log.gz`, context: {} },
];
