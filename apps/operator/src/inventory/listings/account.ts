import { paginateListAnalyzers } from '@aws-sdk/client-accessanalyzer';
import { GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeConfigurationRecordersCommand, DescribeDeliveryChannelsCommand } from '@aws-sdk/client-config-service';
import { paginateListDetectors } from '@aws-sdk/client-guardduty';
import { GetAccountPasswordPolicyCommand, paginateListRoles, Role } from '@aws-sdk/client-iam';
import { BatchGetAccountStatusCommand } from '@aws-sdk/client-inspector2';
import { DescribeHubCommand } from '@aws-sdk/client-securityhub';
import { Clients } from '../../clients';
import { all, Listings } from './listing';

/** Log groups that services make for themselves, one for the whole account, and keep. */
export const LOG_GROUPS_OF_AWS: readonly string[] = ['RDSOSMetrics', '/aws/apigateway/welcome'];

/** What there is once in an account, whoever turned it on: a stack may have been the first to need it, but it is not the stack's to delete. */
export const ACCOUNT: Listings = {
  'access analyzer': ({ accessAnalyzer }) => all(paginateListAnalyzers({ client: accessAnalyzer }, {}), (page) => page.analyzers?.map((analyzer) => analyzer.name)),
  'configuration recorder': async ({ config }) => (await config.send(new DescribeConfigurationRecordersCommand({}))).ConfigurationRecorders!.map((one) => one.name),
  'delivery channel': async ({ config }) => (await config.send(new DescribeDeliveryChannelsCommand({}))).DeliveryChannels!.map((channel) => channel.name),
  'GuardDuty detector': ({ guardDuty }) => all(paginateListDetectors({ client: guardDuty }, {}), (page) => page.DetectorIds),
  'Inspector': async ({ inspector }) => ((await inspector.send(new BatchGetAccountStatusCommand({}))).accounts ?? [])
    .filter((account) => account.state?.status === 'ENABLED').map((account) => account.accountId),
  'log group': ({ logs }) => all(paginateDescribeLogGroups({ client: logs }, {}), (page) =>
    page.logGroups?.map((group) => group.logGroupName).filter((name) => LOG_GROUPS_OF_AWS.includes(name!))),
  'password policy': async ({ iam }) => found('NoSuchEntity', async () => (await iam.send(new GetAccountPasswordPolicyCommand({}))).PasswordPolicy && 'of the account'),
  'role that API Gateway logs with': async (clients) => [await roleOfApiGateway(clients)],
  'Security Hub': async ({ securityHub }) => found('InvalidAccessException', async () => (await securityHub.send(new DescribeHubCommand({}))).HubArn),
  'service-linked role': ({ iam }) => all(paginateListRoles({ client: iam }, {}), (page) => page.Roles?.filter(isServiceLinked).map((role) => role.RoleName)),
};

/** The role that every API of the account writes its logs with, if it has one: whichever stack needed it first made it. */
export async function roleOfApiGateway({ apiGateway }: Clients): Promise<string | undefined> {
  return (await apiGateway.send(new GetAccountCommand({}))).cloudwatchRoleArn || undefined;
}

/** Whether a service made a role for itself. */
export function isServiceLinked(role: Role): boolean {
  return role.Path?.startsWith('/aws-service-role/') ?? false;
}

/** One name, or none if AWS answers with the error that says so. */
async function found(absent: string, ask: () => Promise<string | undefined>): Promise<(string | undefined)[]> {
  try {
    return [await ask()];
  } catch (error) {
    if ((error as Error).name.startsWith(absent)) return [];
    throw error;
  }
}
