import { compliance } from './compliance';
import { dataPlatform } from './data-platform';
import { EnvironmentData, made, written } from './environment';

const OWN_FILE = [written('src/environments/tap-stack.ts')];

export const tapStack: EnvironmentData = {
  summary: 'all of it in one stack: what the other environments have, each thing once, and every package in use',
  requirements: ['X', 'B', 'R', 'D', 'C'],
  wiring: {
    ...dataPlatform.wiring,
    ...compliance.wiring,
    'X-08': [made('Lake'), made('Logging'), made('Fleet')],
    'B-01': [made('Network', 'cidr', 'tiers')],
    'B-02': [made('Network', 'egress')],
    'B-03': [made('Fleet', 'machineImage', 'capacity')],
    'B-04': [made('Database', 'subnets', 'encryptionKey')],
    'B-05': [made('Tiers', 'vpc'), made('Network')],
    'B-06': [made('Fleet', 'role'), made('Watch')],
    'B-07': [made('Identity')],
    'B-08': [made('Key', 'onlyVia'), made('Lake', 'zones'), made('Database', 'encryptionKey'), made('Alerts', 'encryptionKey')],
    'B-09': [made('Audit', 'encryptionKey', 'trailName')],
    'B-10': [made('Watch', 'topic')],
    'B-11': [made('Watch', 'vpc', 'topic')],
    'B-12': [made('Lake', 'zones'), made('Logging', 'purpose'), made('Audit', 'bucketNamePrefix', 'accessLogsBucket')],
    'B-13': [made('Audit', 'retention', 'logFilesKeptFor'), made('Watch', 'retention'), made('Network', 'flowLogRetention')],
    'B-14': [made('Alerts', 'encryptionKey')],
    'B-15': OWN_FILE,
    'R-01': [made('Deployments', 'topic')],
    'R-03': [written('src/conventions/names.ts')],
    'R-11': [made('Dashboard', 'watched'), made('Config', 'conformancePackName')],
    'D-03': [made('Key', 'onlyVia')],
    'D-10': OWN_FILE,
    'C-02': [made('Fleet', 'role'), made('Lake')],
    'C-06': [made('Fleet', 'machineImage')],
    'C-07': [made('Lake', 'removalPolicy'), made('Audit', 'removalPolicy')],
    'C-10': [made('Fleet', 'logGroup'), made('Network', 'flowLogRetention'), made('Audit', 'retention')],
  },
  departs: {
    'B-03': 'no instance is in the public tier',
    'D-03': 'one key for all, as a template takes only its share of an account',
  },
};
