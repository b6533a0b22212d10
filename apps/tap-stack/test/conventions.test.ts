import { App, CfnResource, Stack, TagManager } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { Construct } from 'constructs';
import { addStack, DEFAULT_SELECTION } from '../src/app';
import { ENVIRONMENT_NAMES } from '../src/environments';
import { StageName } from '../src/stage';
import { EVERY, everywhere, everyWith, synthesisOf, templateOf } from './_helpers/every-environment';
import { EXPECTED } from './_helpers/expectations';
import { physicalNames } from './_helpers/physical-names';
import { ReadResource, tags } from './_helpers/read-template';
import { STATEFUL_TYPES, WITH_SNAPSHOTS } from './_helpers/stateful-types';
import { Synthesis, synthesize } from './_helpers/synthesis';

const { EPHEMERAL, STANDARD, REGULATED } = StageName;
const LONGEST: Record<string, string> = {
  '${EnvironmentSuffix}': 'abcdefghij', '${AWS::AccountId}': '111122223333', '${AWS::Region}': 'ap-southeast-1',
  '${AWS::StackId[2]}': '00000000-0000-0000-0000-000000000000',
};

test('something is expected of every environment', () => {
  expect(Object.keys(EXPECTED)).toEqual(ENVIRONMENT_NAMES);
});

describe('logical ids', () => {
  test.each(EVERY)('%s, %s: are the paths of constructs, without the hash of the CDK', (environment, stage) => {
    // the CDK puts what may call a function into the id of the construct that lets it, with a hash in it
    const ids = templateOf(environment, stage).resources.filter(({ Type }) => Type !== 'AWS::Lambda::Permission').map(({ logicalId }) => logicalId);
    expect(ids.filter((id) => /[0-9A-F]{8}$/.test(id))).toEqual([]);
  });

  test('fails where two resources would be called alike', () => {
    const app = new App();
    const stack = addStack(app, { ...DEFAULT_SELECTION, environment: 'private-workload' });
    new CfnResource(new Construct(stack, 'A'), 'BC', { type: 'AWS::SNS::Topic' });
    new CfnResource(new Construct(stack, 'AB'), 'C', { type: 'AWS::SNS::Topic' });
    expect(() => app.synth()).toThrow(/section 'Resources' already contains 'ABC'/);
  });
});

describe('X-02 names', () => {
  test.each(['dev', 'green-2', 'abcdefghij'])('the stack of the suffix %s is called TapStack<suffix>', (suffix) => {
    expect(synthesize({ suffix }).stack.stackName).toBe(`TapStack${suffix}`);
  });

  test.each(ENVIRONMENT_NAMES)('%s: one template serves many suffixes: the same bytes for each', (environment) => {
    expect(synthesize({ environment, suffix: 'green-2' }).text).toBe(synthesisOf(environment, EPHEMERAL).text);
  });

  test.each(EVERY)('%s, %s: every bucket but the one P-01 names is in the namespace of its account and region, its prefix at most 31 characters', (environment, stage) => {
    const buckets = templateOf(environment, stage).ofType('AWS::S3::Bucket').filter(({ Properties }) => !Properties.BucketName);
    const { bucketNamePrefixes } = EXPECTED[environment];
    expect(buckets.map(({ Properties }) => [Properties.BucketNamespace, Properties.BucketNamePrefix])).toEqual(bucketNamePrefixes.map((prefix) => ['account-regional', prefix]));
    for (const prefix of bucketNamePrefixes) expect(longest(prefix)).toMatch(/^[a-z0-9-]{1,31}$/);
  });

  test.each(EVERY)('%s, %s: no property holds AWS::StackName, which may be upper case, but for titles and names of fleets', (environment, stage) => {
    const { resources } = templateOf(environment, stage);
    const others = resources.map(({ logicalId, Properties: { LaunchTemplateData: _, DashboardBody: __, ...rest } }) => (
      [logicalId, JSON.stringify(rest).replaceAll('"Name":"Fleet","Value":"${AWS::StackName}/Fleet"', '')]
    ));
    expect(others.filter(([, properties]) => properties.includes('AWS::StackName'))).toEqual([]);
  });

  test.each(EVERY)('%s, %s: physical names stand only where somebody has to know them beforehand, and tell two stacks apart', (environment, stage) => {
    const named = templateOf(environment, stage).resources.flatMap((resource) => physicalNames(resource).map(([property, name]) => [`${resource.logicalId}.${property}`, name]));
    expect(Object.fromEntries(named)).toEqual(EXPECTED[environment].physicalNames);
    // the suffix, the stack, or another resource of it
    for (const [, name] of named) expect(name).toMatch(/\$\{(EnvironmentSuffix|AWS::StackId\[2\]|Api)\}/);
  });

  test.each([
    ['BucketName', 63], ['TopicName', 256], ['RoleName', 64], ['ManagedPolicyName', 128], ['TrailName', 128], ['DBInstanceIdentifier', 63],
  ])('the longest %s has at most %d characters', (property, limit) => {
    const names = EVERY.flatMap(([environment, stage]) => templateOf(environment, stage).resources).flatMap(physicalNames)
      .filter(([name]) => name === property).map(([, value]) => longest(value));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(new RegExp(`^[a-z0-9][a-z0-9-]{1,${limit - 2}}[a-z0-9]$`));
  });

  test.each(ENVIRONMENT_NAMES)('%s: the longest Name tag and the longest export are short enough', (environment) => {
    const { resources, outputs } = templateOf(environment, REGULATED);
    for (const resource of resources) expect(longest(tags(resource).Name ?? '').length).toBeLessThanOrEqual(128);
    for (const { Export } of Object.values(outputs)) expect(Export!.Name.replace('${AWS::StackName}', 'TapStackabcdefghij').length).toBeLessThanOrEqual(255);
  });

  test.each(EVERY)('%s, %s: the Name tag of everything has prefix, resource and suffix, and no two resources of a type share one', (environment, stage) => {
    const named = templateOf(environment, stage).resources.filter((one) => tags(one).Name).map((one) => [one.Type, tags(one).Name]);
    expect(named.filter(([, name]) => !EXPECTED[environment].name.test(name))).toEqual([]);
    expect(new Set(named.map(String)).size).toBe(named.length);
  });
});

