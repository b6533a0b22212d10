import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { paginateDescribeAlarms, paginateListDashboards } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient, DescribeResourcePoliciesCommand, DescribeResourcePoliciesCommandOutput, paginateDescribeLogGroups,
  paginateDescribeMetricFilters,
} from '@aws-sdk/client-cloudwatch-logs';
import { paginateDescribeConfigRules, paginateDescribeConformancePacks } from '@aws-sdk/client-config-service';
import { EventBridgeClient, ListRulesCommand, ListRulesCommandOutput } from '@aws-sdk/client-eventbridge';
import { paginateListSubscriptions, paginateListTopics } from '@aws-sdk/client-sns';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { LOG_GROUPS_OF_AWS } from './account';
import { all, Listings } from './listing';

/** What records, and who is told. Rules of EventBridge that AWS manages, and of AWS Config that a service made, come and go by themselves. */
export const WATCH: Listings = {
  'alarm': ({ cloudWatch }) => all(paginateDescribeAlarms({ client: cloudWatch }, { AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }), (page) =>
    [...page.MetricAlarms ?? [], ...page.CompositeAlarms ?? []].map((alarm) => alarm.AlarmName)),
  'Config rule': ({ config }) => all(paginateDescribeConfigRules({ client: config }, {}), (page) =>
    page.ConfigRules?.filter((rule) => !rule.CreatedBy).map((rule) => rule.ConfigRuleName)),
  'conformance pack': ({ config }) => all(paginateDescribeConformancePacks({ client: config }, {}), (page) =>
    page.ConformancePackDetails?.map((pack) => pack.ConformancePackName)),
  'dashboard': ({ cloudWatch }) => all(paginateListDashboards({ client: cloudWatch }, {}), (page) => page.DashboardEntries?.map((one) => one.DashboardName)),
  'event rule': ({ events }) => all(rulePages(events), (page) => page.Rules?.filter((rule) => !rule.ManagedBy).map((rule) => rule.Name)),
  'log group': ({ logs }) => all(paginateDescribeLogGroups({ client: logs }, {}), (page) =>
    page.logGroups?.map((group) => group.logGroupName).filter((name) => !LOG_GROUPS_OF_AWS.includes(name!))),
  'log resource policy': ({ logs }) => all(resourcePolicyPages(logs), (page) => page.resourcePolicies?.map((one) => one.policyName)),
  // two stacks may call theirs alike, each in its own log group
  'metric filter': ({ logs }) => all(paginateDescribeMetricFilters({ client: logs }, {}), (page) =>
    page.metricFilters?.map((filter) => `${filter.filterName} of ${filter.logGroupName}`)),
  'queue': async ({ sqs }) => (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [],
  'subscription': ({ sns }) => all(paginateListSubscriptions({ client: sns }, {}), (page) => page.Subscriptions?.map((one) => one.SubscriptionArn)),
  'topic': ({ sns }) => all(paginateListTopics({ client: sns }, {}), (page) => page.Topics?.map((topic) => topic.TopicArn)),
  // a trail of all regions is listed in each of them
  'trail': async ({ cloudTrail }) => (await cloudTrail.send(new DescribeTrailsCommand({ includeShadowTrails: false }))).trailList!.map((trail) => trail.Name),
};

/** EventBridge's client has no paginators. */
async function* rulePages(client: EventBridgeClient): AsyncGenerator<ListRulesCommandOutput> {
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListRulesCommand({ NextToken }));
    yield page;
    NextToken = page.NextToken;
  } while (NextToken);
}

/** CloudWatch Logs has none for these. */
async function* resourcePolicyPages(client: CloudWatchLogsClient): AsyncGenerator<DescribeResourcePoliciesCommandOutput> {
  let nextToken: string | undefined;
  do {
    const page = await client.send(new DescribeResourcePoliciesCommand({ nextToken }));
    yield page;
    nextToken = page.nextToken;
  } while (nextToken);
}
