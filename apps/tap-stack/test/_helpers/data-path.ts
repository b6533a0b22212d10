import { ExpectedResult } from '@aws-cdk/integ-tests-alpha';
import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CUSTOMER_KEY, DeployedEnvironment } from './deployed-environment';
import { InlineFunction } from './inline-function';

/** Asks a bucket for its first object, with TLS and without: on a local AWS plain HTTP is on the port after that of TLS. */
const ASK_TWICE = `
const { ListObjectsV2Command, S3Client } = require('@aws-sdk/client-s3');
const { AWS_ENDPOINT_URL: local } = process.env;

function plain(url) {
  const address = new URL(url);
  address.protocol = 'http:';
  address.port = Number(address.port) + 1;
  return address.href;
}

const clients = { https: new S3Client({}), http: new S3Client(local ? { endpoint: plain(local) } : { tls: false }) };

exports.handler = async ({ bucket }) => {
  const ask = (s3) => s3.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 })).then(() => 'answered', (error) => error.name);
  return { https: await ask(clients.https), http: await ask(clients.http) };
};
`;

/** Puts versions into a bucket, then a delete marker on top of each object, and counts what is there. */
const FILL = `
const { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const s3 = new S3Client({});

exports.handler = async ({ bucket, versions, objects }) => {
  const keys = Array.from({ length: objects }, (_, n) => 'many-versions/' + n);
  for (let put = 0; put < versions; put += objects) {
    await Promise.all(keys.slice(0, versions - put).map((Key) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'one of many' }))));
  }
  await Promise.all(keys.map((Key) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }))));

  const found = { versions: 0, deleteMarkers: 0 };
  let page = {};
  do {
    page = await s3.send(new ListObjectVersionsCommand({
      Bucket: bucket, Prefix: 'many-versions/', KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker,
    }));
    found.versions += (page.Versions ?? []).length;
    found.deleteMarkers += (page.DeleteMarkers ?? []).length;
  } while (page.IsTruncated);
  return found;
};
`;

/** More than one page of a listing has, and more than can be deleted at once. */
const VERSIONS = 1_001;
const OBJECTS = 50;

/** What becomes of data on its way into a bucket, while it is there, and when the stack is deleted. */
export class DataPath {
  constructor(private readonly environment: DeployedEnvironment) {}

  /** What is put into a bucket goes through the key, and comes back. */
  public throughTheKey(Bucket: string, key = CUSTOMER_KEY): this {
    const object = { Bucket, Key: 'report' };
    this.environment.call('s3', 'PutObject', { ...object, Body: 'through the key' }, ['s3:PutObject', 'kms:GenerateDataKey'])
      .expect(ExpectedResult.objectLike({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key }))
      .next(this.environment.call('s3', 'GetObject', object, ['s3:GetObject', 'kms:Decrypt'])
        .expect(ExpectedResult.objectLike({ Body: 'through the key', SSEKMSKeyId: key })));
    return this;
  }

  /** Whoever may look into the buckets is refused over plain HTTP, and it is their policies that refuse: a bucket without one answers. */
  public overTlsOnly(...buckets: string[]): this {
    const { assertionStack } = this.environment;
    const { bucketName: open } = new s3.Bucket(assertionStack, 'WithoutPolicy', { removalPolicy: RemovalPolicy.DESTROY });
    const resources = [...buckets, open].map((bucket) => `arn:${Aws.PARTITION}:s3:::${bucket}`);
    const asker = new InlineFunction(assertionStack, 'PlainHttp', ASK_TWICE, { actions: ['s3:ListBucket'], resources });
    for (const bucket of buckets) this.environment.answers(asker, { bucket }, { https: 'answered', http: 'AccessDenied' });
    this.environment.answers(asker, { bucket: open }, { https: 'answered', http: 'answered' });
    return this;
  }

  /**
   * A bucket holds more than 1,000 versions when the stack is deleted (C-07). A bucket with anything in it is not deleted, and whatever is left of
   * the test fails the run (`tools/integ.mjs`).
   */
  public manyVersions(bucket: string): this {
    const filler = new InlineFunction(this.environment.assertionStack, 'ManyVersions', FILL, {
      actions: ['s3:PutObject', 's3:DeleteObject', 's3:ListBucketVersions', 'kms:GenerateDataKey'], resources: ['*'],
    });
    this.environment.answers(filler, { bucket, versions: VERSIONS, objects: OBJECTS }, { versions: VERSIONS, deleteMarkers: OBJECTS });
    return this;
  }
}
