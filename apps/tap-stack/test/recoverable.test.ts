import { STAGE_NAMES as STAGES } from '../src/stage';
import { templateOf } from './_helpers/every-environment';
import { ReadTemplate, tags } from './_helpers/read-template';

describe.each(STAGES)('recoverable (%s)', (stage) => {
  const template = () => templateOf('recoverable', stage);
  const failures = () => template().only('AWS::Events::Rule', 'DeploymentsFailures');

  describe('R-01 failed deployments are told', () => {
    test.each([
      'CREATE_FAILED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'UPDATE_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE',
      'UPDATE_ROLLBACK_FAILED', 'IMPORT_ROLLBACK_IN_PROGRESS', 'IMPORT_ROLLBACK_COMPLETE', 'IMPORT_ROLLBACK_FAILED', 'DELETE_FAILED',
    ])('a stack that is %s', (status) => {
      expect(statusesOf(template())).toContain(status);
    });

    test.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE', 'CREATE_IN_PROGRESS', 'IMPORT_COMPLETE'])('but no stack that is %s', (status) => {
      expect(statusesOf(template())).not.toContain(status);
    });

    test('the topic is told, and what could not be told is kept with the other events', () => {
      expect(failures().Properties).toMatchObject({
        State: 'ENABLED', Targets: [{ Arn: '${AlertsTopic}', DeadLetterConfig: { Arn: '${WatchFailedEventsQueue.Arn}' } }],
      });
    });

    test('an alarm counts what the rule hears, and acts: CloudFormation has no metric of its own', () => {
      expect(template().only('AWS::CloudWatch::Alarm', 'DeploymentsAlarm').Properties).toMatchObject({
        Namespace: 'AWS/Events', MetricName: 'TriggeredRules', Dimensions: [{ Name: 'RuleName', Value: '${DeploymentsFailures}' }],
        Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching', AlarmActions: ['${AlertsTopic}'],
      });
    });
  });

  describe('R-03 no bucket is refused because its name is taken', () => {
    test('each is in the namespace of its account and region, and has the suffix in its name', () => {
      for (const { Properties } of template().ofType('AWS::S3::Bucket')) {
        expect(Properties).toMatchObject({ BucketNamespace: 'account-regional', BucketNamePrefix: expect.stringMatching(/-\$\{EnvironmentSuffix\}$/) as string });
      }
    });

    test('a first creation that fails leaves none behind, whatever the stage keeps', () => {
      for (const { DeletionPolicy } of template().ofType('AWS::S3::Bucket')) expect(DeletionPolicy).toMatch(/^(Delete|RetainExceptOnCreate)$/);
    });
  });

  describe('R-11 how things stand', () => {
    test.each([
      ['the instances', 'PublicServerInstance'], ['the database', 'DatabaseInstance'], ['the queue of what could not be told', 'WatchFailedEventsQueue'],
      ['the rule that hears of failed deployments', 'DeploymentsFailures'], ['the buckets', 'SecureStorageBucket'], ['the alarms', 'DeploymentsAlarm'],
    ])('the dashboard shows %s', (_, logicalId) => {
      expect(String(JSON.stringify(template().only('AWS::CloudWatch::Dashboard').Properties.DashboardBody))).toContain(logicalId);
    });

    test('AWS Config checks all that it checks in the environment for auditors, once the account records', () => {
      const checked = (environment: string) => templateOf(environment, stage).ofType('AWS::Config::ConfigRule')
        .map(({ Properties }) => (Properties.Source as { SourceIdentifier: string }).SourceIdentifier);
      const rules = template().ofType('AWS::Config::ConfigRule');
      expect(checked('recoverable').length).toBeGreaterThan(20);
      expect(checked('recoverable')).toEqual(checked('compliance'));
      for (const { DependsOn } of rules) expect(DependsOn).toEqual([expect.stringMatching(/^ConfigEnsured/)]);
    });

    test('the recorder is the account\'s: it is seen to, and not owned (X-02)', () => {
      expect(template().resources.filter(({ Type }) => ['AWS::Config::ConfigurationRecorder', 'AWS::Config::DeliveryChannel'].includes(Type))).toEqual([]);
      expect(tags(template().only('AWS::S3::Bucket', 'Config')).Name).toMatch(/^tap-config/);
    });
  });

  test.each(['DeploymentFailuresRuleArn', 'DeploymentFailuresAlarmName', 'ConfigBucketName', 'DashboardName'])('X-05 %s is put out', (name) => {
    expect(template().outputs[name]).toMatchObject({ Description: expect.stringMatching(/\w+ \w+/) as string, Export: { Name: `\${AWS::StackName}-${name}` } });
  });
});

function statusesOf(template: ReadTemplate): string[] {
  const { EventPattern } = template.only('AWS::Events::Rule', 'DeploymentsFailures').Properties;
  return (EventPattern as { detail: { 'status-details': { status: string[] } } }).detail['status-details'].status;
}
