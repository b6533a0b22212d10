import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ENVIRONMENT_NAMES } from '../src/environments';
import { StageName } from '../src/stage';
import { agentConfiguration } from './_helpers/agent-configuration';
import { EVERY, everyWith, synthesisOf, templateOf } from './_helpers/every-environment';
import { EXPECTED } from './_helpers/expectations';
import { accepts } from './_helpers/parameters';
import { ReadResource, ReadTemplate, statement, statements } from './_helpers/read-template';

/*
 * Where the documents that the environments come from were wrong, and the mistake could come back here.
 */

describe('X-06 both subnets in zone 0 are no two zones', () => {
  test.each(EVERY)('%s, %s: nobody has to be warned of anything, and nothing is wrong', (environment, stage) => {
    expect(Annotations.fromStack(synthesisOf(environment, stage).stack).findWarning('*', Match.anyValue())).toEqual([]);
    expect(Annotations.fromStack(synthesisOf(environment, stage).stack).findError('*', Match.anyValue())).toEqual([]);
  });

  test.each(everyWith('AWS::RDS::DBInstance'))('%s, %s: the subnets of the database are in zones 0 and 1 (B-04, C-01, D-06)', (environment, stage) => {
    const template = templateOf(environment, stage);
    const zones = (template.only('AWS::RDS::DBSubnetGroup').Properties.SubnetIds as string[])
      .map((subnet) => template.only('AWS::EC2::Subnet', subnet.slice(2, -1)).Properties.AvailabilityZone);
    expect(zones).toEqual([0, 1].map((zone) => ({ 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] })));
  });
});

describe('X-02 a bucket name from AWS::StackName may be upper case and is refused', () => {
  test.each(ENVIRONMENT_NAMES)('%s: what is literal in the name of a bucket is lower case, and the suffix can be nothing else', (environment) => {
    const names = templateOf(environment).ofType('AWS::S3::Bucket').map(({ Properties }) => (Properties.BucketName ?? Properties.BucketNamePrefix) as string);
    expect(names.length).toBeGreaterThanOrEqual(2);
    for (const name of names) expect(name.replaceAll(/\$\{[\w:]+\}/g, '')).toMatch(/^[a-z0-9-]+$/);
    expect(accepts(templateOf(environment).parameters.EnvironmentSuffix, 'Upper')).toBe(false);
  });
});

describe('X-02, R-03 a bucket name with the time in it changes at every deployment', () => {
  test.each(ENVIRONMENT_NAMES)('%s: names are made of the suffix, and by S3 of the account and the region', (environment) => {
    const buckets = templateOf(environment).ofType('AWS::S3::Bucket');
    const references = JSON.stringify(buckets.map(({ Properties }) => [Properties.BucketName, Properties.BucketNamePrefix])).match(/\$\{[\w:]+\}/g)!;
    expect(['${EnvironmentSuffix}', '${AWS::AccountId}', '${AWS::Region}']).toEqual(expect.arrayContaining(references));
    for (const { Properties } of buckets) expect(Properties.BucketName ?? Properties.BucketNamespace).toBeDefined();
  });
});

describe('P-07, B-12, D-02 access logs do not arrive in a bucket that is encrypted with a customer key', () => {
  test.each(EVERY)('%s, %s: the target of access logs uses S3\'s own key, and every bucket of data the customer\'s', (environment, stage) => {
    const buckets = templateOf(environment, stage).ofType('AWS::S3::Bucket');
    const targets = new Set(buckets.map(({ Properties }) => Properties.LoggingConfiguration as { DestinationBucketName: string } | undefined)
      .flatMap((logging) => logging?.DestinationBucketName ?? []));
    expect(targets.size).toBe(1);
    const algorithm = ({ Properties }: { Properties: Record<string, unknown> }) => /"SSEAlgorithm":"([\w:]+)"/.exec(JSON.stringify(Properties.BucketEncryption))![1];
    for (const bucket of buckets) {
      if (targets.has(`\${${bucket.logicalId}}`)) expect(algorithm(bucket)).toBe('AES256');
      if (/^(Store|SecureStorage|Lake)/.test(bucket.logicalId)) expect(algorithm(bucket)).toBe('aws:kms');
    }
  });

  test.each(EVERY)('%s, %s: and has no lock of objects by default, which keeps them out too', (environment, stage) => {
    expect(templateOf(environment, stage).only('AWS::S3::Bucket', EXPECTED[environment].accessLogs).Properties).not.toHaveProperty('ObjectLockConfiguration');
  });
});

