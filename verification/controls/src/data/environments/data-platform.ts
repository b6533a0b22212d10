import { EnvironmentData, made, written } from './environment';

export const dataPlatform: EnvironmentData = {
  summary: 'a data lake, instances and a database in three tiers, and an API',
  requirements: ['X', 'D'],
  wiring: {
    'X-06': [made('Network', 'tiers')],
    'X-08': [made('Lake'), made('Logging'), made('Fleet')],
    'D-01': [made('Network', 'cidr', 'tiers', 'egress')],
    'D-02': [made('Lake', 'zones', 'accessLogsBucket'), made('Logging', 'purpose'), made('Audit', 'bucketNamePrefix')],
    'D-03': [made('StorageKey', 'onlyVia'), made('DatabaseKey', 'onlyVia'), made('AuditKey', 'onlyVia')],
    'D-04': [made('Fleet', 'capacity', 'subnets', 'machineImage')],
    'D-05': [made('Fleet', 'role')],
    'D-06': [made('Database', 'subnets', 'encryptionKey')],
    'D-07': [made('Tiers', 'vpc')],
    'D-08': [made('Api', 'apiName', 'logRetention')],
    'D-09': [made('Audit', 'retention', 'encryptionKey'), made('Fleet', 'logGroup')],
    'D-10': [written('src/environments/data-platform.ts')],
  },
};
