import { CreateLogGroupCommand, DeleteLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { Clients, Drill, notVerifiable, roleDoesItsJob } from '@tapstack/operator';
import { flowLogGroup, logGroupArn, writeLog } from './calls';
import { writesTo } from './roles';

/** Where RDS writes what enhanced monitoring sees; one group for the whole account. */
const MONITORING_LOG_GROUP = 'RDSOSMetrics';

/** The role of enhanced monitoring. */
export const databaseIsMonitored: Drill = roleDoesItsJob({
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
});

/** Said where it cannot be tried. */
export const databaseInsistsOnTls: Drill = ({ stack }) => [{
  title: `${stack.resource('AWS::RDS::DBInstance').logicalId}: a login with TLS succeeds, one without is refused (B-04)`,
  run: async () => notVerifiable('the local AWS runs no MySQL, and in AWS nothing outside the network reaches it'),
}];

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
