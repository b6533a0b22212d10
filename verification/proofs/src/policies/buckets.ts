import { ACCOUNT, Deployed, Deployment, REGION } from '../deployment';
import { Claim, Subject } from './judge-policies';
import { serviceClaims } from './service-claims';
import { BUCKET_USES, STRANGER } from './services';
import { ADMINISTRATOR, ANYBODY, PolicyDocument, Request } from './simulator';

const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/Deployer`;
const TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };
const AMENDED = 's3:x-amz-server-side-encryption';
const KEY = `${AMENDED}-aws-kms-key-id`;

const DELIVERIES = BUCKET_USES.filter(({ actions }) => actions.includes('s3:PutObject'));

const ON_BUCKETS = ['s3:ListBucket', 's3:ListBucketVersions', 's3:PutBucketPolicy', 's3:DeleteBucket'];

/** What a policy lets a role do that uses the bucket (P-07), and the one that empties it before it is deleted. */
const USER = {
  may: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'], mayNot: ['s3:DeleteObjectVersion', 's3:PutObjectAcl', 's3:PutBucketPolicy', 's3:DeleteBucket'],
};
const EMPTIER = {
  may: ['s3:ListBucketVersions', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutBucketPolicy'], mayNot: ['s3:GetObject', 's3:PutObject', 's3:DeleteBucket'],
};

interface Bucket {
  readonly arn: string;
  /** The key that its objects are encrypted with; none, if S3 manages it. */
  readonly key?: string;
}

/** Every bucket: TLS 1.2 and newer only, its own key and no other, and nobody who is not let in (STO-01, STO-02, STO-03). */
export function bucketSubjects(deployment: Deployment): Subject[] {
  const buckets = deployment.resources('AWS::S3::Bucket', 'BucketEncryption');
  const policies = deployment.resources('AWS::S3::BucketPolicy', 'Bucket', 'PolicyDocument');
  return policies.map(({ path, properties }) => {
    const document = properties.PolicyDocument as PolicyDocument;
    const bucket = { arn: `arn:aws:s3:::${String(properties.Bucket)}`, key: keyOf(buckets, `arn:aws:s3:::${String(properties.Bucket)}`) };
    return {
      where: `${deployment.name} · ${path}`,
      document,
      claims: [
        ...transport(bucket),
        ...(bucket.key ? encryption(bucket, document) : []),
        ...access(bucket, rolesIn(document)),
        ...serviceClaims(document, BUCKET_USES, bucket.arn, TLS),
      ],
    };
  });
}

function ask(principal: Request['principal'], action: string, resource: string, context: Record<string, string>, identity = [ADMINISTRATOR]) {
  return (resourcePolicy: PolicyDocument): Request[] => [{ principal, action, resource, context, identity, resourcePolicy }];
}

function transport({ arn }: Bucket): Claim[] {
  const ways = [
    { how: 'over TLS 1.3', context: TLS, allowed: true },
    { how: 'over TLS 1.2', context: { ...TLS, 's3:TlsVersion': '1.2' }, allowed: true },
    { how: 'over TLS 1.1', context: { ...TLS, 's3:TlsVersion': '1.1' }, allowed: false },
    { how: 'over plain HTTP', context: { 'aws:SecureTransport': 'false' }, allowed: false },
  ];
  const calls = [['s3:GetObject', `${arn}/object`], ['s3:PutObject', `${arn}/object`], ['s3:ListBucket', arn], ['s3:PutBucketPolicy', arn]];
  return ways.flatMap(({ how, context, allowed }) => calls.map(([action, resource]): Claim => (
    { title: `${action} ${how}`, allowed, requests: ask(DEPLOYER, action, resource, context) })));
}

function encryption({ arn, key = '' }: Bucket, document: PolicyDocument): Claim[] {
  const other = { [AMENDED]: 'aws:kms', [KEY]: `arn:aws:kms:${REGION}:${ACCOUNT}:key/other` };
  const headers: { how: string; context: Record<string, string>; allowed: boolean }[] = [
    { how: 'that asks for nothing', context: {}, allowed: true },
    { how: 'that asks for the key of the bucket', context: { [AMENDED]: 'aws:kms', [KEY]: key }, allowed: true },
    { how: 'that asks for another key', context: other, allowed: false },
    { how: 'that asks for another key and is signed', context: { ...other, 'aws:PrincipalIsAWSService': 'false' }, allowed: false },
    { how: "that asks for AWS's own key", context: { [AMENDED]: 'aws:kms' }, allowed: false },
    { how: 'that asks for keys of S3', context: { [AMENDED]: 'AES256' }, allowed: false },
  ];
  return headers.flatMap(({ how, context, allowed }): Claim[] => [
    { title: `a write ${how}`, allowed, requests: ask(DEPLOYER, 's3:PutObject', `${arn}/object`, { ...TLS, ...context }) },
    // what a service asks for when it delivers is decided elsewhere
    ...serviceClaims(document, DELIVERIES, arn, { ...TLS, ...context }).map((claim) => ({ ...claim, title: `${claim.title}, ${how}` })),
  ]);
}

function access({ arn }: Bucket, roles: string[]): Claim[] {
  const object = `${arn}/object`;
  return [
    { title: 'anybody', allowed: false, requests: ask(ANYBODY, 's3:GetObject', object, TLS, []) },
    { title: 'an administrator of another account', allowed: false, requests: ask(`arn:aws:iam::${STRANGER}:role/Administrator`, 's3:GetObject', object, TLS) },
    { title: 'a role that nobody let', allowed: false, requests: ask(`arn:aws:iam::${ACCOUNT}:role/Other`, 's3:GetObject', object, TLS, []) },
    ...roles.flatMap((role) => {
      const { may, mayNot } = role.includes('AutoDeleteObjects') ? EMPTIER : USER;
      const claim = (allowed: boolean) => (action: string): Claim => (
        { title: `${role}: ${action}`, allowed, requests: ask(role, action, ON_BUCKETS.includes(action) ? arn : object, TLS, []) });
      return [...may.map(claim(true)), ...mayNot.map(claim(false))];
    }),
  ];
}

/** Roles that a policy lets in by name. */
function rolesIn({ Statement }: PolicyDocument): string[] {
  return [...new Set(Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) => (Principal as { AWS?: string | string[] }).AWS ?? []))];
}

function keyOf(buckets: Deployed[], arn: string): string | undefined {
  const encryptionOf = buckets.find((bucket) => bucket.arn === arn)?.properties.BucketEncryption as {
    ServerSideEncryptionConfiguration: { ServerSideEncryptionByDefault: { KMSMasterKeyID?: string } }[];
  } | undefined;
  return encryptionOf?.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID;
}
