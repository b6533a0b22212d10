import { LocalAws } from './local-aws';

/**
 * What an AWS client needs in its environment to talk to this local AWS instead of an account: the endpoint, the root keys
 * of the emulated account, and the authority to trust. Every AWS SDK and CLI reads these names.
 */
export function clientEnvironment(local: LocalAws): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: local.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: local.region,
    AWS_DEFAULT_REGION: local.region,
    AWS_CA_BUNDLE: local.authority,
    NODE_EXTRA_CA_CERTS: local.authority,
    AWS_EC2_METADATA_DISABLED: 'true',
    // the CDK remembers the account of an access key here: each emulator needs its own memory
    CDK_HOME: local.cdkHome,
  };
}
