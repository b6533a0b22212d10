import { Assembly, Type } from '../../../tools/api-assembly';
import { findingsIn } from '../../../tools/api-rules';

const OWN = '@tapstack/encrypted-storage';

const SUMMARY = { summary: 'Says what it is for.' };

/** What the rules say of one public type: subject and problem, as printed. */
function findings(type: Partial<Type>): string[] {
  const assembly: Assembly = { name: OWN, types: { thing: { fqn: `${OWN}.Thing`, kind: 'interface', docs: SUMMARY, ...type } } };
  return findingsIn(assembly).map(({ subject, problem }) => `${subject} ${problem}`);
}

const string = { primitive: 'string' };

describe('a public API', () => {
  test('passes when everything is documented and typed', () => {
    expect(findings({
      kind: 'class', base: 'constructs.Construct',
      initializer: { parameters: [{ name: 'scope', type: { fqn: 'constructs.Construct' } }, { name: 'id', type: string }, { name: 'props', type: { fqn: `${OWN}.ThingProps` } }] },
      properties: [{ name: 'key', docs: SUMMARY, type: { fqn: 'aws-cdk-lib.aws_kms.Key' } }],
      methods: [{ name: 'allow', docs: SUMMARY, parameters: [{ name: 'writer', docs: SUMMARY, type: { fqn: `${OWN}.Writer` } }] }],
    })).toEqual([]);
  });

  test.each<[string, Partial<Type>, string]>([
    ['a type', { docs: {} }, `${OWN}.Thing has no summary`],
    ['a blank summary', { docs: { summary: ' ' } }, `${OWN}.Thing has no summary`],
    ['a property', { properties: [{ name: 'key', type: string }] }, `${OWN}.Thing.key has no summary`],
    ['a method', { methods: [{ name: 'allow' }] }, `${OWN}.Thing.allow has no summary`],
    ['a parameter', { methods: [{ name: 'allow', docs: SUMMARY, parameters: [{ name: 'writer', type: string }] }] }, `${OWN}.Thing.allow(writer) has no summary`],
    ['a parameter of a constructor', { kind: 'class', initializer: { parameters: [{ name: 'days', type: string }] } }, `${OWN}.Thing(days) has no summary`],
    ['a member of an enum', { kind: 'enum', members: [{ name: 'ONE' }] }, `${OWN}.Thing.ONE has no summary`],
  ])('fails when %s says nothing', (_, type, finding) => {
    expect(findings(type)).toEqual([finding]);
  });

  test('asks no docs of a member that a base class or interface documents', () => {
    expect(findings({ kind: 'class', methods: [{ name: 'visit', overrides: 'aws-cdk-lib.IAspect', parameters: [{ name: 'node', type: string }] }] })).toEqual([]);
  });

  test('fails when an optional property of a struct has no default', () => {
    expect(findings({ datatype: true, properties: [{ name: 'keptFor', docs: SUMMARY, optional: true, type: string }] }))
      .toEqual([`${OWN}.Thing.keptFor is optional and has no @default`]);
  });

  test.each(['The bucket name.', 'Bucket name', "The bucket's name.", 'bucketName'])('fails when a property of a struct is documented with its name: %s', (summary) => {
    expect(findings({ datatype: true, properties: [{ name: 'bucketName', docs: { summary }, type: string }] }))
      .toEqual([`${OWN}.Thing.bucketName is documented with its name only ('${summary}')`]);
  });

  const sibling = { fqn: '@tapstack/secure-network.SecureVpc' };
  test.each<[string, Partial<Type>, string]>([
    ['extends', { base: sibling.fqn }, `${OWN}.Thing`],
    ['implements', { interfaces: [sibling.fqn] }, `${OWN}.Thing`],
    ['takes', { kind: 'class', initializer: { parameters: [{ name: 'id', type: sibling }] } }, `${OWN}.Thing(id)`],
    ['has', { properties: [{ name: 'vpc', docs: SUMMARY, type: sibling }] }, `${OWN}.Thing.vpc`],
    ['has a list of', { properties: [{ name: 'vpcs', docs: SUMMARY, type: { collection: { elementtype: sibling } } }] }, `${OWN}.Thing.vpcs`],
    ['returns', { methods: [{ name: 'vpc', docs: SUMMARY, returns: { type: sibling } }] }, `${OWN}.Thing.vpc`],
  ])('fails when a type %s a type of another package', (_, type, subject) => {
    expect(findings(type)).toEqual([`${subject} names @tapstack/secure-network.SecureVpc of another package; take an interface of aws-cdk-lib`]);
  });

  test.each([
    [{ primitive: 'any' }, "is 'any'; name the type"],
    [{ collection: { elementtype: { primitive: 'any' } } }, "is 'any'; name the type"],
    [{ union: { types: [string, { primitive: 'number' }] } }, 'is a union; use an enum-like class or two members'],
  ])('fails when the type of a member is %j', (type, problem) => {
    expect(findings({ properties: [{ name: 'options', docs: SUMMARY, type }] })).toEqual([`${OWN}.Thing.options ${problem}`]);
  });

  test('is fine when there is none yet', () => {
    expect(findingsIn({ name: OWN })).toEqual([]);
  });
});
