import {
  ConfigServiceClient, DeleteConfigRuleCommand, DescribeConfigurationRecordersCommand, DescribeConfigurationRecorderStatusCommand,
  DescribeDeliveryChannelsCommand, paginateDescribeConfigRules, paginateDescribeConformancePackCompliance, TagResourceCommand,
} from '@aws-sdk/client-config-service';
import { AttachRolePolicyCommand, CreateServiceLinkedRoleCommand } from '@aws-sdk/client-iam';
import { Clients, confirming, DeployedStack, Drill, roleDoesItsJob, unless } from '@tapstack/operator';
import { DRILL } from './calls';
import { writesTo } from './roles';

const SERVICE = 'config.amazonaws.com';
const LINKED_ROLE = 'AWSServiceRoleForConfig';

/** The account records every resource, whoever made the recorder, and each rule of the stack is there to check them (C-03, X-02). */
export const configurationIsRecorded: Drill = confirming(['C-03', 'R-11', 'X-02'], ({ stack, target }) => [
  {
    title: `${ensured(stack)}: the recorder of the account records every resource`,
    run: async () => {
      const { config } = target.clients;
      const { ConfigurationRecorders: [recorder] = [] } = await config.send(new DescribeConfigurationRecordersCommand({}));
      const { ConfigurationRecordersStatus: [status] = [] } = await config.send(new DescribeConfigurationRecorderStatusCommand({}));
      const { DeliveryChannels: [channel] = [] } = await config.send(new DescribeDeliveryChannelsCommand({}));
      return unless([
        !status?.recording && 'it does not record',
        !recorder?.recordingGroup?.allSupported && 'it does not record every type',
        !channel?.s3BucketName && 'it delivers nowhere',
      ]);
    },
  },
  {
    title: `${ensured(stack)}: every rule of the stack is active`,
    run: async () => {
      const active = new Set<string | undefined>();
      for await (const { ConfigRules } of paginateDescribeConfigRules({ client: target.clients.config }, {})) {
        for (const rule of ConfigRules ?? []) if (rule.ConfigRuleState === 'ACTIVE') active.add(rule.ConfigRuleName);
      }
      const packs = await Promise.all(stack.ofType('AWS::Config::ConformancePack').map(({ physicalId }) => rulesOf(target.clients.config, physicalId)));
      const rules = [...stack.ofType('AWS::Config::ConfigRule').map(({ physicalId }) => physicalId), ...packs.flat()];
      return unless([rules.length === 0 && 'there is none', ...rules.map((rule) => !active.has(rule) && `${rule} is not`)]);
    },
  },
]);

/** The role of the function that sees to the recorder. */
export const recorderIsEnsured: Drill = confirming(['C-03', 'X-07', 'X-08'], roleDoesItsJob({
  role: 'ConfigEnsuredRole',
  service: 'lambda.amazonaws.com',
  may: ({ stack }) => [
    writesTo('write its log', stack, stack.resource('AWS::Logs::LogGroup', 'ConfigLogs').physicalId),
    {
      title: 'make the role that AWS Config has for itself', action: 'iam:CreateServiceLinkedRole', resource: linkedRoleArn(stack, SERVICE, LINKED_ROLE),
      call: (as) => makeLinkedRole(as, SERVICE),
    },
    {
      title: 'look at the recorder', action: 'config:DescribeConfigurationRecorders', resource: '*',
      call: (as) => as.config.send(new DescribeConfigurationRecordersCommand({})),
    },
  ],
  mayNot: ({ stack }) => [
    {
      title: 'make the role of another service', action: 'iam:CreateServiceLinkedRole', resource: linkedRoleArn(stack, 'guardduty.amazonaws.com', 'AWSServiceRoleForAmazonGuardDuty'),
      call: (as) => makeLinkedRole(as, 'guardduty.amazonaws.com'),
    },
    {
      title: 'give that role more', action: 'iam:AttachRolePolicy', resource: linkedRoleArn(stack, SERVICE, LINKED_ROLE),
      call: (as) => as.iam.send(new AttachRolePolicyCommand({ RoleName: LINKED_ROLE, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })),
    },
    { title: 'delete a rule', action: 'config:DeleteConfigRule', resource: ruleArn(stack), call: (as) => as.config.send(new DeleteConfigRuleCommand({ ConfigRuleName: DRILL })) },
    {
      title: 'tag a rule', action: 'config:TagResource', resource: ruleArn(stack),
      call: (as) => as.config.send(new TagResourceCommand({ ResourceArn: ruleArn(stack), Tags: [{ Key: DRILL, Value: DRILL }] })),
    },
    writesTo('write to the log group of the trail', stack, stack.output('TrailLogGroup')),
  ],
}));

/** The rules of a conformance pack, as AWS Config calls them. */
async function rulesOf(config: ConfigServiceClient, ConformancePackName: string): Promise<string[]> {
  const rules: string[] = [];
  for await (const page of paginateDescribeConformancePackCompliance({ client: config }, { ConformancePackName })) {
    rules.push(...page.ConformancePackRuleComplianceList?.map((rule) => rule.ConfigRuleName!) ?? []);
  }
  return rules;
}

function ensured(stack: DeployedStack): string {
  return stack.resource('Custom::EnsuredConfigRecorder').logicalId;
}

/** The account has the role already: who may make it is told so, and who may not is denied. */
async function makeLinkedRole({ iam }: Clients, AWSServiceName: string): Promise<void> {
  await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName })).catch((error: Error) => {
    if (!['InvalidInputException', 'EntityAlreadyExistsException', 'EntityAlreadyExists'].includes(error.name)) throw error;
  });
}

function linkedRoleArn({ account }: DeployedStack, service: string, role: string): string {
  return `arn:aws:iam::${account}:role/aws-service-role/${service}/${role}`;
}

function ruleArn({ region, account }: DeployedStack): string {
  return `arn:aws:config:${region}:${account}:config-rule/${DRILL}`;
}
