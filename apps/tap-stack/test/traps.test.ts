import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { StageName } from '../src/stage';
import { agentConfiguration } from './_helpers/agent-configuration';
import { accepts } from './_helpers/parameters';
import { ReadTemplate, statement, statements } from './_helpers/read-template';
import { Synthesis, synthesize } from './_helpers/synthesis';

/*
 * Where the documents that the environment comes from were wrong, and the mistake could come back here.
 */
let ephemeral: Synthesis;
let template: ReadTemplate;
beforeAll(() => {
  ephemeral = synthesize({ environment: 'private-workload' });
  ({ template } = ephemeral);
});

describe('X-06 both subnets in zone 0 are no two zones', () => {
  test('this network is in one zone because that was asked for: nobody has to be warned, and a warning of another kind would show', () => {
    expect(Annotations.fromStack(ephemeral.stack).findWarning('*', Match.anyValue())).toEqual([]);
    expect(Annotations.fromStack(ephemeral.stack).findError('*', Match.anyValue())).toEqual([]);
  });
});

describe('X-02 a bucket name from AWS::StackName may be upper case and is refused', () => {
  test('what is literal in the name of a bucket is lower case, and the suffix can be nothing else', () => {
    const literal = (template.only('AWS::S3::Bucket', 'Store').Properties.BucketName as string).replaceAll(/\$\{[\w:]+\}/g, '');
    expect(literal).toMatch(/^[a-z0-9-]+$/);
    expect(accepts(template.parameters.EnvironmentSuffix, 'Upper')).toBe(false);
  });
});

describe('X-02 a bucket name with the time in it changes at every deployment', () => {
  test('names are made of the suffix, the account and the region', () => {
    const references = JSON.stringify(template.ofType('AWS::S3::Bucket').map(({ Properties }) => Properties.BucketName ?? '')).match(/\$\{[\w:]+\}/g);
    expect(new Set(references)).toEqual(new Set(['${EnvironmentSuffix}', '${AWS::AccountId}', '${AWS::Region}']));
  });
});

describe('P-07 access logs do not arrive in a bucket that is encrypted with a customer key', () => {
  test('the target of access logs uses S3\'s own key, every other bucket the customer\'s', () => {
    const buckets = template.ofType('AWS::S3::Bucket');
    const targets = buckets.map(({ Properties }) => Properties.LoggingConfiguration as { DestinationBucketName: string } | undefined)
      .flatMap((logging) => logging?.DestinationBucketName ?? []);
    expect(targets).toEqual(['${AccessLogsBucket}']);
    for (const { logicalId, Properties } of buckets) {
      expect(JSON.stringify(Properties.BucketEncryption)).toContain(`"SSEAlgorithm":"${targets.includes(`\${${logicalId}}`) ? 'AES256' : 'aws:kms'}"`);
    }
  });

  test('and has no lock of objects by default, which refuses them too', () => {
    expect(template.only('AWS::S3::Bucket', 'AccessLogs').Properties).not.toHaveProperty('ObjectLockConfiguration');
  });
});

