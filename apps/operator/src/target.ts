import * as fs from 'node:fs';
import * as https from 'node:https';
import { SdkConfig } from '@aws-cdk/toolkit-lib';
import { S3Client } from '@aws-sdk/client-s3';
import { clientEnvironment, LocalAws } from '@tapstack/local-aws';
import { Clients } from './clients';

/** Temporary credentials of a role. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
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

  /** The services as a role that a service assumes; impossible where only that service can assume it. */
  asRole?(roleArn: string, service: string): Promise<Clients>;
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
    this.clients = this.clientsWith(ROOT);
    this.plainS3 = new S3Client({ credentials: ROOT, region: local.region, endpoint: local.plainEndpoint, forcePathStyle: true });
    this.sdkConfig = { httpOptions: { agent: this.agent } };
  }

  /** Real credentials, made for the service that the role's trust policy admits. */
  public async asRole(roleArn: string, service: string): Promise<Clients> {
    const { Credentials } = await this.local.ask<{ Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string } }>(
      '/_local/sessions', { RoleArn: roleArn, Service: service },
    );
    return this.clientsWith({ accessKeyId: Credentials.AccessKeyId, secretAccessKey: Credentials.SecretAccessKey, sessionToken: Credentials.SessionToken });
  }

  private clientsWith(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): Clients {
    return new Clients({
      credentials, region: this.local.region, endpoint: this.local.endpoint, forcePathStyle: true, requestHandler: { httpsAgent: this.agent },
    });
  }
}

/** An AWS account, with the credentials and the region that the environment or a profile gives. */
export class AwsTarget implements Target {
  public readonly name = 'AWS';
  public readonly clients = new Clients({});
  public readonly plainS3 = new S3Client({ tls: false });
  public readonly sdkConfig: SdkConfig = {};
}
