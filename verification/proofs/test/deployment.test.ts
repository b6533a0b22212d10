import { ACCOUNT, Deployment, REGION, Template } from '../src/deployment';

const TEMPLATE: Template = {
  Parameters: { Suffix: { Default: 'dev' }, Given: {} },
  Mappings: { Images: { arm: { id: 'ami-1' } } },
  Conditions: { IsDev: { 'Fn::Equals': [{ Ref: 'Suffix' }, 'dev'] }, IsNot: { 'Fn::Not': [{ Condition: 'IsDev' }] } },
  Resources: {
    Store: { Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': 'Stack/Data/Store/Resource' } },
    Logs: { Type: 'AWS::Logs::LogGroup' },
    Tried: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Unknown: { 'Fn::Cidr': [] } } },
  },
};

function resolved(value: unknown): unknown {
  const template = { ...TEMPLATE, Resources: { ...TEMPLATE.Resources, Tried: { Type: 'AWS::IAM::ManagedPolicy', Properties: { Value: value } } } };
  return new Deployment('demo', template).resources('AWS::IAM::ManagedPolicy', 'Value')[0].properties.Value;
}

describe('a deployment', () => {
  test.each<[string, unknown, unknown]>([
    ['a parameter', { Ref: 'Suffix' }, 'dev'],
    ['a parameter without default', { Ref: 'Given' }, 'Given'],
    ['a pseudo parameter', { Ref: 'AWS::AccountId' }, ACCOUNT],
    ['a resource', { Ref: 'Store' }, 'bucket-store'],
    ['an ARN', { 'Fn::GetAtt': ['Logs', 'Arn'] }, `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:Logs:*`],
    ['another attribute', { 'Fn::GetAtt': 'Store.DomainName' }, 'Store.DomainName'],
    ['a join', { 'Fn::Join': ['/', [{ 'Fn::GetAtt': ['Store', 'Arn'] }, '*']] }, 'arn:aws:s3:::bucket-store/*'],
    ['a substitution', { 'Fn::Sub': '${Suffix}-${Store.Arn}-${!literal}' }, 'dev-arn:aws:s3:::bucket-store-${literal}'],
    ['a substitution with values', { 'Fn::Sub': ['${own}', { own: { Ref: 'Suffix' } }] }, 'dev'],
    ['a selection', { 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b'] }] }, 'b'],
    ['a map', { 'Fn::FindInMap': ['Images', 'arm', 'id'] }, 'ami-1'],
    ['a condition that holds', { 'Fn::If': ['IsDev', 'yes', 'no'] }, 'yes'],
    ['a condition that does not', { 'Fn::If': ['IsNot', 'yes', { Ref: 'AWS::NoValue' }] }, undefined],
    ['a policy', { Condition: { Bool: { key: 'true' } } }, { Condition: { Bool: { key: 'true' } } }],
  ])('has a value for %s', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test('knows the construct of a resource', () => {
    expect(new Deployment('demo', TEMPLATE).resources('AWS::S3::Bucket').map(({ path }) => path)).toEqual(['Data/Store']);
  });

  test('fails on a function it has no value for, when it is asked', () => {
    const deployment = new Deployment('demo', TEMPLATE);
    expect(deployment.resources('AWS::IAM::ManagedPolicy')).toHaveLength(1);
    expect(() => deployment.resources('AWS::IAM::ManagedPolicy', 'Unknown')).toThrow(/'Fn::Cidr' must have a value to be proved with, got \[\] \[demo\]/);
  });
});