describe('X-03 tags', () => {
  test.each(EVERY)('%s, %s: every resource whose type takes tags has a name and an environment, the functions and roles of the CDK included', (environment, stage) => {
    for (const resource of taggable(synthesisOf(environment, stage))) {
      expect({ id: resource.logicalId, ...tags(resource) }).toMatchObject({
        id: resource.logicalId, Name: expect.stringMatching(EXPECTED[environment].name) as string, Environment: '${Environment}',
      });
    }
  });

  test.each(EVERY)('%s, %s: whatever CloudFormation makes gets project and owner from the stack', (environment, stage) => {
    expect(synthesisOf(environment, stage).stackTags).toEqual({ Project: 'tap-stack', Owner: 'platform' });
  });

  test('the types that take tags are found by what CloudFormation knows of them, not by what we tagged', () => {
    const types = new Set(EVERY.flatMap(([environment, stage]) => taggable(synthesisOf(environment, stage))).map(({ Type }) => Type));
    expect([...types]).toEqual(expect.arrayContaining([
      'AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::EC2::VPCEndpoint', 'AWS::CloudWatch::Alarm', 'AWS::KMS::Key', 'AWS::RDS::DBInstance', 'AWS::CloudTrail::Trail', 'AWS::SQS::Queue',
    ]));
    expect([...types]).not.toContain('AWS::EC2::Route');
  });

  test.each(EVERY)('%s, %s: the volumes of the instances get the tags of the instances', (environment, stage) => {
    const instances = templateOf(environment, stage).ofType('AWS::EC2::Instance');
    expect(instances.map(({ Properties }) => Properties.PropagateTagsToVolumeOnCreation)).toEqual(instances.map(() => true));
  });
});

