import { EnvironmentData, made, written } from './environment';

export const privateWorkload: EnvironmentData = {
  summary: 'a private instance, its encrypted bucket, logs and alarms',
  requirements: ['X', 'P'],
  wiring: {
    'X-06': [made('Network', 'tiers', 'singleZone')],
    'X-08': [made('Server'), made('Store'), made('AccessLogs')],
    'P-01': [written('src/conventions/names.ts'), made('Server', 'roleName'), made('Store', 'bucketName'), made('Alerts', 'topicName')],
    'P-02': [made('Key', 'onlyVia')],
    'P-03': [made('Network', 'cidr', 'tiers', 'egress')],
    'P-04': [made('Tiers', 'vpc')],
    'P-05': [made('Server', 'machineImage', 'encryptionKey')],
    'P-06': [made('Server', 'baselinePolicyName', 'sessionManager'), made('StoreAccess')],
    'P-07': [made('Store', 'encryptionKey', 'accessLogsBucket'), made('AccessLogs', 'purpose')],
    'P-08': [made('Logs', 'retention'), made('Alerts', 'encryptionKey'), made('Server', 'alarmTopic')],
    'P-09': [written('src/parameters.ts'), written('src/environments/private-workload.ts')],
    'P-10': [written('test/private-workload.test.ts'), written('test/integ.private-workload.ts')],
  },
};
