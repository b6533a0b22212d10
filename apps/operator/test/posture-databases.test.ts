import { databases } from '../src/verify/posture/databases';
import { describeKinds, Kind } from './_helpers/kinds';

const subnet = (SubnetIdentifier: string, Name: string) => ({ SubnetIdentifier, SubnetAvailabilityZone: { Name } });
const database = {
  DBInstanceIdentifier: 'orders', Engine: 'mysql', StorageEncrypted: true, KmsKeyId: 'key', PubliclyAccessible: false,
  DBSubnetGroup: { Subnets: [subnet('subnet-1', 'a'), subnet('subnet-2', 'b')] },
  BackupRetentionPeriod: 7, CopyTagsToSnapshot: true, DeletionProtection: true,
  MasterUserSecret: { SecretArn: 'secret', KmsKeyId: 'key' },
  DBParameterGroups: [{ DBParameterGroupName: 'group' }],
  EnabledCloudwatchLogsExports: ['error', 'general', 'slowquery'],
};
const described = (changes: object) => ({ DescribeDBInstances: { DBInstances: [{ ...database, ...changes }] } });
const ON = { require_secure_transport: '1', general_log: '1', slow_query_log: '1', log_output: 'FILE' };
const parameters = (changes: Record<string, string | undefined>) => ({
  DescribeDBParameters: {
    Parameters: Object.entries({ ...ON, ...changes }).map(([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue })),
  },
});
const groups = (...logs: string[]) => ({ DescribeLogGroups: { logGroups: logs.map((log) => ({ logGroupName: `/aws/rds/instance/orders/${log}`, retentionInDays: 30 })) } });

const ENCRYPTED = 'Orders: is encrypted with a customer key';
const PRIVATE = 'Orders: is private, in subnets of several zones that no internet gateway leads to';
const BACKUPS = 'Orders: is backed up for 7 days or more, and nobody deletes it by mistake';
const SECRET = 'Orders: RDS keeps its password in an encrypted secret, and rotates it';
const TLS = 'Orders: insists on TLS';
const LOGS = 'Orders: its logs are written, exported, and end some day';

const kind: Kind = {
  posture: databases, resources: { Orders: 'AWS::RDS::DBInstance' }, checks: [ENCRYPTED, PRIVATE, BACKUPS, SECRET, TLS, LOGS],
  well: {
    ...described({}), ...parameters({}), ...groups('error', 'general', 'slowquery'), DescribeSecret: { RotationEnabled: true },
    DescribeRouteTables: { RouteTables: [{ RouteTableId: 'rtb-1', Routes: [{ NatGatewayId: 'nat-1' }, { GatewayId: 'local' }] }] },
  },
  wrong: [
    ['its storage is not encrypted', described({ StorageEncrypted: false }), ENCRYPTED, 'its storage is not encrypted'],
    ['it has no key', described({ KmsKeyId: undefined }), ENCRYPTED, 'no customer key'],
    ['it has a public address', described({ PubliclyAccessible: true }), PRIVATE, 'it has a public address'],
    ['its subnets are in one zone', described({ DBSubnetGroup: { Subnets: [subnet('subnet-1', 'a'), subnet('subnet-2', 'a')] } }), PRIVATE, 'its subnets are in 1 zone'],
    ['the internet leads to it', { DescribeRouteTables: { RouteTables: [{ RouteTableId: 'rtb-1', Routes: [{ GatewayId: 'igw-1' }] }] } }, PRIVATE, 'an internet gateway leads to rtb-1'],
    ['backups end too early', described({ BackupRetentionPeriod: 6 }), BACKUPS, 'backups are kept for 6 days'],
    ['there are no backups', described({ BackupRetentionPeriod: undefined }), BACKUPS, 'backups are kept for 0 days'],
    ['snapshots lose its tags', described({ CopyTagsToSnapshot: false }), BACKUPS, 'snapshots lose its tags'],
    ['anybody can delete it', described({ DeletionProtection: false }), BACKUPS, 'it is not protected from deletion'],
    ['somebody knows its password', described({ MasterUserSecret: undefined }), SECRET, 'its password is in no secret of RDS'],
    ['its secret has the key of AWS', described({ MasterUserSecret: { SecretArn: 'secret', KmsKeyId: 'arn:aws:kms:us-east-1:1:alias/aws/secretsmanager' } }), SECRET, 'no customer key'],
    ['its password stays the same', { DescribeSecret: { RotationEnabled: false } }, SECRET, 'it is not rotated'],
    ['TLS is a choice', parameters({ require_secure_transport: '0' }), TLS, 'none of require_secure_transport, rds.force_ssl is on'],
    ['nobody said anything about TLS', parameters({ require_secure_transport: undefined }), TLS, 'none of require_secure_transport, rds.force_ssl is on'],
    ['nothing is exported', described({ EnabledCloudwatchLogsExports: [] }), LOGS, 'no log is exported'],
    ['the general log is not written', parameters({ general_log: '0' }), LOGS, 'general stays empty: general_log and log_output=FILE are needed'],
    ['the slow queries go to a table', parameters({ log_output: 'TABLE' }), LOGS, 'slowquery stays empty: slow_query_log and log_output=FILE are needed'],
    ['RDS made a group itself, for ever', groups('error', 'general'), LOGS, '/aws/rds/instance/orders/slowquery has no retention'],
  ],
};

describeKinds({
  'databases': kind,
  'databases that may go with their stack': {
    ...kind,
    template: { Resources: { Orders: { Type: 'AWS::RDS::DBInstance', DeletionPolicy: 'Delete' } } },
    well: { ...kind.well, ...described({ DeletionProtection: false }) },
    wrong: [['there are no backups', described({ DeletionProtection: false, BackupRetentionPeriod: 0 }), BACKUPS, 'backups are kept for 0 days']],
  },
  'databases of PostgreSQL': {
    ...kind,
    well: {
      ...kind.well, ...described({ Engine: 'postgres', EnabledCloudwatchLogsExports: ['postgresql'] }), ...groups('postgresql'),
      DescribeDBParameters: { Parameters: [{ ParameterName: 'rds.force_ssl', ParameterValue: '1' }] },
    },
    wrong: [['TLS is a choice', { DescribeDBParameters: { Parameters: [{ ParameterName: 'rds.force_ssl', ParameterValue: '0' }] } }, TLS, 'none of require_secure_transport']],
  },
});
