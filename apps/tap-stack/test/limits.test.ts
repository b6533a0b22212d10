import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { StageName } from '../src/stage';
import { criticalPath, Edge, references, told, waitsFor, withEdges } from './_helpers/dependencies';
import { EVERY, synthesisOf, templateOf } from './_helpers/every-environment';
import { NEEDED } from './_helpers/needed-dependencies';
import { physicalNames } from './_helpers/physical-names';

/** The limits of CloudFormation, of which a single environment takes its share. */
const RESOURCES = 500;
const BYTES = 1_000_000;

/** How long resources take, about, in seconds: which of them others wait for is all that matters. The rest is there at once. */
const SECONDS: Record<string, number> = {
  'AWS::RDS::DBInstance': 600,
  'AWS::IAM::InstanceProfile': 120, 'AWS::ElasticLoadBalancingV2::LoadBalancer': 120,
  'AWS::EC2::NatGateway': 110, 'AWS::EC2::VPCEndpoint': 60, 'AWS::EC2::Instance': 30, 'AWS::EC2::InternetGateway': 15,
  'AWS::AutoScaling::AutoScalingGroup': 30, 'AWS::Lambda::Function': 10,
  'AWS::KMS::Key': 20, 'AWS::S3::Bucket': 20, 'AWS::IAM::Role': 18, 'AWS::IAM::ManagedPolicy': 15,
};
const AT_ONCE = 3;

/** Names that are made elsewhere than in `conventions/names.ts`, by the property: the id of the stack, or of a resource of it, is in them. */
const MADE_BY_CONSTRUCTS: Record<string, { readonly pattern: RegExp; readonly because: string }> = {
  DBInstanceIdentifier: { pattern: /^[a-z-]+-[0-9a-f]{8}-\$\{AWS::StackId\[2\]\}$/, because: 'RDS makes the names of its log groups of it, which have to be there before it' },
  LogGroupName: {
    pattern: /^(\/aws\/rds\/instance\/[a-z-]+-[0-9a-f]{8}-\$\{AWS::StackId\[2\]\}\/[a-z]+|API-Gateway-Execution-Logs_\$\{\w+\}\/\w+)$/,
    because: 'RDS or API Gateway decides it',
  },
};

/** What `Names` makes, and a bucket of the one namespace of all accounts. */
const MADE_BY_NAMES = /^[a-z]+-(?:[a-z0-9-]+-\$\{EnvironmentSuffix\}|\$\{EnvironmentSuffix\}-[a-z0-9-]+)(?:-\$\{AWS::AccountId\}-\$\{AWS::Region\})?$/;

type Resources = Parameters<typeof references>[0];

const ROOT = path.resolve(__dirname, '..');

describe.each(EVERY)('limits (%s, %s)', (environment, stage) => {
  const resources = () => templateOf(environment, stage).json.Resources as Resources;

  test('it takes less than 40 % of the resources and 15 % of the bytes that CloudFormation allows', () => {
    expect(templateOf(environment, stage).resources.length).toBeLessThan(0.4 * RESOURCES);
    expect(Buffer.byteLength(synthesisOf(environment, stage).text)).toBeLessThan(0.15 * BYTES);
  });

  test('a resource waits for those it refers to, and for no other unless CloudFormation cannot see that it has to', () => {
    const typeOf = (id: string) => resources()[id].Type;
    const isNeeded = ([one, other]: Edge) => NEEDED.some(({ from, to }) => from === typeOf(one) && to.includes(typeOf(other)));
    const edges = told(resources());
    const justified = withEdges(references(resources()), edges.filter(isNeeded));
    const unneeded = edges.filter(([from, to]) => !waitsFor(justified, from, to));
    expect(unneeded.map((edge) => edge.map((id) => `${id} (${typeOf(id)})`).join(' waits for '))).toEqual([]);
  });

  test('its critical path is the one over Ref and Fn::GetAtt: no DependsOn makes it longer', () => {
    const secondsOf = (id: string) => SECONDS[resources()[id].Type] ?? AT_ONCE;
    const seen = references(resources());
    const all = criticalPath(withEdges(seen, told(resources())), secondsOf);
    expect(all.path.length).toBeGreaterThan(2);
    expect(all.seconds).toBe(criticalPath(seen, secondsOf).seconds);
  });

  test('X-02 every physical name is made by conventions/names.ts, but for those that AWS or a policy has to know', () => {
    const named = templateOf(environment, stage).resources
      .flatMap((resource) => physicalNames(resource).map(([property, name]) => ({ of: resource.logicalId, property, name })));
    const others = named.filter(({ property, name }) => !MADE_BY_NAMES.test(name) && !MADE_BY_CONSTRUCTS[property]?.pattern.test(name));
    expect(others).toEqual([]);
  });
});

describe('helper functions', () => {
  const helpersOf = (environment: string, stage: StageName) => templateOf(environment, stage).resources
    .filter(({ Properties }) => 'ServiceToken' in Properties)
    .map(({ Type, Properties }) => ({ type: Type, provider: Properties.ServiceToken as string }));

  /** The table of the README: what each is for, and the stages that have it. */
  const listed = new Map([...fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8').matchAll(/^\| `(Custom::\w+)` \| (.+) \| (\S.+) \| (\S.+) \|$/gm)]
    .map(([, type, does, reason, stages]) => [type, { does, reason, stages: stages === 'all' ? Object.values(StageName) : stages.split(', ') }]));

  test.each(EVERY)('%s, %s: each is one that the README lists with its reason, in the stages it is for', (environment, stage) => {
    const helpers = helpersOf(environment, stage);
    expect(helpers.filter(({ type }) => !listed.get(type)?.stages.includes(stage)).map(({ type }) => type)).toEqual([]);
    expect(helpers.length).toBeGreaterThan(0);
  });

  test.each(EVERY)('%s, %s: each does one thing, with a role of its own', (environment, stage) => {
    const { resources } = templateOf(environment, stage);
    const types = new Map<string, Set<string>>();
    for (const { type, provider } of helpersOf(environment, stage)) types.set(provider, (types.get(provider) ?? new Set()).add(type));
    for (const [, served] of types) expect(served.size).toBe(1);
    const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(new Set(functions.map(({ Properties }) => Properties.Role)).size).toBe(functions.length);
  });
});

describe('X-02 the sources', () => {
  const files = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && file !== path.join('conventions', 'names.ts'));

  test('write no physical name: what ends on Name takes what conventions/names.ts makes', () => {
    const written = files.flatMap((file) => literalNames(file, fs.readFileSync(path.join(ROOT, 'src', file), 'utf8')));
    expect(written).toEqual([]);
  });

  test('would be found out', () => {
    expect(literalNames('one.ts', "bucket({ bucketName: 'mine', tableName: `a-${b}`, roleName: names.of('role'), bucketNamePrefix: 'x'.concat('y') })"))
      .toEqual(['one.ts: bucketName', 'one.ts: tableName', 'one.ts: bucketNamePrefix']);
  });
});

/** Properties that name a resource with something that is written there. */
function literalNames(file: string, source: string): string[] {
  // what the CDK calls a tier of subnets within one network
  const ofTheCdk = ['subnetGroupName'];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node)) {
      const [name, value] = [node.name.getText(), node.initializer.getText()];
      const isName = /^[a-z]\w*Name(Prefix)?$/.test(name) && !ofTheCdk.includes(name);
      if (isName && /['"`]/.test(value) && !/^(\w+\.)*names\.of/.test(value)) found.push(`${file}: ${name}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true));
  return found;
}
