/** What resources hold before an update, and whether they hold it afterwards. */
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ROOT } from './lib.mjs';

const load = createRequire(path.join(ROOT, 'apps', 'operator', 'lib', 'index.js'));
const { DescribeTrailsCommand } = load('@aws-sdk/client-cloudtrail');
const { CreateLogStreamCommand, GetLogEventsCommand, PutLogEventsCommand } = load('@aws-sdk/client-cloudwatch-logs');
const { DescribeKeyCommand, EncryptCommand, DecryptCommand } = load('@aws-sdk/client-kms');
const { DescribeDBInstancesCommand } = load('@aws-sdk/client-rds');
const { GetObjectCommand, PutObjectCommand } = load('@aws-sdk/client-s3');
const { GetSecretValueCommand } = load('@aws-sdk/client-secrets-manager');
const { ListSubscriptionsByTopicCommand, SubscribeCommand } = load('@aws-sdk/client-sns');
const { GetQueueAttributesCommand } = load('@aws-sdk/client-sqs');

const PUT = 'put before the update';

/** By type: puts something there, or takes down what nothing can make again; returns how to look whether it is still there. */
const KINDS = {
  'AWS::S3::Bucket': async ({ s3 }, Bucket, name) => {
    await s3.send(new PutObjectCommand({ Bucket, Key: name, Body: PUT }));
    return async () => await (await s3.send(new GetObjectCommand({ Bucket, Key: name }))).Body.transformToString() === PUT;
  },
  'AWS::KMS::Key': async ({ kms }, KeyId) => {
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(PUT) }));
    return async () => Buffer.from((await kms.send(new DecryptCommand({ KeyId, CiphertextBlob }))).Plaintext).toString() === PUT
      && (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata.KeyState === 'Enabled';
  },
  'AWS::Logs::LogGroup': async ({ logs }, logGroupName, logStreamName) => {
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [{ timestamp: Date.now(), message: PUT }] }));
    const events = async () => (await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }))).events;
    return async () => (await events())[0]?.message === PUT;
  },
  'AWS::RDS::DBInstance': async ({ rds }, DBInstanceIdentifier) => same(async () => {
    const { DBInstances: [{ DbiResourceId, MasterUserSecret }] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
    return [DbiResourceId, MasterUserSecret?.SecretArn];
  }),
  'AWS::SecretsManager::Secret': async ({ secretsManager }, SecretId) => same(async () => (
    (await secretsManager.send(new GetSecretValueCommand({ SecretId }))).SecretString
  )),
  'AWS::SNS::Topic': async ({ sns }, TopicArn, name) => {
    const Endpoint = `${name}@example.com`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
    const subscriptions = async () => (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions;
    return async () => (await subscriptions()).some((one) => one.Endpoint === Endpoint);
  },
  'AWS::SQS::Queue': async ({ sqs }, QueueUrl) => same(async () => (
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['CreatedTimestamp'] }))).Attributes.CreatedTimestamp
  )),
  'AWS::CloudTrail::Trail': async ({ cloudTrail }, name) => same(async () => (
    (await cloudTrail.send(new DescribeTrailsCommand({ trailNameList: [name] }))).trailList[0].TrailARN
  )),
};

/** Takes the state of resources, by logical id, each with its physical id and type. What is put there gets a name that only this state has. */
export async function stateOf(clients, resources, name) {
  const looks = new Map();
  for (const [logicalId, { id, type }] of resources) {
    if (!(type in KINDS)) throw new Error(`nobody says how the state of ${type} is kept (${logicalId})`);
    looks.set(logicalId, await KINDS[type](clients, id, name));
  }
  return {
    async compare() {
      const results = [];
      for (const [logicalId, look] of looks) results.push([`${logicalId} holds what was put into it`, await look().catch(() => false)]);
      return results;
    },
  };
}

/** The same answer again. */
async function same(ask) {
  const before = JSON.stringify(await ask());
  return async () => JSON.stringify(await ask()) === before;
}
