import * as fs from 'node:fs';
import * as https from 'node:https';
import { SdkConfig } from '@aws-cdk/toolkit-lib';
import { S3Client } from '@aws-sdk/client-s3';
import { clientEnvironment, LocalAws } from '@tapstack/local-aws';
import { Clients } from './clients';

/** Who takes which role. */
export interface RoleSession {
  readonly roleArn: string;
  readonly service: string;
  /** The resource that the service acts for, where the role's trust policy asks for it. */
  readonly sourceArn?: string;
}

/** What a client signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An address of a REST API. */
export interface ApiAddress {
  /** Where requests go, which is what they are signed for. */
  readonly url: URL;

  /** Asks, and says with which status the answer came. */
  get(headers: Record<string, string>): Promise<number>;
}

/** Where stacks go: an account, real or emulated. */
export interface Target {
  /** How reports call it. */
  readonly name: string;

  /** The services, as the operator's own identity. */
  readonly clients: Clients;

  /** S3 without TLS, as the operator's own identity. */
  readonly plainS3: S3Client;

  /** What the CDK toolkit needs to reach it. */
  readonly sdkConfig: SdkConfig;

  /** The local AWS behind it, if it is one: only there may a drill take a protection away to see that it was needed. */
  readonly local?: LocalAws;

  /** The place where a REST API answers whose address in AWS is this. */
  api(address: URL): ApiAddress;

  /** The services as whoever has these credentials. */
  as(credentials: Credentials): Clients;

  /** The services as a role that a service assumes; impossible where only that service can assume it. */
  asRole?(session: RoleSession): Promise<Clients>;
}

/** The root user's keys of the emulated account. */
const ROOT = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The emulated account of a local AWS that runs. */
export class LocalTarget implements Target {
  public readonly name: string;
  public readonly clients: Clients;
  public readonly plainS3: S3Client;
  public readonly sdkConfig: SdkConfig;
  private readonly agent: https.Agent;

  constructor(public readonly local: LocalAws) {
    this.name = `local AWS on port ${local.port}`;
    this.agent = new https.Agent({ ca: fs.readFileSync(local.authority), keepAlive: true });
    // the toolkit and the app it runs read their endpoint and keys from the environment
    Object.assign(process.env, clientEnvironment(local));
    delete process.env.AWS_PROFILE;
    delete process.env.AWS_SESSION_TOKEN;
    this.clients = this.as(ROOT);
    this.plainS3 = new S3Client({ credentials: ROOT, region: local.region, endpoint: local.plainEndpoint, forcePathStyle: true });
    this.sdkConfig = { httpOptions: { agent: this.agent } };
  }

  /** Real credentials, made for the service that the role's trust policy admits. */
  public async asRole({ roleArn, service, sourceArn }: RoleSession): Promise<Clients> {
    const session = await this.local.ask<{ AccessKeyId: string; SecretAccessKey: string; SessionToken: string }>(
      '/_local/sessions', { RoleArn: roleArn, Service: service, SourceArn: sourceArn ?? '' },
    );
    return this.as({ accessKeyId: session.AccessKeyId, secretAccessKey: session.SecretAccessKey, sessionToken: session.SessionToken });
  }

  /** It answers below a path of its own. */
  public api({ hostname, pathname }: URL): ApiAddress {
    const [, stage, ...path] = pathname.split('/');
    const url = new URL(['/restapis', hostname.split('.')[0], stage, '_user_request_', ...path].join('/'), this.local.endpoint);
    return { url, get: (headers) => statusOf(url, headers, this.agent) };
  }

  public as(credentials: Credentials): Clients {
    const { region, endpoint } = this.local;
    return new Clients({ credentials, region, endpoint, forcePathStyle: true, requestHandler: { httpsAgent: this.agent } });
  }
}

/** An AWS account, with the credentials and the region that the environment or a profile gives. */
export class AwsTarget implements Target {
  public readonly name = 'AWS';
  public readonly clients = new Clients({});
  public readonly plainS3 = new S3Client({ tls: false });
  public readonly sdkConfig: SdkConfig = {};

  public api(url: URL): ApiAddress {
    return { url, get: (headers) => statusOf(url, headers) };
  }

  public as(credentials: Credentials): Clients {
    return new Clients({ credentials });
  }
}

function statusOf(url: URL, headers: Record<string, string>, agent?: https.Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    https.get(url, { headers, agent }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    }).on('error', reject);
  });
}
