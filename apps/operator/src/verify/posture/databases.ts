import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRouteTablesCommand } from '@aws-sdk/client-ec2';
import { DBInstance, DescribeDBInstancesCommand, paginateDescribeDBParameters } from '@aws-sdk/client-rds';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { Clients } from '../../clients';
import { Check, unless } from '../check';
import { Posture } from './posture';

const LEAST_BACKUP_DAYS = 7;

/** What makes each engine insist on TLS. */
const TLS_PARAMETERS = ['require_secure_transport', 'rds.force_ssl'];

/** MySQL writes a log only if this parameter says so, and where RDS finds it only into a file. */
const LOG_PARAMETERS: Record<string, string> = { general: 'general_log', slowquery: 'slow_query_log' };

/** Databases are encrypted, out of reach of the internet, insist on TLS, and can be brought back. */
export const databases: Posture = (stack, clients) => stack.ofType('AWS::RDS::DBInstance').flatMap(({ logicalId, physicalId: id }): Check[] => {
  const read = async () => (await clients.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances![0];
  return [
    {
      title: `${logicalId}: is encrypted with a customer key`,
      run: async () => {
        const database = await read();
        return unless([!database.StorageEncrypted && 'its storage is not encrypted', !database.KmsKeyId && 'no customer key']);
      },
    },
    {
      title: `${logicalId}: is private, in subnets of several zones that no internet gateway leads to`,
      run: async () => {
        const { PubliclyAccessible, DBSubnetGroup } = await read();
        const subnets = DBSubnetGroup?.Subnets ?? [];
        const zones = new Set(subnets.map((subnet) => subnet.SubnetAvailabilityZone?.Name));
        const { RouteTables } = await clients.ec2.send(new DescribeRouteTablesCommand({
          Filters: [{ Name: 'association.subnet-id', Values: subnets.map((subnet) => subnet.SubnetIdentifier!) }],
        }));
        const open = (RouteTables ?? []).filter((table) => table.Routes?.some((route) => route.GatewayId?.startsWith('igw-')));
        return unless([
          PubliclyAccessible && 'it has a public address',
          zones.size < 2 && `its subnets are in ${zones.size} zone`,
          ...open.map((table) => `an internet gateway leads to ${table.RouteTableId}`),
        ]);
      },
    },
    {
      title: `${logicalId}: is backed up for ${LEAST_BACKUP_DAYS} days or more, and nobody deletes it by mistake`,
      run: async () => {
        const database = await read();
        // a stage whose data goes with the stack cannot be protected
        const mayGo = stack.template.Resources[logicalId]?.DeletionPolicy === 'Delete';
        return unless([
          !(database.BackupRetentionPeriod! >= LEAST_BACKUP_DAYS) && `backups are kept for ${database.BackupRetentionPeriod ?? 0} days`,
          !database.CopyTagsToSnapshot && 'snapshots lose its tags',
          !database.DeletionProtection && !mayGo && 'it is not protected from deletion',
        ]);
      },
    },
    {
      title: `${logicalId}: RDS keeps its password in an encrypted secret, and rotates it`,
      run: async () => {
        const { MasterUserSecret: secret } = await read();
        if (!secret?.SecretArn) return unless(['its password is in no secret of RDS']);
        const { RotationEnabled } = await clients.secretsManager.send(new DescribeSecretCommand({ SecretId: secret.SecretArn }));
        const ofAws = !secret.KmsKeyId || secret.KmsKeyId.includes('alias/aws/');
        return unless([ofAws && 'no customer key', !RotationEnabled && 'it is not rotated']);
      },
    },
    {
      title: `${logicalId}: insists on TLS`,
      run: async () => {
        const parameters = await parametersOf(clients, await read());
        return unless([!TLS_PARAMETERS.some((name) => isOn(parameters.get(name))) && `none of ${TLS_PARAMETERS.join(', ')} is on`]);
      },
    },
    {
      title: `${logicalId}: its logs are written, exported, and end some day`,
      run: async () => {
        const database = await read();
        return unless(await logProblems(clients, database, await parametersOf(clients, database)));
      },
    },
  ];
});

async function parametersOf({ rds }: Clients, { DBParameterGroups }: DBInstance): Promise<Map<string, string | undefined>> {
  const values = new Map<string, string | undefined>();
  for (const { DBParameterGroupName } of DBParameterGroups ?? []) {
    for await (const { Parameters } of paginateDescribeDBParameters({ client: rds }, { DBParameterGroupName })) {
      for (const { ParameterName, ParameterValue } of Parameters ?? []) values.set(ParameterName!, ParameterValue);
    }
  }
  return values;
}

async function logProblems({ logs }: Clients, database: DBInstance, parameters: Map<string, string | undefined>): Promise<(string | false)[]> {
  const exported = database.EnabledCloudwatchLogsExports ?? [];
  if (exported.length === 0) return ['no log is exported'];
  const prefix = `/aws/rds/instance/${database.DBInstanceIdentifier}/`;
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: prefix }));
  const empty = (log: string) => database.Engine === 'mysql' && log in LOG_PARAMETERS
    && !(isOn(parameters.get(LOG_PARAMETERS[log])) && parameters.get('log_output') === 'FILE');
  return exported.flatMap((log) => [
    empty(log) && `${log} stays empty: ${LOG_PARAMETERS[log]} and log_output=FILE are needed`,
    !logGroups?.some((group) => group.logGroupName === `${prefix}${log}` && group.retentionInDays) && `${prefix}${log} has no retention`,
  ]);
}

function isOn(value: string | undefined): boolean {
  return value === '1' || value?.toUpperCase() === 'ON';
}
