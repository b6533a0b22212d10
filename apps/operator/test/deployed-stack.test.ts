import { DeployedStack } from '../src/verify/deployed-stack';
import { stubClients } from './_helpers/clients';
import { stackOf } from './_helpers/stacks';

describe('DeployedStack', () => {
  test('reads a stack, its template and every page of its resources', async () => {
    const summary = (LogicalResourceId: string) => ({ LogicalResourceId, ResourceType: 'AWS::S3::Bucket', PhysicalResourceId: `${LogicalResourceId}-1` });
    const { clients } = stubClients({
      DescribeStacks: { Stacks: [{ StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/Mine/1', Outputs: [{ OutputKey: 'Name', OutputValue: 'value' }] }] },
      GetTemplate: { TemplateBody: '{"Resources":{"One":{"Type":"AWS::S3::Bucket"}}}' },
      ListStackResources: ({ NextToken }: { NextToken?: string }) => NextToken
        ? { StackResourceSummaries: [{ ...summary('Two'), PhysicalResourceId: undefined }] } : { StackResourceSummaries: [summary('One')], NextToken: 'more' },
    });
    const stack = await DeployedStack.read(clients, 'Mine');
    expect(stack.resources).toEqual([{ logicalId: 'One', type: 'AWS::S3::Bucket', physicalId: 'One-1' }, { logicalId: 'Two', type: 'AWS::S3::Bucket', physicalId: '' }]);
    expect([stack.account, stack.region, stack.output('Name')]).toEqual(['111122223333', 'eu-central-1', 'value']);
    expect(stack.template.Resources.One.Type).toBe('AWS::S3::Bucket');
  });

  const stack = stackOf({ StoreBucket: 'AWS::S3::Bucket', LogBucket: 'AWS::S3::Bucket', Key: 'AWS::KMS::Key' });

  test('finds the only resource of a type, or the only one that begins like this', () => {
    expect(stack.resource('AWS::KMS::Key').logicalId).toBe('Key');
    expect(stack.resource('AWS::S3::Bucket', 'Store').logicalId).toBe('StoreBucket');
  });

  test('fails if there are several, and names them', () => {
    expect(() => stack.resource('AWS::S3::Bucket')).toThrow("the stack 'TapStackdev' must have one AWS::S3::Bucket '…', it has 2: StoreBucket, LogBucket");
  });

  test('fails for an output that is not there', () => {
    expect(() => stack.output('VPCId')).toThrow("the stack 'TapStackdev' has no output 'VPCId'");
  });
});
