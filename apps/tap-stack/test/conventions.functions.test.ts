import { DeployedStack } from '@tapstack/operator';
import { RemovalPolicy } from 'aws-cdk-lib';
import { stageNamed, StageName } from '../src/stage';
import config from '../tapstack.config';
import { EVERY, templateOf } from './_helpers/every-environment';
import { EXPECTED } from './_helpers/expectations';
import { ReadResource, ReadTemplate, statements } from './_helpers/read-template';

const { EPHEMERAL, STANDARD, REGULATED } = StageName;

describe.each(EVERY)('X-07 functions (%s, %s)', (environment, stage) => {
  const template = () => templateOf(environment, stage);
  const functions = () => template().ofType('AWS::Lambda::Function');
  const helpers = () => functions().filter(({ logicalId }) => logicalId.startsWith('Custom'));
  const helper = (one: ReadResource) => one.logicalId.replace(/Handler$/, '');
  const JOBS: Record<string, unknown[]> = {
    CustomClosedDefaultGroupCustomResourceProvider: [
      { Effect: 'Allow', Action: 'ec2:DescribeSecurityGroups', Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'],
        Resource: ['arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:security-group/${NetworkVpc.DefaultSecurityGroup}'],
      },
    ],
    // buckets admit it themselves
    CustomS3AutoDeleteObjectsCustomResourceProvider: [],
  };
  /** The one log group of a helper, which some bring themselves. */
  const logOf = (name: string) => `${name}${name.includes('ClosedDefaultGroup') ? 'Log' : 'LogsLogGroup'}`;
  const DETECTORS: Record<StageName, string[]> = {
    [EPHEMERAL]: [], [STANDARD]: ['GuardDuty', 'AccessAnalyzer'], [REGULATED]: ['GuardDuty', 'AccessAnalyzer', 'SecurityHub', 'Inspector'],
  };

  test('there are helpers that close the default group and empty buckets, those that turn on what detects threats, and no others but those the environment is for', () => {
    expect(helpers().map(helper).sort()).toEqual(Object.keys(JOBS).filter((name) => stage === EPHEMERAL || !name.includes('AutoDelete')).sort());
    const others = functions().filter((one) => !helpers().includes(one)).map(({ logicalId }) => logicalId);
    expect(others.sort()).toEqual([...EXPECTED[environment].functions, ...DETECTORS[stage].map((service) => `Detection${service}Function`)].sort());
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
      expect(one.Properties.LoggingConfig).toEqual({ LogFormat: 'JSON', LogGroup: expect.stringMatching(/^\$\{\w+Log(Group)?\}$/) as string });
      const group = (one.Properties.LoggingConfig as { LogGroup: string }).LogGroup.slice(2, -1);
      expect(template().only('AWS::Logs::LogGroup', group).Properties).toMatchObject({ KmsKeyId: EXPECTED[environment].auditKey, RetentionInDays: expect.any(Number) as number });
    }
  });

  test('the helpers have one log group, which is kept as long as the stage says', () => {
    const { dataRemoval, logRetention } = stageNamed(stage);
    for (const name of Object.keys(JOBS).filter((candidate) => helpers().some((one) => helper(one) === candidate))) {
      expect(template().only('AWS::Logs::LogGroup', name)).toMatchObject({
        logicalId: logOf(name), DeletionPolicy: dataRemoval === RemovalPolicy.DESTROY ? 'Delete' : 'RetainExceptOnCreate', Properties: { RetentionInDays: logRetention },
      });
    }
  });

  test('tell the topic when they fail, or leave what failed in an encrypted queue', () => {
    for (const { logicalId, Properties } of functions()) {
      expect(Properties.DeadLetterConfig).toEqual({ TargetArn: logicalId === 'WatchFunction' ? '${WatchFailedEventsQueue.Arn}' : '${AlertsTopic}' });
    }
  });

  test('the helpers have a role without a managed policy of AWS, which allows their job, their logs, their failures, and nothing else', () => {
    for (const one of helpers()) {
      const role = template().only('AWS::IAM::Role', helper(one));
      expect(one.Properties.Role).toBe(`\${${role.logicalId}.Arn}`);
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
      const allowed = (role.Properties.Policies as { PolicyDocument: unknown }[]).flatMap(({ PolicyDocument }) => statements(PolicyDocument));
      expect(allowed.map(sorted)).toEqual([
        ...JOBS[helper(one)] as ReturnType<typeof statements>,
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `\${${logOf(helper(one))}.Arn}` },
        { Effect: 'Allow', Action: 'sns:Publish', Resource: '${AlertsTopic}' },
        { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: EXPECTED[environment].auditKey },
      ].map(sorted));
    }
  });

  test('the others have managed policies of the stack and nothing else, one of them theirs alone, without a wildcard action', () => {
    const policiesOf = ({ logicalId, Properties: { ManagedPolicyArns = [] } }: ReadResource) => template().ofType('AWS::IAM::ManagedPolicy')
      .filter((policy) => (policy.Properties.Roles as string[] | undefined)?.includes(`\${${logicalId}}`) || (ManagedPolicyArns as string[]).includes(`\${${policy.logicalId}}`));
    for (const one of functions().filter((candidate) => !helpers().includes(candidate))) {
      const role = template().only('AWS::IAM::Role', one.logicalId.replace(/(Function)?$/, 'Role'));
      expect(one.Properties.Role).toBe(`\${${role.logicalId}.Arn}`);
      expect(role.Properties).not.toHaveProperty('Policies');
      const policies = policiesOf(role);
      expect(policies.map(({ logicalId }) => `\${${logicalId}}`)).toEqual(expect.arrayContaining(role.Properties.ManagedPolicyArns as string[] ?? []));
      const ofOthers = template().ofType('AWS::IAM::Role').filter(({ logicalId }) => logicalId !== role.logicalId).flatMap(policiesOf).map(({ logicalId }) => logicalId);
      expect(policies.filter(({ logicalId }) => !ofOthers.includes(logicalId))).toHaveLength(1);
      const allowed = policies.flatMap(({ Properties }) => statements(Properties.PolicyDocument)).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
      expect(allowed.filter((action) => action.includes('*'))).toEqual([]);
    }
  });
});

