import { App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { MonitoredActivity, SecurityAlarms, SecurityAlarmsProps } from '../src';
import { onlyPolicy } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const ROLE = 'arn:aws:iam::111122223333:role/deployer';
const USER = 'arn:aws:iam::111122223333:user/alice';

/** What CIS asks for, written down a second time: number, name, and how many calls its pattern lists. */
const CIS: [number, string, number][] = [
  [1, 'UnauthorizedApiCalls', 1], [2, 'SignInWithoutMfa', 1], [3, 'RootUsage', 0], [4, 'IamPolicyChanges', 16], [5, 'CloudTrailChanges', 5],
  [6, 'SignInFailures', 1], [7, 'KeyDeletion', 2], [8, 'BucketPolicyChanges', 9], [9, 'ConfigChanges', 4], [10, 'SecurityGroupChanges', 6],
  [11, 'NetworkAclChanges', 6], [12, 'GatewayChanges', 6], [13, 'RouteTableChanges', 7], [14, 'VpcChanges', 11], [15, 'OrganizationChanges', 18],
];

describe('AUD-15 the catalogue of CIS (C-09)', () => {
  test('has every activity once, in the order of CIS', () => {
    expect(MonitoredActivity.all().map(({ id, controls }) => [id, controls[0]])).toEqual(CIS.map(([number, id]) => [id, `CIS 3.0 4.${number}`]));
  });

  test.each(CIS)('4.%d %s lists %d calls', (number, id, calls) => {
    const activity = MonitoredActivity.all()[number - 1];
    expect(activity.id).toBe(id);
    expect(activity.pattern().match(/\$\.eventName/g) ?? []).toHaveLength(calls);
    expect(activity.controls).toEqual(expect.arrayContaining([`CIS 5.0 4.${number}`, `CIS 7.0 5.${number}`]));
    expect(activity.source).toMatch(/^https:\/\//);
  });

  test('knows what the services of calls are that others have as well', () => {
    const services = MonitoredActivity.all().map((activity) => [activity.id, /eventSource = ([a-z0-9]+)/.exec(activity.pattern())?.[1]]);
    expect(services.filter(([, service]) => service)).toEqual([
      ['IamPolicyChanges', 'iam'], ['KeyDeletion', 'kms'], ['BucketPolicyChanges', 's3'], ['ConfigChanges', 'config'], ['RouteTableChanges', 'ec2'],
      ['OrganizationChanges', 'organizations'],
    ]);
  });

  test.each([
    [MonitoredActivity.ROOT_USAGE, '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }'],
    [MonitoredActivity.SIGN_IN_FAILURES, '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }'],
    [MonitoredActivity.KEY_DELETION, '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }'],
  ])('$id is complete', (activity, pattern) => {
    expect(activity.pattern()).toBe(pattern);
  });

  test('fits what CloudWatch Logs takes, with room for an exception in each', () => {
    expect(Math.max(...MonitoredActivity.all().map((activity) => activity.pattern().length))).toBeLessThanOrEqual(1024 - 150);
  });
});

describe.each(FLAGS)('SecurityAlarms %s', (_, flags) => {
  let stack: Stack;
  let topic: sns.Topic;
  let logGroup: logs.LogGroup;
  beforeEach(() => {
    stack = stackInFrankfurt(flags);
    topic = new sns.Topic(stack, 'Topic');
    logGroup = new logs.LogGroup(stack, 'Events');
  });
  const alarms = (props: Partial<SecurityAlarmsProps> = {}) => new SecurityAlarms(stack, 'Alarms', { topic, logGroup, ...props });
  const template = () => Template.fromStack(stack);
  const filter = (id: string) => Object.values(template().findResources('AWS::Logs::MetricFilter', { Properties: { FilterName: id } }))[0].Properties;
  const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('(audit-trail|encrypted-storage):')).map(({ entry }) => String(entry.data));
  const role = () => iam.Role.fromRoleArn(stack, 'Deployer', ROLE);
  const user = (_value?: unknown, index = 0) => iam.User.fromUserArn(stack, `Alice${index}`, USER);

  describe('AUD-15 the catalogue of CIS (C-09)', () => {
    test('goes off at the first event of each activity, whose metric has the name of its filter', () => {
      expect(alarms().alarms).toHaveLength(15);
      for (const activity of MonitoredActivity.all()) {
        template().hasResourceProperties('AWS::Logs::MetricFilter', {
          FilterName: activity.id,
          FilterPattern: activity.pattern(),
          LogGroupName: stack.resolve(logGroup.logGroupName),
          MetricTransformations: [{ MetricName: activity.id, MetricNamespace: Match.anyValue(), MetricValue: '1' }],
        });
        template().hasResourceProperties('AWS::CloudWatch::Alarm', {
          MetricName: activity.id, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 1, Period: 300, Statistic: 'Sum',
          TreatMissingData: 'notBreaching',
        });
      }
    });

    test('counts for each stack on its own (X-02)', () => {
      const { metricNamespace } = alarms();
      expect(stack.resolve(metricNamespace)).toEqual({ 'Fn::Join': ['', ['SecurityAlarms/', { Ref: 'AWS::StackName' }]] });
      template().allResourcesProperties('AWS::CloudWatch::Alarm', { Namespace: stack.resolve(metricNamespace) });
    });

    test('switches off what is not wanted, and warns', () => {
      expect(alarms({ without: [MonitoredActivity.ORGANIZATION_CHANGES] }).alarms).toHaveLength(14);
      expect(template().findResources('AWS::Logs::MetricFilter', { Properties: { FilterName: 'OrganizationChanges' } })).toEqual({});
      expect(warnings()).toEqual([expect.stringContaining('nobody is told about changes of the organization')]);
    });

    test('says nothing when nothing is weaker', () => {
      alarms();
      expect(warnings()).toEqual([]);
    });
  });

  describe('AUD-16 every alarm acts', () => {
    test('tells the topic when it goes off, but not that what was done is over, and where to read on', () => {
      alarms({ runbookUrl: 'https://example.com/runbook' });
      const action = [stack.resolve(topic.topicArn)];
      template().allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: action, OKActions: Match.absent() });
      template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmDescription: 'Seen in the trail: usage of the root user (CIS 3.0 4.3, CIS 5.0 4.3, CIS 7.0 5.3, FSBP CloudWatch.1). https://example.com/runbook#usage-of-the-root-user',
      });
    });

    test('the topic admits CloudWatch, and so does its key', () => {
      const masterKey = new kms.Key(stack, 'Mine');
      topic = new sns.Topic(stack, 'Encrypted', { masterKey });
      alarms();
      expect(onlyPolicy(stack, 'AWS::SNS::TopicPolicy', 'PolicyDocument')).toContainEqual({
        Sid: 'AllowCloudWatchAlarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: stack.resolve(topic.topicArn),
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*' }, StringEquals: { 'aws:SourceAccount': '111122223333' } },
      });
      expect(onlyPolicy(stack, 'AWS::KMS::Key', 'KeyPolicy').map(({ Sid }) => Sid)).toContain('AllowCloudWatchAlarms');
    });

    test('warns about a topic whose policy cannot be changed here', () => {
      topic = sns.Topic.fromTopicArn(stack, 'Imported', 'arn:aws:sns:eu-central-1:111122223333:alerts') as sns.Topic;
      alarms();
      expect(warnings()).toEqual([expect.stringMatching(/its owner must add .*cloudwatch\.amazonaws\.com/)]);
    });
  });

  describe('AUD-17 exceptions have reasons', () => {
    const activity = MonitoredActivity.CLOUDTRAIL_CHANGES;
    const base = activity.pattern().slice(2, -2);

    test('adds a condition for each exception, which holds for events without the field', () => {
      alarms({ quieted: [{ activity, reason: 'the pipeline changes it every night', roles: [role()], users: [user()], services: ['config.amazonaws.com'] }] });
      expect(filter('CloudTrailChanges').FilterPattern).toBe(`{ (${base})`
        + ` && (($.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS) || ($.userIdentity.sessionContext.sessionIssuer.arn != "${ROLE}"))`
        + ` && (($.userIdentity.arn NOT EXISTS) || ($.userIdentity.arn != "${USER}"))`
        + ' && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy != "config.amazonaws.com")) }');
    });

    test('leaves every other activity as it is', () => {
      alarms({ quieted: [{ activity, reason: 'it is ours', roles: [role()] }] });
      expect(filter('RootUsage').FilterPattern).toBe(MonitoredActivity.ROOT_USAGE.pattern());
    });

    test('says why in the alarm, and warns', () => {
      alarms({ quieted: [{ activity, reason: 'it is ours', roles: [role()] }] });
      template().hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmDescription: Match.stringLikeRegexp('With exceptions: it is ours\\.') });
      expect(warnings()).toEqual([expect.stringContaining('some may do unheard: changes of CloudTrail, because it is ours')]);
    });

    test('takes a role of the same stack, whose ARN is known at deployment only', () => {
      const made = new iam.Role(stack, 'Made', { assumedBy: new iam.AccountRootPrincipal() });
      alarms({ quieted: [{ activity: MonitoredActivity.ORGANIZATION_CHANGES, reason: 'it is ours', roles: [made] }] });
      expect(JSON.stringify(filter('OrganizationChanges').FilterPattern)).toContain(JSON.stringify(stack.resolve(made.roleArn)));
    });
  });

  test('counts in the namespace it is given, and shows the metric', () => {
    const metric = alarms({ metricNamespace: 'Mine' }).metric(MonitoredActivity.ROOT_USAGE);
    expect([metric.namespace, metric.metricName]).toEqual(['Mine', 'RootUsage']);
    template().allResourcesProperties('AWS::Logs::MetricFilter', { MetricTransformations: [Match.objectLike({ MetricNamespace: 'Mine' })] });
  });

  test('takes a namespace that is known at deployment only', () => {
    expect(() => alarms({ metricNamespace: new CfnParameter(stack, 'Namespace').valueAsString })).not.toThrow();
  });

  describe('input', () => {
    const activity = MonitoredActivity.ROOT_USAGE;
    const reason = 'it is ours';
    test.each<[string, () => Partial<SecurityAlarmsProps>]>([
      ["'metricNamespace' must be 1 to 255 characters without colons, not beginning with 'AWS/', got 'AWS/Logs'", () => ({ metricNamespace: 'AWS/Logs' })],
      ["'metricNamespace' must be 1 to 255 characters without colons, not beginning with 'AWS/', got 'a:b'", () => ({ metricNamespace: 'a:b' })],
      ["'metricNamespace' must be 1 to 255 characters without colons, not beginning with 'AWS/', got ''", () => ({ metricNamespace: '' })],
      ["'without' must leave an activity to tell about, got all of them; leave the construct out instead", () => ({ without: MonitoredActivity.all() })],
      ["'quieted' must not name what 'without' switches off, got 'RootUsage' in both; leave it out of one", () => ({ without: [activity], quieted: [{ activity, reason, users: [user()] }] })],
      ["'quieted' must name an activity once, got 'RootUsage' twice; put the exceptions together", () => {
        const one = { activity, reason, users: [user()] };
        return { quieted: [one, one] };
      }],
      ["'quieted' must give a reason, got none for 'RootUsage'", () => ({ quieted: [{ activity, reason: ' ', users: [user()] }] })],
      ["'quieted' must name roles, users or services, got none for 'RootUsage'", () => ({ quieted: [{ activity, reason }] })],
      ["'quieted' must name services as CloudTrail does, got 'config'; write 'config.amazonaws.com', for example", () => ({ quieted: [{ activity, reason, services: ['config'] }] })],
      ["'quieted' must leave a pattern of at most 1024 characters, got 1136 for 'OrganizationChanges'; name fewer", () => (
        { quieted: [{ activity: MonitoredActivity.ORGANIZATION_CHANGES, reason, users: Array.from({ length: 4 }, user) }] }
      )],
      ["'logGroup' must be of the class Standard, got one of Infrequent Access, which has no metric filters", () => (
        { logGroup: new logs.LogGroup(stack, 'Rare', { logGroupClass: logs.LogGroupClass.INFREQUENT_ACCESS }) }
      )],
    ])('fails with %s', (message, props) => {
      expect(() => alarms(props())).toThrow(`${message} [Stack/Alarms]`);
    });

    test('fails to show the metric of what is switched off', () => {
      expect(() => alarms({ without: [activity] }).metric(activity)).toThrow("'activity' must be one that is monitored, got 'RootUsage', which 'without' switches off [Stack/Alarms]");
    });

    test('fails when two count in one namespace', () => {
      alarms();
      const other = new SecurityAlarms(stack, 'Others', { topic, logGroup, metricNamespace: `SecurityAlarms/${Aws.STACK_NAME}` });
      expect(other.node.validate()).toEqual(["'metricNamespace' must be its own for each, got the one of 'Stack/Alarms'; pass another [Stack/Others]"]);
    });
  });

  test('needs nothing of the region and account', () => {
    stack = new Stack(new App({ context: flags }), 'Stack');
    topic = new sns.Topic(stack, 'Topic');
    logGroup = new logs.LogGroup(stack, 'Events');
    alarms();
    template().resourceCountIs('AWS::CloudWatch::Alarm', 15);
  });
});
