import { EnvironmentData, made, written } from './environment';

const SERVERS = ['PublicServer', 'PrivateServer'];

export const BASELINE_WIRING: EnvironmentData['wiring'] = {
  'X-06': [made('Network', 'tiers')],
  'X-08': [made('SecureStorage'), made('Logging'), made('PrivateServer')],
  'B-01': [made('Network', 'cidr', 'tiers')],
  'B-02': [made('Network', 'egress')],
  'B-03': [made('PublicServer', 'publicTier', 'machineImage'), made('PrivateServer', 'machineImage')],
  'B-04': [made('Database', 'subnets', 'encryptionKey')],
  'B-05': [made('Tiers', 'vpc'), made('Network')],
  'B-06': [...SERVERS.map((server) => made(server, 'role')), made('Watch')],
  'B-07': [made('Identity')],
  'B-08': [made('Key', 'onlyVia'), made('SecureStorage', 'encryptionKey'), made('Database', 'encryptionKey'), made('Alerts', 'encryptionKey')],
  'B-09': [made('Audit', 'encryptionKey', 'trailName')],
  'B-10': [made('Watch', 'topic')],
  'B-11': [made('Watch', 'vpc', 'topic')],
  'B-12': [made('SecureStorage'), made('Logging', 'purpose'), made('Audit', 'bucketNamePrefix', 'accessLogsBucket')],
  'B-13': [made('Audit', 'retention', 'logFilesKeptFor'), made('Watch', 'retention'), made('Network', 'flowLogRetention')],
  'B-14': [made('Alerts', 'encryptionKey')],
  'B-15': [written('src/environments/baseline.ts')],
};

export const baseline: EnvironmentData = {
  summary: 'two zones: instances, a database and buckets, audited and watched; users who must use MFA',
  requirements: ['X', 'B'],
  wiring: BASELINE_WIRING,
};
