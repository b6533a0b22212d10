import { DeployedStack } from '@tapstack/operator';
import { App, Stack, TagManager } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { privateWorkloadDrills } from '../drills/private-workload';
import { StageName } from '../src/stage';
import { accepts } from './_helpers/parameters';
import { ReadResource, ReadTemplate, statements, tags } from './_helpers/read-template';
import { Synthesis, synthesize } from './_helpers/synthesis';

const { EPHEMERAL, STANDARD, REGULATED } = StageName;
const STAGES = [EPHEMERAL, STANDARD, REGULATED];
const LONGEST: Record<string, string> = { '${EnvironmentSuffix}': 'abcdefghij', '${AWS::AccountId}': '111122223333', '${AWS::Region}': 'ap-southeast-1' };

const syntheses = {} as Record<StageName, Synthesis>;
beforeAll(() => STAGES.forEach((stage) => { syntheses[stage] = synthesize({ environment: 'private-workload', stage }); }));
const templateOf = (stage: StageName): ReadTemplate => syntheses[stage].template;

describe('X-01 parameters', () => {
  const parameter = (name: string) => templateOf(EPHEMERAL).parameters[name];

  test('every parameter is described, the one that the CDK adds included', () => {
    for (const [name, { Description }] of Object.entries(templateOf(REGULATED).parameters)) expect([name, Description]).toEqual([name, expect.stringMatching(/\w+ \w+/)]);
  });

  test('every default is a value that its own parameter accepts', () => {
    const refused = Object.entries(templateOf(EPHEMERAL).parameters).filter(([, one]) => !accepts(one, one.Default!));
    expect(refused.map(([name]) => name)).toEqual([]);
  });

  test.each(['dev', 'a', '7', 'pr-1234', 'green', 'abcdefghij', 'a--b'])('EnvironmentSuffix takes %j', (value) => {
    expect(accepts(parameter('EnvironmentSuffix'), value)).toBe(true);
  });

  test.each(['', 'Dev', 'DEV', '-dev', 'dev-', 'de_v', 'de.v', 'de v', ' dev', 'dev\n', 'dév', 'abcdefghijk'])('EnvironmentSuffix refuses %j', (value) => {
    expect(accepts(parameter('EnvironmentSuffix'), value)).toBe(false);
  });

  test.each(['10.0.0.0/8', '203.0.113.0/24', '198.51.100.7/32', '192.168.0.0/16', '172.16.0.0/12', '100.64.0.0/10', '255.255.255.255/32'])('AllowedSSHCIDR takes %s', (value) => {
    expect(accepts(parameter('AllowedSSHCIDR'), value)).toBe(true);
  });

  test.each(['0.0.0.0/0', '::/0', '*', '0.0.0.0'])('AllowedSSHCIDR refuses any address: %s', (value) => {
    expect(accepts(parameter('AllowedSSHCIDR'), value)).toBe(false);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('AllowedSSHCIDR refuses the prefix /%d', (prefix) => {
    expect(accepts(parameter('AllowedSSHCIDR'), `128.0.0.0/${prefix}`)).toBe(false);
  });

  test.each([
    '', '10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0/24', '10.0.0.0.0/24', '256.0.0.0/8', '10.0.0.999/32', '010.0.0.0/8', '2001:db8::/32', '10.0.0.0/8 ', '10.0.0.0/8\n',
    'x10.0.0.0/8', '10.0.0.0/8,0.0.0.0/0',
  ])('AllowedSSHCIDR refuses %j', (value) => {
    expect(accepts(parameter('AllowedSSHCIDR'), value)).toBe(false);
  });

  test.each(['', 'alerts@example.com', 'a.b+c@mail.example.com'])('AlertEmail takes %j', (value) => {
    expect(accepts(parameter('AlertEmail'), value)).toBe(true);
  });

  test.each([' ', 'alerts', '@example.com', 'alerts@', 'a@b@c', 'a lerts@example.com', `${'x'.repeat(65)}@example.com`])('AlertEmail refuses %j', (value) => {
    expect(accepts(parameter('AlertEmail'), value)).toBe(false);
  });

  test('Environment is one of four, and stands in the tag', () => {
    expect(parameter('Environment').AllowedValues).toEqual(['development', 'test', 'staging', 'production']);
    expect(accepts(parameter('Environment'), 'prod')).toBe(false);
  });

  test('EC2InstanceType is one of a list, all of the architecture of the default image', () => {
    expect(parameter('EC2InstanceType').AllowedValues).toEqual(expect.arrayContaining(['t3.micro', 'm7i.large']));
    expect(parameter('EC2InstanceType').AllowedValues!.filter((type) => /^\w+g[a-z]*\./.test(type))).toEqual([]);
    expect(parameter('EC2AMIId').Default).toMatch(/al2023-ami-kernel-default-x86_64$/);
  });

  test('no parameter asks for a password', () => {
    expect(STAGES.flatMap((stage) => Object.keys(templateOf(stage).parameters)).filter((name) => /password|secret/i.test(name))).toEqual([]);
  });
});

describe('X-02 names', () => {
  test.each(['dev', 'green-2', 'abcdefghij'])('the stack of the suffix %s is called TapStack<suffix>', (suffix) => {
    expect(synthesize({ environment: 'private-workload', suffix }).stack.stackName).toBe(`TapStack${suffix}`);
  });

  test('one template serves many suffixes: the same bytes for each', () => {
    expect(synthesize({ environment: 'private-workload', suffix: 'green-2' }).text).toBe(syntheses[EPHEMERAL].text);
  });

  test.each(STAGES)('%s: every bucket but the one P-01 names is in the namespace of its account and region, its prefix at most 31 characters', (stage) => {
    const buckets = templateOf(stage).resources.filter(({ Type, Properties }) => Type === 'AWS::S3::Bucket' && !Properties.BucketName);
    expect(buckets.map(({ Properties }) => [Properties.BucketNamespace, Properties.BucketNamePrefix]))
      .toEqual([['account-regional', 'prod-${EnvironmentSuffix}-access-logs']]);
    expect('prod-${EnvironmentSuffix}-access-logs'.replace('${EnvironmentSuffix}', 's'.repeat(10)).length).toBeLessThanOrEqual(31);
  });

  test.each(STAGES)('%s: no property holds AWS::StackName, which may be upper case', (stage) => {
    expect(templateOf(stage).resources.filter(({ Properties }) => JSON.stringify(Properties).includes('AWS::StackName'))).toEqual([]);
  });

  test.each(STAGES)('%s: physical names stand only where somebody outside has to know them, and hold the suffix', (stage) => {
    const named = templateOf(stage).resources.flatMap((resource) => physicalNames(resource).map(([property, name]) => [`${resource.logicalId}.${property}`, name]));
    expect(Object.fromEntries(named)).toEqual({
      'StoreBucket.BucketName': 'prod-${EnvironmentSuffix}-secure-bucket-${AWS::AccountId}-${AWS::Region}',
      'AlertsTopic.TopicName': 'prod-${EnvironmentSuffix}-alerts',
      'ServerRole.RoleName': 'prod-${EnvironmentSuffix}-ec2-role',
      'ServerRoleBaseline.ManagedPolicyName': 'prod-${EnvironmentSuffix}-cloudwatch-policy',
      'StoreAccess.ManagedPolicyName': 'prod-${EnvironmentSuffix}-s3-access-policy',
    });
  });

  test.each([['BucketName', 63], ['TopicName', 256], ['RoleName', 64], ['ManagedPolicyName', 128]])('the longest %s has at most %d characters', (property, limit) => {
    const names = templateOf(EPHEMERAL).resources.flatMap(physicalNames).filter(([name]) => name === property).map(([, value]) => longest(value));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(new RegExp(`^[a-z0-9][a-z0-9-]{1,${limit - 2}}[a-z0-9]$`));
  });

  test('the longest Name tag and the longest export are short enough', () => {
    const { resources, outputs } = templateOf(EPHEMERAL);
    for (const resource of resources) expect(longest(tags(resource).Name ?? '').length).toBeLessThanOrEqual(128);
    for (const { Export } of Object.values(outputs)) expect(Export!.Name.replace('${AWS::StackName}', 'TapStackabcdefghij').length).toBeLessThanOrEqual(255);
  });

  test('the Name tag of everything begins with prod-<suffix>-, and no two resources of a type share one', () => {
    const named = templateOf(EPHEMERAL).resources.filter((resource) => tags(resource).Name).map((resource) => `${resource.Type} ${tags(resource).Name}`);
    expect(named.filter((name) => !/^\S+ prod-\$\{EnvironmentSuffix\}-[a-z0-9-]+$/.test(name))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });
});

describe('X-03 tags', () => {
  test.each(STAGES)('%s: every resource whose type takes tags has all four, the functions and roles of the CDK included', (stage) => {
    for (const resource of taggable(syntheses[stage])) {
      expect({ id: resource.logicalId, ...tags(resource) }).toMatchObject({
        id: resource.logicalId, Name: expect.stringMatching(/^prod-/) as string, Environment: '${Environment}', Project: 'tap-stack', Owner: 'platform',
      });
    }
  });

  test('the types that take tags are found by what CloudFormation knows of them, not by what we tagged', () => {
    const types = new Set(taggable(syntheses[EPHEMERAL]).map(({ Type }) => Type));
    expect([...types]).toEqual(expect.arrayContaining(['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::EC2::VPCEndpoint', 'AWS::CloudWatch::Alarm', 'AWS::KMS::Key']));
    expect([...types]).not.toContain('AWS::EC2::Route');
  });

  test('the volume of the instance gets the tags of the instance', () => {
    expect(templateOf(EPHEMERAL).only('AWS::EC2::Instance').Properties.PropagateTagsToVolumeOnCreation).toBe(true);
  });
});

describe('X-04 stages', () => {
  const DATA = ['AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret'];

  test.each([
    [EPHEMERAL, 'Delete', 'Delete'],
    [STANDARD, 'RetainExceptOnCreate', 'Retain'],
    [REGULATED, 'RetainExceptOnCreate', 'Retain'],
  ])('%s: buckets, keys and logs have the deletion policy %s, explicitly, and %s when they are replaced', (stage, DeletionPolicy, UpdateReplacePolicy) => {
    const data = templateOf(stage).resources.filter(({ Type }) => DATA.includes(Type));
    expect(data.length).toBeGreaterThanOrEqual(6);
    for (const resource of data) expect(resource).toMatchObject({ logicalId: resource.logicalId, DeletionPolicy, UpdateReplacePolicy });
  });

  test.each([[EPHEMERAL, true], [STANDARD, false], [REGULATED, false]])('%s: buckets are emptied when the stack goes: %s', (stage, emptied) => {
    const buckets = templateOf(stage).ofType('AWS::S3::Bucket').map(({ logicalId }) => `\${${logicalId}}`);
    expect(templateOf(stage).ofType('Custom::S3AutoDeleteObjects').map(({ Properties }) => Properties.BucketName)).toEqual(emptied ? buckets : []);
  });

  test.each([[EPHEMERAL, 30, 365], [STANDARD, 90, 365], [REGULATED, 365, 2557]])('%s: logs are kept for %d days, access logs for %d', (stage, days, accessLogs) => {
    const groups = templateOf(stage).ofType('AWS::Logs::LogGroup');
    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual(groups.map(() => days));
    expect(templateOf(stage).only('AWS::S3::Bucket', 'AccessLogs').Properties.LifecycleConfiguration).toMatchObject({
      Rules: expect.arrayContaining([expect.objectContaining({ Id: 'Logs', ExpirationInDays: accessLogs })]) as unknown,
    });
  });

  test.each([[EPHEMERAL, 7], [STANDARD, 30], [REGULATED, 30]])('%s: a deleted key can be brought back for %d days', (stage, days) => {
    expect(templateOf(stage).only('AWS::KMS::Key').Properties.PendingWindowInDays).toBe(days);
  });

  test.each([[EPHEMERAL, false], [STANDARD, true], [REGULATED, true]])('%s: termination protection: %s', (stage, on) => {
    expect(syntheses[stage].stack.terminationProtection).toBe(on);
  });

  test.each(STAGES)('%s: one NAT gateway per zone, and there is one zone', (stage) => {
    expect(templateOf(stage).ofType('AWS::EC2::NatGateway')).toHaveLength(1);
  });
});

describe('X-05 outputs', () => {
  test.each(STAGES)('%s: every output has a description and is exported as <StackName>-<OutputName>', (stage) => {
    const { outputs } = templateOf(stage);
    expect(Object.keys(outputs).length).toBeGreaterThanOrEqual(8);
    for (const [name, output] of Object.entries(outputs)) {
      expect(output).toMatchObject({ Description: expect.stringMatching(/^[A-Z].{5,}/) as string, Export: { Name: `\${AWS::StackName}-${name}` } });
    }
  });
});

describe('X-06 zones', () => {
  test.each(STAGES)('%s: every zone is picked by Fn::Select from Fn::GetAZs, the first one because one was asked for', (stage) => {
    const zones = templateOf(stage).resources.flatMap(({ Properties }) => Properties.AvailabilityZone ?? []);
    expect(zones).toEqual([0, 1, 2].map(() => ({ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] })));
  });

  test.each(STAGES)('%s: no account, region or zone is written into the template', (stage) => {
    expect(syntheses[stage].text).not.toMatch(/\b\d{12}\b|\b(us|eu|ap|sa|ca|me|af|il)-[a-z]+-\d/);
  });
});

describe.each(STAGES)('X-07 functions (%s)', (stage) => {
  const functions = () => templateOf(stage).ofType('AWS::Lambda::Function');
  const helper = (one: ReadResource) => one.logicalId.replace(/Handler$/, '');
  const JOBS: Record<string, unknown[]> = {
    CustomVpcRestrictDefaultSGCustomResourceProvider: [{
      Effect: 'Allow',
      Action: ['Ingress', 'Egress'].flatMap((direction) => [`ec2:AuthorizeSecurityGroup${direction}`, `ec2:RevokeSecurityGroup${direction}`]),
      Resource: ['arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:security-group/${NetworkVpc.DefaultSecurityGroup}'],
    }],
    // buckets admit it themselves
    CustomS3AutoDeleteObjectsCustomResourceProvider: [],
  };

  test('the functions are the helpers of the CDK and no others', () => {
    expect(functions().map(helper).sort()).toEqual(Object.keys(JOBS).filter((name) => stage === EPHEMERAL || !name.includes('AutoDelete')).sort());
  });

  test('have a current runtime, a timeout and a memory size', () => {
    for (const { Properties: { Runtime, Timeout, MemorySize } } of functions()) {
      expect(Number(/^nodejs(\d+)\.x$/.exec(Runtime as string)![1])).toBeGreaterThanOrEqual(22);
      expect(Timeout).toBeGreaterThan(0);
      expect(MemorySize).toBeGreaterThanOrEqual(128);
    }
  });

  test('log as JSON to a group of the stack, with a retention and the key', () => {
    for (const one of functions()) {
      expect(one.Properties.LoggingConfig).toEqual({ LogFormat: 'JSON', LogGroup: `\${${helper(one)}LogsLogGroup}` });
      expect(templateOf(stage).only('AWS::Logs::LogGroup', helper(one)).Properties).toMatchObject({ KmsKeyId: '${Key.Arn}', RetentionInDays: expect.any(Number) as number });
    }
  });

  test('tell the topic when they fail', () => {
    for (const { Properties } of functions()) expect(Properties.DeadLetterConfig).toEqual({ TargetArn: '${AlertsTopic}' });
  });

  test('have a role without a managed policy of AWS, which allows their job, their logs, their failures, and nothing else', () => {
    for (const one of functions()) {
      const role = templateOf(stage).only('AWS::IAM::Role', helper(one));
      expect(one.Properties.Role).toBe(`\${${role.logicalId}.Arn}`);
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
      const allowed = (role.Properties.Policies as { PolicyDocument: unknown }[]).flatMap(({ PolicyDocument }) => statements(PolicyDocument));
      expect(allowed.map(sorted)).toEqual([
        ...JOBS[helper(one)] as ReturnType<typeof statements>,
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `\${${helper(one)}LogsLogGroup.Arn}` },
        { Effect: 'Allow', Action: 'sns:Publish', Resource: '${AlertsTopic}' },
        { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '${Key.Arn}' },
      ].map(sorted));
    }
  });
});

describe('X-08 least privilege is drilled', () => {
  const titles = (stage: StageName) => {
    const stack = asDeployed(templateOf(stage));
    return privateWorkloadDrills.flatMap((drill) => drill({ stack, target: {} as never })).map(({ title }) => title);
  };

  test.each(STAGES)('%s: every role does its job, and is denied something next to it', (stage) => {
    const roles = templateOf(stage).ofType('AWS::IAM::Role').map(({ logicalId }) => logicalId);
    expect(roles.length).toBeGreaterThanOrEqual(3);
    const drilled = (word: string) => roles.filter((role) => titles(stage).some((title) => title.startsWith(`${role}: ${word} `)));
    expect(drilled('may')).toEqual(roles);
    expect(drilled('may not')).toEqual(roles);
  });
});

/** Properties that name the resource itself, not one it works with. */
function physicalNames({ Properties }: ReadResource): [string, string][] {
  const ofOthers = ['ServiceName', 'MetricName'];
  return Object.entries(Properties as Record<string, string>).filter(([property, value]) => /Name$/.test(property) && !ofOthers.includes(property) && !/^\$\{\w+\}$/.test(value));
}

function longest(name: string): string {
  return Object.entries(LONGEST).reduce((text, [reference, value]) => text.replaceAll(reference, value), name);
}

/** The resources whose type takes tags, as the CDK's classes for every type of CloudFormation know it. */
function taggable({ file, template }: Synthesis): ReadResource[] {
  const included = new CfnInclude(new Stack(new App(), 'Included'), 'Template', { templateFile: file });
  const logicalIds = Object.keys(template.json.Resources as object);
  return template.resources.filter((_, index) => TagManager.of(included.getResource(logicalIds[index])) !== undefined);
}

function sorted<T extends { Action: string | string[] }>(one: T): T {
  return { ...one, Action: [one.Action].flat().sort() };
}

/** The stack as if CloudFormation had made it and called every resource by its logical id. */
function asDeployed(template: ReadTemplate): DeployedStack {
  const resources = template.resources.map(({ logicalId, Type }) => ({ logicalId, type: Type, physicalId: logicalId }));
  const outputs = Object.keys(template.outputs).map((OutputKey) => ({ OutputKey, OutputValue: `arn:aws:iam::000000000000:role/${OutputKey}` }));
  return new DeployedStack('TapStackdev', 'arn:aws:cloudformation:us-east-1:000000000000:stack/TapStackdev/1', resources, outputs, template.json as never);
}
