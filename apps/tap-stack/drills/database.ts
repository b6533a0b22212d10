import { CreateLogGroupCommand, DeleteLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeDBInstancesCommand, DescribeOrderableDBInstanceOptionsCommand } from '@aws-sdk/client-rds';
import { Clients, confirming, Drill, notVerifiable, roleDoesItsJob, unless } from '@tapstack/operator';
import { flowLogGroup, logGroupArn, writeLog } from './calls';
import { writesTo } from './roles';

/** Where RDS writes what enhanced monitoring sees; one group for the whole account. */
const MONITORING_LOG_GROUP = 'RDSOSMetrics';

/** The role of enhanced monitoring. */
export const databaseIsMonitored: Drill = confirming(['B-06', 'D-06', 'X-08'], roleDoesItsJob({
  role: 'DatabaseMonitoringRole',
  service: 'monitoring.rds.amazonaws.com',
  sourceArn: ({ stack }) => `arn:aws:rds:${stack.region}:${stack.account}:db:${stack.output('DatabaseInstanceId')}`,
  may: ({ stack, target }) => [
    {
      title: 'write what the database does', action: 'logs:PutLogEvents', resource: logGroupArn(stack, MONITORING_LOG_GROUP),
      call: (as) => writeMonitoring(as, target.clients),
    },
  ],
  mayNot: ({ stack }) => [writesTo('write to the log group of the network', stack, flowLogGroup(stack))],
}));

/** The engine, and how closely it is watched; then what is said where it cannot be tried. */
export const databaseIsMySql: Drill = ({ stack, target }) => {
  const { logicalId, physicalId: DBInstanceIdentifier } = stack.resource('AWS::RDS::DBInstance');
  const read = async () => (await target.clients.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }))).DBInstances![0];
  return [
    {
      title: `${logicalId}: is MySQL of the line 8.4, looked at every minute`,
      confirms: ['B-04', 'C-04', 'D-06'],
      run: async () => {
        const { Engine, EngineVersion, MonitoringInterval } = await read();
        return unless([
          !(Engine === 'mysql' && /^8\.4(\.|$)/.test(EngineVersion ?? '')) && `it is ${Engine} ${EngineVersion}`,
          MonitoringInterval !== 60 && `it is looked at every ${MonitoringInterval} seconds`,
        ]);
      },
    },
    {
      title: `${logicalId}: its version can still be ordered`,
      confirms: ['C-04'],
      run: async () => {
        if (target.local) return notVerifiable('the local AWS sells every version that it is asked for');
        const { Engine, EngineVersion, DBInstanceClass } = await read();
        const wanted = new DescribeOrderableDBInstanceOptionsCommand({ Engine, EngineVersion, DBInstanceClass });
        const { OrderableDBInstanceOptions } = await target.clients.rds.send(wanted);
        return unless([!OrderableDBInstanceOptions?.length && `${Engine} ${EngineVersion} cannot`]);
      },
    },
    {
      title: `${logicalId}: a login with TLS succeeds, one without is refused`,
      confirms: ['B-04'],
      run: async () => notVerifiable('the local AWS runs no MySQL, and in AWS nothing outside the network reaches it'),
    },
  ];
};

/** RDS makes the group with the first instance of the account; one that was not there before goes again. */
async function writeMonitoring(as: Clients, { logs }: Clients): Promise<void> {
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: MONITORING_LOG_GROUP }));
  const isThere = logGroups?.some(({ logGroupName }) => logGroupName === MONITORING_LOG_GROUP);
  if (!isThere) await as.logs.send(new CreateLogGroupCommand({ logGroupName: MONITORING_LOG_GROUP }));
  try {
    await writeLog(as, MONITORING_LOG_GROUP);
  } finally {
    if (!isThere) await logs.send(new DeleteLogGroupCommand({ logGroupName: MONITORING_LOG_GROUP }));
  }
}
