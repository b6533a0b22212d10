import { EnvironmentData, made } from './environment';

export const compliance: EnvironmentData = {
  summary: 'a server, its database and its data, recorded, checked and alarmed on',
  requirements: ['X', 'C'],
  wiring: {
    'X-06': [made('Network', 'tiers')],
    'X-08': [made('SecureStorage'), made('Logging'), made('Server')],
    'C-01': [made('Network', 'tiers'), made('Database', 'subnets')],
    'C-02': [made('Server'), made('SecureStorage')],
    'C-03': [made('Config', 'source')],
    'C-04': [made('Database')],
    'C-05': [made('Audit', 'dataEvents')],
    'C-06': [made('Server', 'machineImage')],
    'C-07': [made('SecureStorage', 'removalPolicy'), made('Audit', 'removalPolicy')],
    'C-08': [made('Audit', 'bucketNamePrefix'), made('Config', 'bucketNamePrefix')],
    'C-09': [made('SecurityAlarms', 'logGroup', 'topic')],
    'C-10': [made('Server', 'logFiles', 'logGroup'), made('Network', 'flowLogRetention'), made('Audit', 'retention')],
    'C-11': [made('Tiers', 'vpc')],
  },
};
