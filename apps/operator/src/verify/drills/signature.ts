import { createHash, createHmac } from 'node:crypto';
import { Credentials } from '../../target';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** A `GET` that is to be signed. */
export interface SignedRequest {
  readonly url: URL;
  readonly service: string;
  readonly region: string;
  readonly credentials: Credentials;
  /** When it is made; AWS takes it for five minutes. */
  readonly at: Date;
}

/**
 * The headers that say who sends a request (Signature Version 4). The path must need no encoding.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf({ url, service, region, credentials, at }: SignedRequest): Record<string, string> {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const sent: Record<string, string> = { 'x-amz-date': time, ...sessionToken ? { 'x-amz-security-token': sessionToken } : {} };
  const headers = { host: url.host, ...sent };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`).join('');
  const request = ['GET', url.pathname, url.searchParams.toString(), lines, names, hash('')].join('\n');
  const key = scope.reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, [ALGORITHM, time, scope.join('/'), hash(request)].join('\n')).toString('hex');
  return { ...sent, authorization: `${ALGORITHM} Credential=${[accessKeyId, ...scope].join('/')}, SignedHeaders=${names}, Signature=${signature}` };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