describe('P-02, B-14, D-03 an encrypted topic swallows alarms unless its key lets CloudWatch in', () => {
  test.each(EVERY)('%s, %s: key and topic admit CloudWatch, for alarms of this account', (environment, stage) => {
    const template = templateOf(environment, stage);
    for (const policy of [keyOf(environment, template).Properties.KeyPolicy, template.only('AWS::SNS::TopicPolicy').Properties.PolicyDocument]) {
      expect(statement(policy, 'AllowCloudWatchAlarms')).toMatchObject({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' },
          ArnLike: { 'aws:SourceArn': 'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*' },
        },
      });
    }
  });

  test.each(ENVIRONMENT_NAMES)('%s: the topic is not encrypted with the key of AWS, whose policy nobody can change', (environment) => {
    expect(templateOf(environment).only('AWS::SNS::Topic').Properties.KmsMasterKeyId).toBe(EXPECTED[environment].auditKey);
  });

  test.each(ENVIRONMENT_NAMES)('%s: helper functions that report a failure may use the key too', (environment) => {
    const helpers = templateOf(environment).ofType('AWS::Lambda::Function').filter(({ logicalId }) => logicalId.startsWith('Custom'));
    expect(helpers).toHaveLength(2);
    for (const { logicalId, Properties } of helpers) {
      expect(Properties.DeadLetterConfig).toEqual({ TargetArn: '${AlertsTopic}' });
      const [{ PolicyDocument }] = templateOf(environment).only('AWS::IAM::Role', logicalId.replace('Handler', 'Role')).Properties.Policies as { PolicyDocument: unknown }[];
      expect(statements(PolicyDocument)).toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: EXPECTED[environment].auditKey });
    }
  });
});

describe('B-10, X-04 EventBridge sends no source to a key: a condition on it loses the event', () => {
  test.each(EVERY.filter(([environment, stage]) => templateOf(environment, stage).ofType('AWS::Events::Rule').length > 0))('%s, %s: the key admits it without', (environment, stage) => {
    const admitted = statement(keyOf(environment, templateOf(environment, stage)).Properties.KeyPolicy, 'AllowEventBridgeRules');
    expect(admitted).toMatchObject({ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] });
    expect(admitted).not.toHaveProperty('Condition');
  });
});

