import * as fs from 'node:fs';
import * as https from 'node:https';
import { LOOPBACK } from './ports';

/** What a running local AWS says of itself. */
export interface Health {
  readonly status: string;
  readonly ministack: string;
  readonly extension: string;
  readonly port: number;
  readonly httpPort: number;
  readonly pid: number;
  readonly refusals: string[];
  readonly deliveries: string[];
}

/** Asks a local AWS for JSON over TLS, trusting its own authority only. */
export async function askLocalAws<T>(port: number, authority: string, page: string, body?: unknown): Promise<T> {
  const ca = fs.readFileSync(authority);
  return new Promise((resolve, reject) => {
    const request = https.request(
      { host: LOOPBACK, port, path: page, method: body === undefined ? 'GET' : 'POST', ca, agent: false, timeout: 60_000 },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          if (response.statusCode === 200) resolve(JSON.parse(text) as T);
          else reject(new Error(`${page} answered ${response.statusCode}: ${text.trim()}`));
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error(`${page} did not answer within a minute`)));
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The health of whatever listens there, or undefined if it is not a local AWS of this home. */
export async function askHealth(port: number, authority: string): Promise<Health | undefined> {
  try {
    return await askLocalAws<Health>(port, authority, '/_local/health');
  } catch {
    return undefined;
  }
}