describe('X-08 least privilege is drilled', () => {
  const titles = (environment: string, stage: StageName) => {
    const stack = asDeployed(templateOf(environment, stage));
    return (config.environments[environment].drills ?? []).flatMap((drill) => drill({ stack, target: {} as never })).map(({ title }) => title);
  };

  test.each(EVERY)('%s, %s: every role does its job, and is denied something next to it', (environment, stage) => {
    // what turns on detectors does nothing else, and its own package drills it
    const roles = templateOf(environment, stage).ofType('AWS::IAM::Role').map(({ logicalId }) => logicalId).filter((role) => !role.startsWith('Detection'));
    expect(roles.length).toBeGreaterThanOrEqual(3);
    const drilled = (word: string) => roles.filter((role) => titles(environment, stage).some((title) => title.startsWith(`${role}: ${word} `)));
    expect(drilled('may')).toEqual(roles);
    expect(drilled('may not')).toEqual(roles);
  });
});

function sorted<T extends { Action: string | string[] }>(one: T): T {
  return { ...one, Action: [one.Action].flat().sort() };
}

/** The stack as if CloudFormation had made it and called every resource by its logical id. */
function asDeployed(template: ReadTemplate): DeployedStack {
  const resources = template.resources.map(({ logicalId, Type }) => ({ logicalId, type: Type, physicalId: logicalId }));
  const outputs = Object.keys(template.outputs).map((OutputKey) => ({ OutputKey, OutputValue: `arn:aws:iam::000000000000:role/${OutputKey}` }));
  return new DeployedStack('TapStackdev', 'arn:aws:cloudformation:us-east-1:000000000000:stack/TapStackdev/1', resources, outputs, template.json as never);
}