describe('P-08, B-14 an alarm on a metric that does not exist can never go off', () => {
  /** The metrics that AWS documents, by namespace, and the dimension they are published with; those of instances also by their group. */
  const PUBLISHED: Record<string, { dimension: string | RegExp; metrics: string[] }> = {
    'AWS/EC2': { dimension: /^(InstanceId|AutoScalingGroupName)$/, metrics: ['CPUUtilization', 'NetworkIn', 'NetworkOut', 'StatusCheckFailed'] },
    'AWS/AutoScaling': { dimension: 'AutoScalingGroupName', metrics: ['GroupInServiceInstances'] },
    'AWS/RDS': {
      dimension: 'DBInstanceIdentifier', metrics: ['CPUUtilization', 'FreeStorageSpace', 'FreeableMemory', 'DatabaseConnections', 'ReadLatency', 'WriteLatency'],
    },
    'AWS/Events': { dimension: 'RuleName', metrics: ['TriggeredRules'] },
    'AWS/Logs': { dimension: 'LogGroupName', metrics: ['IncomingLogEvents'] },
    'AWS/S3': { dimension: 'BucketName,FilterId', metrics: ['PutRequests'] },
    'AWS/ApiGateway': { dimension: 'ApiName,Stage', metrics: ['4XXError', '5XXError', 'Latency'] },
    'AWS/SQS': { dimension: 'QueueName', metrics: ['ApproximateNumberOfMessagesVisible'] },
  };

  test.each(everyWith('AWS::CloudTrail::Trail'))('%s, %s: S3 counts requests only where it is asked to: it is, where an alarm counts on it', (environment, stage) => {
    const template = templateOf(environment, stage);
    const [bucket, filter] = (template.only('AWS::CloudWatch::Alarm', 'AuditNoLogFiles').Properties.Dimensions as { Value: string }[]).map(({ Value }) => Value);
    expect(template.only('AWS::S3::Bucket', bucket.slice(2, -1)).Properties.MetricsConfigurations).toEqual([{ Id: filter }]);
  });

  test.each(EVERY)('%s, %s: every alarm is on a metric of AWS, on what a filter counts, or on what the agent publishes with just these dimensions', (environment, stage) => {
    const template = templateOf(environment, stage);
    for (const { logicalId, Properties } of template.ofType('AWS::CloudWatch::Alarm')) {
      const dimensions = (Properties.Dimensions as { Name: string }[] | undefined ?? []).map(({ Name }) => Name).sort().join();
      const published = PUBLISHED[Properties.Namespace as string];
      if (counted(template).includes(`${Properties.Namespace} ${Properties.MetricName}`)) {
        expect(dimensions).toBe('');
      } else if (published) {
        expect(published.metrics).toContain(Properties.MetricName);
        expect(dimensions).toEqual(typeof published.dimension === 'string' ? published.dimension : expect.stringMatching(published.dimension));
      } else {
        const { metrics } = agentConfiguration(template, logicalId.replace(/Alarms.*/, '')).configuration;
        expect(Properties.Namespace).toBe(metrics.namespace);
        expect(Object.entries(metrics.metrics_collected).flatMap(([kind, { measurement }]) => measurement.map((name) => `${kind}_${name}`))).toContain(Properties.MetricName);
        expect([Object.keys(metrics.append_dimensions), ...metrics.aggregation_dimensions].map((names) => names.join())).toContain(dimensions);
      }
    }
  });
});

describe('B-04, D-06 a patch of MySQL that a template pins is withdrawn one day', () => {
  test.each(everyWith('AWS::RDS::DBInstance'))('%s, %s: the version is a line', (environment, stage) => {
    expect(templateOf(environment, stage).only('AWS::RDS::DBInstance').Properties).toMatchObject({ EngineVersion: '8.4', AutoMinorVersionUpgrade: true });
  });
});

describe('B-04, D-06 logs of MySQL that are exported stay empty unless the engine writes them', () => {
  test.each(everyWith('AWS::RDS::DBInstance'))('%s, %s: it is told to, into files', (environment, stage) => {
    expect(templateOf(environment, stage).only('AWS::RDS::DBParameterGroup').Properties.Parameters).toMatchObject({ general_log: '1', slow_query_log: '1', log_output: 'FILE' });
  });
});

describe('X-04 DeletionPolicy Delete everywhere contradicts retaining what is critical', () => {
  test.each(ENVIRONMENT_NAMES)('%s: one stage keeps all data, the other none: no stage mixes them', (environment) => {
    const policies = (stage: StageName) => new Set(templateOf(environment, stage).resources
      .flatMap(({ Type, DeletionPolicy }) => (Type.startsWith('Custom::') || Type === 'AWS::RDS::DBInstance' ? [] : DeletionPolicy ?? [])));
    expect(policies(StageName.EPHEMERAL)).toEqual(new Set(['Delete']));
    expect(policies(StageName.REGULATED)).toEqual(new Set(['RetainExceptOnCreate']));
  });
});