describe('X-04 stages', () => {
  test.each(everywhere([
    [EPHEMERAL, 'Delete', 'Delete'],
    [STANDARD, 'RetainExceptOnCreate', 'Retain'],
    [REGULATED, 'RetainExceptOnCreate', 'Retain'],
  ]))('%s, %s: whatever holds data has the deletion policy %s, explicitly, and %s when it is replaced', (environment, stage, DeletionPolicy, UpdateReplacePolicy) => {
    const data = templateOf(environment, stage).resources.filter(({ Type }) => STATEFUL_TYPES.includes(Type));
    expect(data.length).toBeGreaterThanOrEqual(6);
    for (const resource of data) expect(resource).toMatchObject({ logicalId: resource.logicalId, DeletionPolicy, UpdateReplacePolicy });
  });

  test.each(EVERY)('%s, %s: whatever else there is goes with the stack, but for a database, of which a snapshot stays in stages that last', (environment, stage) => {
    for (const { logicalId, Type, DeletionPolicy = 'Delete' } of templateOf(environment, stage).resources.filter((one) => !STATEFUL_TYPES.includes(one.Type))) {
      expect([logicalId, DeletionPolicy]).toEqual([logicalId, WITH_SNAPSHOTS.includes(Type) && stage !== EPHEMERAL ? 'Snapshot' : 'Delete']);
    }
  });

  test.each(everywhere([[EPHEMERAL, 'Delete'], [STANDARD, 'Snapshot'], [REGULATED, 'Snapshot']]))('%s, %s: what has snapshots has the policy %s, explicitly, when it is replaced, too', (environment, stage, policy) => {
    for (const resource of templateOf(environment, stage).resources.filter(({ Type }) => WITH_SNAPSHOTS.includes(Type))) {
      expect(resource).toMatchObject({ logicalId: resource.logicalId, DeletionPolicy: policy, UpdateReplacePolicy: policy });
    }
  });

  test.each(everywhere([[EPHEMERAL, true], [STANDARD, false], [REGULATED, false]]))('%s, %s: buckets are emptied when the stack goes: %s', (environment, stage, emptied) => {
    const buckets = templateOf(environment, stage).ofType('AWS::S3::Bucket').map(({ logicalId }) => `\${${logicalId}}`);
    expect(templateOf(environment, stage).ofType('Custom::S3AutoDeleteObjects').map(({ Properties }) => Properties.BucketName)).toEqual(emptied ? buckets : []);
  });

  test.each(everywhere([[EPHEMERAL, 30, 365], [STANDARD, 90, 365], [REGULATED, 365, 2557]]))('%s, %s: logs are kept for %d days, the trail and logs in buckets for %d', (environment, stage, days, inBuckets) => {
    const template = templateOf(environment, stage);
    const groups = template.ofType('AWS::Logs::LogGroup');
    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual(groups.map(({ logicalId }) => (logicalId.startsWith('AuditEvents') ? inBuckets : days)));
    const ofLogs = template.ofType('AWS::S3::Bucket').filter(({ logicalId }) => /^(Logging|AccessLogs|AuditLogFiles)/.test(logicalId));
    expect(ofLogs.length).toBeGreaterThan(0);
    for (const { Properties } of ofLogs) {
      expect(Properties.LifecycleConfiguration).toMatchObject({ Rules: expect.arrayContaining([expect.objectContaining({ Id: 'Logs', ExpirationInDays: inBuckets })]) as unknown });
    }
  });

  test.each(everywhere([[EPHEMERAL, 7], [STANDARD, 30], [REGULATED, 30]]))('%s, %s: a deleted key can be brought back for %d days', (environment, stage, days) => {
    const keys = templateOf(environment, stage).ofType('AWS::KMS::Key');
    expect(keys.map(({ Properties }) => Properties.PendingWindowInDays)).toEqual(keys.map(() => days));
  });

  test.each(everywhere([[EPHEMERAL, false], [STANDARD, true], [REGULATED, true]]))('%s, %s: termination protection: %s', (environment, stage, on) => {
    expect(synthesisOf(environment, stage).stack.terminationProtection).toBe(on);
  });

  const databases: Record<StageName, object> = {
    [EPHEMERAL]: { DeletionProtection: false, MultiAZ: false, BackupRetentionPeriod: 7, DeleteAutomatedBackups: true },
    [STANDARD]: { DeletionProtection: true, MultiAZ: true, BackupRetentionPeriod: 7, DeleteAutomatedBackups: false },
    [REGULATED]: { DeletionProtection: true, MultiAZ: true, BackupRetentionPeriod: 35, DeleteAutomatedBackups: false },
  };

  test.each(everyWith('AWS::RDS::DBInstance'))('%s, %s: the database is doubled, kept and backed up as the stage says', (environment, stage) => {
    expect(templateOf(environment, stage).only('AWS::RDS::DBInstance').Properties).toMatchObject(databases[stage]);
  });

  test.each(everyWith('AWS::CloudTrail::Trail'))('%s, %s: in the regulated stage the archive of the trail is locked, and no other bucket in any', (environment, stage) => {
    const template = templateOf(environment, stage);
    const archive = template.only('AWS::CloudTrail::Trail').Properties.S3BucketName;
    for (const { logicalId, Properties } of template.ofType('AWS::S3::Bucket')) {
      const locked = stage === REGULATED && archive === `\${${logicalId}}`;
      expect((Properties.ObjectLockConfiguration as { Rule: unknown } | undefined)?.Rule).toEqual(locked ? { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } } : undefined);
    }
  });

  test.each(everywhere([
    [EPHEMERAL, []],
    [STANDARD, ['GUARD_DUTY', 'ACCESS_ANALYZER']],
    [REGULATED, ['GUARD_DUTY', 'ACCESS_ANALYZER', 'SECURITY_HUB', 'INSPECTOR']],
  ]))('%s, %s: what detects threats is turned on where it is missing, and not owned: %j', (environment, stage, services) => {
    expect(templateOf(environment, stage).ofType('Custom::ThreatDetection').map(({ Properties }) => Properties.Service)).toEqual(services);
    const owned = /^AWS::(GuardDuty|SecurityHub|AccessAnalyzer|Inspector|InspectorV2)::/;
    expect(templateOf(environment, stage).resources.filter(({ Type }) => owned.test(Type))).toEqual([]);
  });

  test.each(EVERY)('%s, %s: one NAT gateway for each zone', (environment, stage) => {
    expect(templateOf(environment, stage).ofType('AWS::EC2::NatGateway')).toHaveLength(EXPECTED[environment].zones.Public.length);
  });
});

