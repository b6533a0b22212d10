import { App, Aspects, CfnResource, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { parse } from 'yaml';
import { decide } from '../handlers/config-recorder/decide';
import { ConfigRecorder, ConfigRecorderProps, ConfigRuleSet, RecorderSource } from '../src';
import { managedPolicy, onlyPolicy } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const { ADOPT, CREATE, ENSURE, RULES_ONLY } = RecorderSource;

const ruleSetOf = (rules: number) => ConfigRuleSet.of(...Array.from({ length: rules }, (_, index) => ({ identifier: `RULE_${index}` })));

describe.each(FLAGS)('ConfigRecorder %s', (_, flags) => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(flags); });
  const recorder = (props?: ConfigRecorderProps) => new ConfigRecorder(stack, 'Config', props);
  const adopted = () => recorder({ source: ADOPT, topic: new sns.Topic(stack, 'Topic') });
  const ensured = (props?: ConfigRecorderProps) => recorder({ ...props, source: ENSURE, topic: new sns.Topic(stack, 'Topic') });
  const template = () => Template.fromStack(stack);
  const rules = () => Object.values(template().findResources('AWS::Config::ConfigRule'));
  const identifiers = () => rules().map(({ Properties }) => Properties.Source.SourceIdentifier as string);
  const some = { ruleSets: [ConfigRuleSet.NETWORK] };

  describe('AUD-21 every resource is recorded (C-03)', () => {
    test('records all types, the global ones too, through a role that AWS Config alone may assume for this account', () => {
      recorder();
      template().hasResourceProperties('AWS::Config::ConfigurationRecorder', { RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: true } });
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [Match.objectLike({
          Principal: { Service: 'config.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        })] },
        ManagedPolicyArns: [Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([':iam::aws:policy/service-role/AWS_ConfigRole'])] })],
      });
    });

    test('uses the role it is given and makes no other', () => {
      recorder({ role: iam.Role.fromRoleArn(stack, 'Linked', 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig') });
      template().hasResourceProperties('AWS::Config::ConfigurationRecorder', { RoleARN: Match.stringLikeRegexp('AWSServiceRoleForConfig$') });
      const roles = JSON.stringify(template().findResources('AWS::IAM::Role'));
      expect(roles).not.toContain('config.amazonaws.com');
    });

    test('recorder and channel depend on each other in neither direction', () => {
      recorder();
      template().hasResource('AWS::Config::ConfigurationRecorder', { DependsOn: Match.absent() });
      const [channel] = Object.values(template().findResources('AWS::Config::DeliveryChannel'));
      expect(JSON.stringify(channel)).not.toMatch(/Recorder/);
      expect(channel.DependsOn).toEqual([expect.stringMatching('HistoryBucketPolicy')]);
    });

    test.each(['recorder after channel', 'channel after recorder'])('fails when somebody orders them: %s', (order) => {
      const { recorder: first, deliveryChannel: second } = recorder();
      if (order === 'recorder after channel') first!.addDependency(second!);
      else Aspects.of(stack).add({ visit: (node) => { if (node === second) second!.addDependency(first!); } });
      const refusal = /recorder and channel must not depend on each other, got '(Recorder|Channel)' after '(Channel|Recorder)'; take the dependency away/;
      expect(() => (stack.node.root as App).synth()).toThrow(refusal);
    });
  });

  describe('AUD-22 compliance is checked (C-03, R-11)', () => {
    test('makes the rules of all four sets, each once, when there is a recorder', () => {
      recorder();
      const sets = [ConfigRuleSet.CIS, ConfigRuleSet.STORAGE, ConfigRuleSet.NETWORK, ConfigRuleSet.IDENTITY];
      const all = sets.flatMap((set) => set.rules.map(({ identifier }) => identifier));
      expect(identifiers().sort()).toEqual([...new Set(all)].sort());
      expect(new Set(all).size).toBeLessThan(all.length);
      template().allResources('AWS::Config::ConfigRule', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ConfigRecorder')]) });
    });

    test('makes the sets it is given, with their parameters', () => {
      recorder({ ruleSets: [ConfigRuleSet.IDENTITY.withParameters('ACCESS_KEYS_ROTATED', { maxAccessKeyAge: '30' }), ConfigRuleSet.of({ identifier: 'EIP_ATTACHED' })] });
      expect(identifiers()).toHaveLength(ConfigRuleSet.IDENTITY.rules.length + 1);
      template().hasResourceProperties('AWS::Config::ConfigRule', { Source: { SourceIdentifier: 'ACCESS_KEYS_ROTATED' }, InputParameters: { maxAccessKeyAge: '30' } });
      template().hasResourceProperties('AWS::Config::ConfigRule', { Source: { SourceIdentifier: 'IAM_PASSWORD_POLICY' }, InputParameters: { MinimumPasswordLength: '14' } });
    });

    test('makes rules only, and nothing else, when told', () => {
      recorder({ source: RULES_ONLY });
      expect(new Set(Object.values(template().toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type))).toEqual(new Set(['AWS::Config::ConfigRule']));
    });

    test('makes one conformance pack of the same rules, with their parameters, when it has a name', () => {
      const { rules: alone } = recorder();
      const packed = new ConfigRecorder(stack, 'Packed', { source: RULES_ONLY, conformancePackName: 'checks' });
      const { Resources } = parse(packed.conformancePack!.templateBody!) as { Resources: Record<string, { Type: string; Properties: object }> };
      expect(packed.rules).toEqual([]);
      expect(alone).toHaveLength(28);
      const named = expect.stringMatching(/^[a-z0-9-]+$/) as string;
      const eachAlone = rules().map(({ Type, Properties }) => ({ Type, Properties: { ...Properties, ConfigRuleName: named } }));
      expect(Object.values(Resources)).toEqual(eachAlone);
    });

    test.each([
      [CREATE, '^ConfigRecorder'], [ADOPT, '^ConfigAdoptedSetting'], [ENSURE, '^ConfigEnsuredSetting'],
    ])('makes the pack when there is a recorder, and not before: %s', (source, waitsFor) => {
      recorder({ source, topic: source === CREATE ? undefined : new sns.Topic(stack, 'Topic'), conformancePackName: 'checks' });
      template().resourceCountIs('AWS::Config::ConfigRule', 0);
      template().hasResource('AWS::Config::ConformancePack', {
        Properties: { ConformancePackName: 'checks', TemplateBody: Match.anyValue() }, DependsOn: Match.arrayWith([Match.stringLikeRegexp(waitsFor)]),
      });
    });

    test('makes a pack only, and nothing else, when told, with a name that is known at deployment', () => {
      recorder({ source: RULES_ONLY, conformancePackName: Fn.join('-', ['checks', Fn.ref('AWS::StackName')]) });
      expect(Object.values(template().toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type)).toEqual(['AWS::Config::ConformancePack']);
      template().hasResourceProperties('AWS::Config::ConformancePack', { ConformancePackName: { 'Fn::Join': ['-', ['checks', { Ref: 'AWS::StackName' }]] } });
    });

    test('a rule of a pack may be told what is known at deployment', () => {
      const topic = new sns.Topic(stack, 'Alerts');
      recorder({ source: RULES_ONLY, conformancePackName: 'checks', ruleSets: [ConfigRuleSet.of({ identifier: 'CLOUDWATCH_ALARM_ACTION_CHECK', parameters: { action1: topic.topicArn } })] });
      template().hasResourceProperties('AWS::Config::ConformancePack', {
        TemplateBody: { 'Fn::Join': ['', [Match.stringLikeRegexp('InputParameters: {"action1":"$'), { Ref: Match.stringLikeRegexp('^Alerts') }, '"}']] },
      });
    });

    test.each<[string, () => unknown]>([
      ["'identifier' must be the name of a managed rule in capital letters, got 'eip-attached'; write 'ENCRYPTED_VOLUMES', for example", () => ConfigRuleSet.of({ identifier: 'eip-attached' })],
      ["'rules' must name each rule once, got 'EIP_ATTACHED' twice; leave one out", () => ConfigRuleSet.of({ identifier: 'EIP_ATTACHED' }, { identifier: 'EIP_ATTACHED' })],
      ["'identifier' must be a rule of the set, got 'EIP_ATTACHED'; the set has ACCESS_KEYS_ROTATED, IAM_PASSWORD_POLICY", () => ConfigRuleSet.IDENTITY.withParameters('EIP_ATTACHED', {})],
    ])('fails with %s', (message, make) => {
      expect(make).toThrow(message);
    });
  });

  describe('AUD-10 encrypted (B-08, C-08)', () => {
    test('delivers under a key that admits AWS Config, to a bucket that admits it below its folder for this account', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      const { bucket } = recorder({ encryptionKey });
      template().hasResourceProperties('AWS::Config::DeliveryChannel', {
        S3BucketName: stack.resolve(bucket!.bucketName), S3KmsKeyArn: stack.resolve(encryptionKey.keyArn), S3KeyPrefix: Match.absent(),
      });
      template().resourceCountIs('AWS::KMS::Key', 1);
      expect(onlyPolicy(stack, 'AWS::KMS::Key', 'KeyPolicy').map(({ Sid }) => Sid)).toContain('AllowConfig');
      expect(onlyPolicy(stack, 'AWS::S3::BucketPolicy', 'PolicyDocument').map(({ Sid }) => Sid)).toEqual(expect.arrayContaining(['AllowConfigBucketCheck', 'AllowConfigDelivery', 'DenyInsecureConnections']));
    });

    test.each([CREATE, ENSURE])('keeps histories as long as told: %s', (source) => {
      recorder({ source, historyKeptFor: Duration.days(2557), topic: source === ENSURE ? new sns.Topic(stack, 'Topic') : undefined });
      template().hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 2557 })]) } });
    });

    test('keeps the log of the function as long as told', () => {
      ensured({ logRetention: logs.RetentionDays.TWO_YEARS });
      template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 731 });
    });

    test.each([[undefined, 'Retain'], [RemovalPolicy.DESTROY, 'Delete']])('keeps bucket and key as told: %s', (removalPolicy, DeletionPolicy) => {
      recorder({ removalPolicy });
      for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key']) template().allResources(type, { DeletionPolicy });
    });
  });

  describe('AUD-13 nothing of the account\'s is undone (X-02, C-03)', () => {
    test('adopts by a function that may start and stop the recorder, and not change or delete it', () => {
      adopted();
      for (const type of ['AWS::Config::ConfigurationRecorder', 'AWS::Config::DeliveryChannel', 'AWS::S3::Bucket']) template().resourceCountIs(type, 0);
      expect(managedPolicy(stack)[0]).toEqual({
        Sid: 'StartAndStop',
        Effect: 'Allow',
        Action: ['config:DescribeConfigurationRecorders', 'config:DescribeConfigurationRecorderStatus', 'config:StartConfigurationRecorder', 'config:StopConfigurationRecorder'],
        Resource: '*',
      });
    });

    test('makes rules when the recorder is adopted, and not before', () => {
      adopted();
      template().allResources('AWS::Config::ConfigRule', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ConfigAdoptedSetting')]) });
    });

    test('ensures by a function that makes and takes away, with the service-linked role of AWS Config and no other', () => {
      ensured();
      for (const type of ['AWS::Config::ConfigurationRecorder', 'AWS::Config::DeliveryChannel']) template().resourceCountIs(type, 0);
      const statements = managedPolicy(stack);
      const allowed = (sid: string) => statements.find(({ Sid }) => Sid === sid)!;
      const linked = 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';
      expect(allowed('PassServiceLinkedRole')).toMatchObject({ Action: 'iam:PassRole', Resource: linked, Condition: { StringEquals: { 'iam:PassedToService': 'config.amazonaws.com' } } });
      expect(allowed('MakeServiceLinkedRole')).toMatchObject({ Resource: linked, Condition: { StringEquals: { 'iam:AWSServiceName': 'config.amazonaws.com' } } });
      expect(allowed('SayWhoUsesRecorder').Resource).toBe('arn:aws:config:eu-central-1:111122223333:configuration-recorder/*');
      expect(JSON.stringify(statements.map(({ Action }) => Action))).not.toContain('*');
    });

    test.each([[undefined, true], [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, true], [RemovalPolicy.DESTROY, false]])('what was ensured stays or goes as told: %s', (removalPolicy, Stays) => {
      const { bucket } = ensured({ removalPolicy });
      template().hasResourceProperties('Custom::EnsuredConfigRecorder', { BucketName: stack.resolve(bucket!.bucketName), KeyArn: stack.resolve(bucket!.encryptionKey!.keyArn), Stays });
    });

    test('ensures when the bucket admits AWS Config, and makes rules after that', () => {
      ensured();
      template().hasResource('Custom::EnsuredConfigRecorder', { DependsOn: [Match.stringLikeRegexp('^ConfigHistoryBucketPolicy')] });
      template().allResources('AWS::Config::ConfigRule', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ConfigEnsuredSetting')]) });
    });

    const running = { name: 'default', recording: true };
    const still = { name: 'default', recording: false };
    test.each([
      ['Create', running, undefined, undefined, 'default'],
      ['Create', still, undefined, 'START', 'default/stopped-before'],
      ['Update', running, 'default', undefined, 'default'],
      ['Update', still, 'default', 'START', 'default'],
      ['Update', running, 'default/stopped-before', undefined, 'default/stopped-before'],
      ['Delete', running, 'default/stopped-before', 'STOP', 'default/stopped-before'],
      ['Delete', running, 'default', undefined, 'default'],
      ['Delete', still, 'default/stopped-before', undefined, 'default/stopped-before'],
      ['Delete', { name: 'another', recording: true }, 'default/stopped-before', undefined, 'default/stopped-before'],
      ['Delete', undefined, 'default/stopped-before', undefined, 'default/stopped-before'],
      ['Delete', running, 'the id of a request that failed', undefined, 'the id of a request that failed'],
    ] as const)('%s where it is %j and was %j: %s', (requestType, found, remembered, call, physicalResourceId) => {
      expect(decide(requestType, found, remembered)).toEqual({ call, physicalResourceId });
    });

    test('fails to adopt where there is none', () => {
      expect(() => decide('Create', undefined)).toThrow('there must be a recorder to adopt, but this account and region have none; let the construct create one');
    });
  });

  test.each<[string, () => ConfigRecorderProps]>([
    ["'role' must come with 'source' CREATE, got RULES_ONLY; leave it out", () => ({ source: RULES_ONLY, role: new iam.Role(stack, 'R', { assumedBy: new iam.AccountRootPrincipal() }) })],
    ["'role' must come with 'source' CREATE, got ENSURE; leave it out", () => ({ source: ENSURE, role: new iam.Role(stack, 'R', { assumedBy: new iam.AccountRootPrincipal() }) })],
    ["'bucketNamePrefix' must come with 'source' CREATE or ENSURE, got RULES_ONLY; leave it out", () => ({ source: RULES_ONLY, bucketNamePrefix: 'config' })],
    ["'accessLogsBucket' must come with 'source' CREATE or ENSURE, got ADOPT; leave it out", () => ({ source: ADOPT, accessLogsBucket: new s3.Bucket(stack, 'B') })],
    ["'historyKeptFor' must come with 'source' CREATE or ENSURE, got ADOPT; leave it out", () => ({ source: ADOPT, historyKeptFor: Duration.days(400) })],
    ["'logRetention' must come with 'source' ADOPT or ENSURE, got CREATE; leave it out", () => ({ logRetention: logs.RetentionDays.ONE_YEAR })],
    ["'encryptionKey' must have something to encrypt, got 'source' RULES_ONLY; leave it out", () => ({ source: RULES_ONLY, encryptionKey: new kms.Key(stack, 'K') })],
    ["'topic' must come with 'source' ADOPT or ENSURE and only then, got none with ADOPT", () => ({ source: ADOPT })],
    ["'topic' must come with 'source' ADOPT or ENSURE and only then, got none with ENSURE", () => ({ source: ENSURE })],
    ["'topic' must come with 'source' ADOPT or ENSURE and only then, got one with CREATE", () => ({ source: CREATE, topic: new sns.Topic(stack, 'T') })],
    ["'ruleSets' must have rules when nothing else is made, got none; leave the construct out instead", () => ({ source: RULES_ONLY, ruleSets: [] })],
    ...['1st-checks', '-checks', 'my_checks', 'my checks', '', 'c'.repeat(257)].map((name): [string, () => ConfigRecorderProps] => [
      `'conformancePackName' must be 1 to 256 letters, digits and hyphens, a letter first, got '${name}'`, () => ({ conformancePackName: name }),
    ]),
    ["'ruleSets' must have 1 to 130 rules for a conformance pack, got 0; leave 'conformancePackName' out, or use two constructs", () => ({ conformancePackName: 'checks', ruleSets: [] })],
    ["'ruleSets' must have 1 to 130 rules for a conformance pack, got 131; leave 'conformancePackName' out, or use two constructs", () => ({ conformancePackName: 'checks', ruleSets: [ruleSetOf(131)] })],
    ["'ruleSets' must fit into the 51200 bytes of a conformance pack, got 51355; tell the rules less", () => ({
      conformancePackName: 'checks', ruleSets: [ConfigRuleSet.of({ identifier: 'EIP_ATTACHED', parameters: { told: 'é'.repeat(25_580) } })],
    })],
  ])('fails with %s', (message, props) => {
    expect(() => recorder(props())).toThrow(`${message} [Stack/Config]`);
  });

  test.each(['c', 'Checks-1-', 'c'.repeat(256)])('takes a pack with the name %s, and with 130 rules', (conformancePackName) => {
    recorder({ conformancePackName, ruleSets: [ruleSetOf(130)] });
    template().hasResourceProperties('AWS::Config::ConformancePack', { ConformancePackName: conformancePackName });
  });

  test('needs nothing of the region and account', () => {
    stack = new Stack(new App({ context: flags }), 'Stack');
    recorder(some);
    expect(stack.node.findAll().filter((node) => CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::Config::ConfigRule')).toHaveLength(6);
    template().resourceCountIs('AWS::Config::ConfigurationRecorder', 1);
  });
});