describe('X-04 plain Retain orphans named buckets when the first creation fails', () => {
  test.each(EVERY)('%s, %s: nothing is plainly retained', (environment, stage) => {
    expect(templateOf(environment, stage).resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')).toEqual([]);
  });
});

describe('P-07, B-12, D-02 a denial of other encryption must not deny writes without any header', () => {
  test.each(ENVIRONMENT_NAMES)('%s: both conditions stand in one statement', (environment) => {
    const denials = templateOf(environment).ofType('AWS::S3::BucketPolicy')
      .flatMap(({ Properties }) => statements(Properties.PolicyDocument)).filter(({ Sid }) => Sid === 'DenyOtherEncryption');
    expect(denials.length).toBeGreaterThanOrEqual(1);
    for (const denial of denials) {
      expect(denial).toMatchObject({
        Effect: 'Deny', Action: 's3:PutObject',
        Condition: {
          Null: { 's3:x-amz-server-side-encryption': 'false' },
          StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': expect.stringMatching(/^\$\{\w*Key\w*\.Arn\}$/) as string },
        },
      });
    }
  });
});

describe('X-06 maxAzs: 3 is two zones in a stack that knows no region', () => {
  test.each(ENVIRONMENT_NAMES)('%s: zones are picked by index when the stack is deployed, in as many subnets as the plan has', (environment) => {
    expect(templateOf(environment).ofType('AWS::EC2::Subnet').map(({ Properties }) => Properties.AvailabilityZone))
      .toEqual(Object.values(EXPECTED[environment].zones).flat().map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })));
  });
});

describe('X-01 the latest image by SSM parameter replaces instances at every update', () => {
  test.each(ENVIRONMENT_NAMES)('%s: a pinned version and an own parameter are taken', (environment) => {
    const image = templateOf(environment).parameters.EC2AMIId;
    expect(image.Type).toBe('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>');
    expect(accepts(image, `${image.Default}:42`)).toBe(true);
    expect(accepts(image, '/mine/golden-image:7')).toBe(true);
    expect(image.Description).toContain(':<version>');
  });
});

describe('X-04, D-04 the agent of Amazon Inspector is discontinued', () => {
  test.each(EVERY)('%s, %s: no instance installs one; version 2 is turned on where it is asked for', (environment, stage) => {
    const template = templateOf(environment, stage);
    for (const { logicalId } of template.ofType('AWS::EC2::Instance')) expect(agentConfiguration(template, logicalId).script).not.toMatch(/inspector/i);
    const asked = template.ofType('Custom::ThreatDetection').some(({ Properties }) => Properties.Service === 'INSPECTOR');
    expect(asked).toBe(stage === StageName.REGULATED);
  });
});

describe('X-02 a template of more than 51,200 bytes cannot be passed inline', () => {
  test.each(EVERY)('%s, %s: it is minified', (environment, stage) => {
    const { text } = synthesisOf(environment, stage);
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
  });
});

describe('P-07, B-12, D-02 of two policies on one bucket AWS keeps one', () => {
  test.each(EVERY)('%s, %s: every bucket has exactly one', (environment, stage) => {
    const buckets = templateOf(environment, stage).ofType('AWS::S3::Bucket').map(({ logicalId }) => `\${${logicalId}}`);
    expect(templateOf(environment, stage).ofType('AWS::S3::BucketPolicy').map(({ Properties }) => Properties.Bucket).sort()).toEqual(buckets.sort());
  });
});

describe('X-07, B-11 a function in a private subnet without a route cannot reach SNS', () => {
  test.each(EVERY)('%s, %s: a function is in no network, or in subnets with a NAT gateway', (environment, stage) => {
    const template = templateOf(environment, stage);
    const tablesWithNat = template.ofType('AWS::EC2::Route').filter(({ Properties }) => Properties.NatGatewayId).map(({ Properties }) => Properties.RouteTableId);
    const tableOf = (subnet: string) => template.ofType('AWS::EC2::SubnetRouteTableAssociation').find(({ Properties }) => Properties.SubnetId === subnet)?.Properties.RouteTableId;
    const subnets = template.ofType('AWS::Lambda::Function').flatMap(({ Properties }) => (Properties.VpcConfig as { SubnetIds: string[] } | undefined)?.SubnetIds ?? []);
    expect(subnets.length).toBeGreaterThanOrEqual(EXPECTED[environment].functions.includes('WatchFunction') ? 2 : 0);
    for (const subnet of subnets) expect(tablesWithNat).toContain(tableOf(subnet));
  });
});

