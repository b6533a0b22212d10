import { S3Client } from '@aws-sdk/client-s3';
import { LocalAws } from '@tapstack/local-aws';
import { Clients } from '../../src/clients';
import { ApiAddress, Credentials, RoleSession, Target } from '../../src/target';

/** What a pretended target has besides its clients. */
export interface TargetParts {
  /** What S3 answers without TLS. */
  readonly plain?: () => Promise<unknown>;
  /** What the pages of the local AWS answer; without it the target is an AWS account. */
  readonly ask?: (page: string) => Promise<unknown>;
  /** The clients of whoever has these credentials. */
  readonly as?: (credentials: Credentials) => Clients;
  readonly api?: (address: URL) => ApiAddress;
  readonly asRole?: (session: RoleSession) => Promise<Clients>;
}

/** A target that reaches nothing. */
export function targetWith(clients: Clients, { plain, ask, as = unexpected, api = unexpected, asRole }: TargetParts = {}): Target {
  return {
    name: 'nowhere', clients, sdkConfig: {}, as, api, asRole,
    plainS3: { send: plain } as unknown as S3Client,
    local: ask && { ask } as unknown as LocalAws,
  };
}

/** The pages of a local AWS that nobody asks for. */
export const NO_PAGES = async (page: string): Promise<never> => { throw new Error(`nobody expected ${page}`); };

function unexpected(asked: object): never {
  throw new Error(`nobody expected ${JSON.stringify(asked)}`);
}