describe('P-02 an encrypted topic swallows alarms unless its key lets CloudWatch in', () => {
  test('key and topic admit CloudWatch, for alarms of this account', () => {
    for (const policy of [template.only('AWS::KMS::Key').Properties.KeyPolicy, template.only('AWS::SNS::TopicPolicy').Properties.PolicyDocument]) {
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

  test('the topic is not encrypted with the key of AWS, whose policy nobody can change', () => {
    expect(template.only('AWS::SNS::Topic').Properties.KmsMasterKeyId).toBe('${Key.Arn}');
  });

  test('functions that report a failure may use the key too', () => {
    for (const { logicalId, Properties } of template.ofType('AWS::Lambda::Function')) {
      expect(Properties.DeadLetterConfig).toEqual({ TargetArn: '${AlertsTopic}' });
      const [{ PolicyDocument }] = template.only('AWS::IAM::Role', logicalId.replace('Handler', 'Role')).Properties.Policies as { PolicyDocument: unknown }[];
      expect(statements(PolicyDocument)).toContainEqual({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '${Key.Arn}' });
    }
  });
});

describe('P-08 an alarm on a metric that does not exist can never go off', () => {
  const PUBLISHED_BY_EC2 = ['CPUUtilization', 'NetworkIn', 'NetworkOut', 'StatusCheckFailed'];

  test('every alarm is on a metric of EC2, or on one that the agent publishes with just these dimensions', () => {
    const { metrics } = agentConfiguration(template).configuration;
    const byAgent = Object.entries(metrics.metrics_collected).flatMap(([kind, { measurement }]) => measurement.map((name) => `${kind}_${name}`));
    const aggregated = [Object.keys(metrics.append_dimensions), ...metrics.aggregation_dimensions].map((names) => names.join());
    for (const { Properties } of template.ofType('AWS::CloudWatch::Alarm')) {
      const dimensions = (Properties.Dimensions as { Name: string }[]).map(({ Name }) => Name).join();
      if (Properties.Namespace === 'AWS/EC2') {
        expect(PUBLISHED_BY_EC2).toContain(Properties.MetricName);
        expect(dimensions).toBe('InstanceId');
      } else {
        expect(Properties.Namespace).toBe(metrics.namespace);
        expect(byAgent).toContain(Properties.MetricName);
        expect(aggregated).toContain(dimensions);
      }
    }
  });
});

describe('X-04 DeletionPolicy Delete everywhere contradicts retaining what is critical', () => {
  test('one stage keeps all data, the other none: no stage mixes them', () => {
    const policies = (stage: StageName) => new Set(synthesize({ environment: 'private-workload', stage }).template.resources.flatMap(({ Type, DeletionPolicy }) => Type.startsWith('Custom::') ? [] : DeletionPolicy ?? []));
    expect(policies(StageName.EPHEMERAL)).toEqual(new Set(['Delete']));
    expect(policies(StageName.REGULATED)).toEqual(new Set(['RetainExceptOnCreate']));
  });
});

describe('X-04 plain Retain orphans named buckets when the first creation fails', () => {
  test.each([StageName.STANDARD, StageName.REGULATED])('%s: nothing is plainly retained', (stage) => {
    expect(synthesize({ environment: 'private-workload', stage }).template.resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')).toEqual([]);
  });
});

describe('P-07 a denial of other encryption must not deny writes without any header', () => {
  test('both conditions stand in one statement', () => {
    expect(statement(template.only('AWS::S3::BucketPolicy', 'Store').Properties.PolicyDocument, 'DenyOtherEncryption')).toMatchObject({
      Effect: 'Deny', Action: 's3:PutObject',
      Condition: {
        Null: { 's3:x-amz-server-side-encryption': 'false' },
        StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': '${Key.Arn}' },
      },
    });
  });
});

describe('X-06 maxAzs: 3 is two zones in a stack that knows no region', () => {
  test('zones are picked by index when the stack is deployed, in as many subnets as the plan has', () => {
    expect(template.ofType('AWS::EC2::Subnet').map(({ Properties }) => Properties.AvailabilityZone)).toEqual([0, 0].map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })));
  });
});

describe('X-01 the latest image by SSM parameter replaces instances at every update', () => {
  test('a pinned version and an own parameter are taken', () => {
    const image = template.parameters.EC2AMIId;
    expect(image.Type).toBe('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>');
    expect(accepts(image, `${image.Default}:42`)).toBe(true);
    expect(accepts(image, '/mine/golden-image:7')).toBe(true);
    expect(image.Description).toContain(':<version>');
  });
});

describe('X-02 a template of more than 51,200 bytes cannot be passed inline', () => {
  test.each(Object.values(StageName))('%s: it is minified', (stage) => {
    const { text } = synthesize({ environment: 'private-workload', stage });
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
  });
});

describe('P-07 of two policies on one bucket AWS keeps one', () => {
  test('every bucket has exactly one', () => {
    const buckets = template.ofType('AWS::S3::Bucket').map(({ logicalId }) => `\${${logicalId}}`);
    expect(template.ofType('AWS::S3::BucketPolicy').map(({ Properties }) => Properties.Bucket).sort()).toEqual(buckets.sort());
  });
});

describe('X-07 a function in a private subnet without a route cannot reach SNS', () => {
  test('the functions are in no network', () => {
    for (const { Properties } of template.ofType('AWS::Lambda::Function')) expect(Properties).not.toHaveProperty('VpcConfig');
  });
});