describe('C-03, X-02 recorder and channel of AWS Config need each other, and an account has one of each', () => {
  test.each(EVERY)('%s, %s: no stack owns them: there is no order to get wrong, and no second one to be refused', (environment, stage) => {
    expect(templateOf(environment, stage).resources.filter(({ Type }) => /^AWS::Config::(ConfigurationRecorder|DeliveryChannel)$/.test(Type))).toEqual([]);
  });

  test.each(everyWith('Custom::EnsuredConfigRecorder'))('%s, %s: every rule waits for what sees to the recorder', (environment, stage) => {
    const template = templateOf(environment, stage);
    const { logicalId } = template.only('Custom::EnsuredConfigRecorder');
    const rules = [...template.ofType('AWS::Config::ConfigRule'), ...template.ofType('AWS::Config::ConformancePack')];
    expect(rules).not.toEqual([]);
    for (const rule of rules) expect([rule.logicalId, rule.DependsOn]).toEqual([rule.logicalId, expect.arrayContaining([logicalId])]);
  });
});

describe('C-03, C-08 AWS Config delivers to <prefix>/AWSLogs/<account>/Config, not to a folder of another name', () => {
  test.each(everyWith('Custom::EnsuredConfigRecorder'))('%s, %s: there it may write, for this account only, and nowhere else', (environment, stage) => {
    const { PolicyDocument } = templateOf(environment, stage).only('AWS::S3::BucketPolicy', 'ConfigHistory').Properties;
    const writing = statements(PolicyDocument).filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('s3:PutObject'));
    expect(writing).toEqual([expect.objectContaining({
      Principal: { Service: 'config.amazonaws.com' },
      Resource: '${ConfigHistoryBucket.Arn}/AWSLogs/${AWS::AccountId}/Config/*',
      Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceAccount': '${AWS::AccountId}' } },
    })]);
  });
});

describe('C-03 AWS Config delivers to an encrypted bucket only under a key that admits it, and to a locked one not at all', () => {
  test.each(everyWith('Custom::EnsuredConfigRecorder'))('%s, %s: it is told the key, which admits it; nothing locks the bucket', (environment, stage) => {
    const template = templateOf(environment, stage);
    const { KeyArn, BucketName } = template.only('Custom::EnsuredConfigRecorder').Properties as Record<string, string>;
    const bucket = template.only('AWS::S3::Bucket', BucketName.slice(2, -1)).Properties;
    expect(JSON.stringify(bucket.BucketEncryption)).toContain(`"KMSMasterKeyID":"${KeyArn}"`);
    expect(bucket).not.toHaveProperty('ObjectLockConfiguration');
    const key = template.only('AWS::KMS::Key', KeyArn.slice(2, -'.Arn}'.length)).Properties;
    expect(statement(key.KeyPolicy, 'AllowConfig')).toMatchObject({
      Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' } },
    });
  });
});

describe('C-05 a data event on <bucket>/* is on keys that begin with an asterisk', () => {
  const selectors = (environment: string, stage: StageName) => (
    JSON.stringify(templateOf(environment, stage).ofType('AWS::CloudTrail::Trail').map(({ Properties }) => [Properties.EventSelectors, Properties.AdvancedEventSelectors]))
  );

  test.each(everyWith('AWS::CloudTrail::Trail'))('%s, %s: no selector has an asterisk', (environment, stage) => {
    expect(selectors(environment, stage)).not.toContain('*');
  });
});

describe('C-09 a filter for the root user that counts events of services goes off at night', () => {
  test.each(everyWith('AWS::Logs::MetricFilter'))('%s, %s: they are left out', (environment, stage) => {
    expect(templateOf(environment, stage).only('AWS::Logs::MetricFilter', 'SecurityAlarmsRootUsageFilter').Properties.FilterPattern)
      .toBe('{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }');
  });
});

/** Namespace and name of the metrics that filters of the template count in. */
function counted(template: ReadTemplate): string[] {
  return template.ofType('AWS::Logs::MetricFilter').flatMap(({ Properties }) => (
    (Properties.MetricTransformations as { MetricNamespace: string; MetricName: string }[]).map(({ MetricNamespace, MetricName }) => `${MetricNamespace} ${MetricName}`)
  ));
}

/** The key of the topic. */
function keyOf(environment: string, template: ReadTemplate): ReadResource {
  const logicalId = EXPECTED[environment].auditKey.slice(2, -'.Arn}'.length);
  return template.ofType('AWS::KMS::Key').find((key) => key.logicalId === logicalId)!;
}