describe('X-05 outputs', () => {
  test.each(EVERY)('%s, %s: every output has a description and is exported as <StackName>-<OutputName>', (environment, stage) => {
    const { outputs } = templateOf(environment, stage);
    expect(Object.keys(outputs).length).toBeGreaterThanOrEqual(8);
    for (const [name, output] of Object.entries(outputs)) {
      expect(output).toMatchObject({ Description: expect.stringMatching(/^[A-Z].{5,}/) as string, Export: { Name: `\${AWS::StackName}-${name}` } });
    }
  });
});

describe('X-06 zones', () => {
  test.each(EVERY)('%s, %s: every zone is picked by Fn::Select from Fn::GetAZs when the stack is deployed', (environment, stage) => {
    const zones = templateOf(environment, stage).resources.flatMap(({ Properties }) => Properties.AvailabilityZone ?? []);
    expect(zones.length).toBeGreaterThanOrEqual(3);
    for (const zone of zones) expect(zone).toEqual({ 'Fn::Select': [expect.any(Number), { 'Fn::GetAZs': '' }] });
  });

  test.each(EVERY)('%s, %s: a tier is in several zones, unless one was asked for', (environment, stage) => {
    const zonesOf = (tier: string) => templateOf(environment, stage).ofType('AWS::EC2::Subnet').filter(({ logicalId }) => logicalId.startsWith(`NetworkVpc${tier}Subnet`))
      .map(({ Properties }) => (Properties.AvailabilityZone as { 'Fn::Select': [number, unknown] })['Fn::Select'][0]);
    const { zones } = EXPECTED[environment];
    expect(Object.fromEntries(Object.keys(zones).map((tier) => [tier, zonesOf(tier)]))).toEqual(zones);
    expect(templateOf(environment, stage).ofType('AWS::EC2::Subnet')).toHaveLength(Object.values(zones).flat().length);
  });

  test.each(EVERY)('%s, %s: no account, region or zone is written into the template', (environment, stage) => {
    expect(synthesisOf(environment, stage).text).not.toMatch(/\b\d{12}\b|\b(us|eu|ap|sa|ca|me|af|il)-[a-z]+-\d/);
  });
});

function longest(name: string): string {
  return Object.entries(LONGEST).reduce((text, [reference, value]) => text.replaceAll(reference, value), name);
}

/** The resources whose type takes tags, as the CDK's classes for every type of CloudFormation know it; it misses launch templates. */
function taggable({ file, template }: Synthesis): ReadResource[] {
  const included = new CfnInclude(new Stack(new App(), 'Included'), 'Template', { templateFile: file });
  const logicalIds = Object.keys(template.json.Resources as object);
  return template.resources.filter(({ Type }, index) => Type === 'AWS::EC2::LaunchTemplate' || TagManager.of(included.getResource(logicalIds[index])) !== undefined);
}
