import { Change, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { statefulChanges } from '../src/changes/stateful-changes';

type Recreation = 'Always' | 'Conditionally' | 'Never';

const property = (Name: string, RequiresRecreation: Recreation): ResourceChangeDetail => (
  { Target: { Attribute: 'Properties', Name, RequiresRecreation }, Evaluation: 'Static', ChangeSource: 'DirectModification' }
);
const caused = (Name: string, RequiresRecreation: Recreation, CausingEntity: string): ResourceChangeDetail => (
  { Target: { Attribute: 'Properties', Name, RequiresRecreation }, Evaluation: 'Dynamic', ChangeSource: 'ResourceAttribute', CausingEntity }
);
const modify = (LogicalResourceId: string, type: string, Replacement: ResourceChange['Replacement'], ...Details: ResourceChangeDetail[]): Change => (
  { ResourceChange: { Action: 'Modify', LogicalResourceId, ResourceType: `AWS::${type}`, Replacement, Details } }
);
const fates = (...changes: Change[]) => statefulChanges(changes).map(({ logicalId, fate, because }) => `${logicalId} ${fate}: ${because.join(', ')}`);

describe('R-08 what an update does to what nothing can make again', () => {
  test('replaces it', () => {
    expect(fates(modify('Store', 'S3::Bucket', 'True', property('BucketName', 'Always'), property('Tags', 'Never')))).toEqual(['Store replaced: BucketName']);
  });

  test('removes it', () => {
    expect(fates({ ResourceChange: { Action: 'Remove', LogicalResourceId: 'Key', ResourceType: 'AWS::KMS::Key' } })).toEqual(['Key removed: ']);
  });

  test('may replace it', () => {
    expect(fates(modify('Database', 'RDS::DBInstance', 'Conditional', property('Engine', 'Conditionally')))).toEqual(['Database may be replaced: Engine']);
  });

  test('replaces it because of another resource that may be replaced, and says nothing where that one stays', () => {
    const database = modify('Database', 'RDS::DBInstance', 'Conditional', caused('KmsKeyId', 'Always', 'Key.Arn'));
    expect(fates(database, modify('Key', 'KMS::Key', 'False', property('KeyPolicy', 'Never')))).toEqual([]);
    expect(fates(database, modify('Key', 'KMS::Key', 'True', property('KeySpec', 'Always')))).toEqual(['Database may be replaced: KmsKeyId', 'Key replaced: KeySpec']);
  });

  test('follows causes through resources without state', () => {
    expect(fates(
      modify('Database', 'RDS::DBInstance', 'Conditional', caused('DBSubnetGroupName', 'Always', 'Group')),
      modify('Group', 'RDS::DBSubnetGroup', 'Conditional', caused('DBSubnetGroupName', 'Always', 'Other.Name')),
      modify('Other', 'RDS::DBSubnetGroup', 'True', property('DBSubnetGroupName', 'Always')),
    )).toEqual(['Database may be replaced: DBSubnetGroupName']);
  });

  test('ends where two resources wait for each other', () => {
    expect(fates(
      modify('One', 'SQS::Queue', 'Conditional', caused('QueueName', 'Always', 'Two.Name')), modify('Two', 'SQS::Queue', 'Conditional', caused('QueueName', 'Always', 'One.Name')),
    )).toEqual([]);
  });

  test.each([
    ['a change in place', modify('Logs', 'Logs::LogGroup', 'False', property('RetentionInDays', 'Never'))],
    ['a property of an instance that is changed where it is', modify('Database', 'RDS::DBInstance', 'Conditional', property('MultiAZ', 'Conditionally'))],
    ['a resource without state', modify('Nat', 'EC2::NatGateway', 'True', property('SubnetId', 'Always'))],
    ['a new resource', { ResourceChange: { Action: 'Add', LogicalResourceId: 'Store', ResourceType: 'AWS::S3::Bucket' } } as Change],
    ['what is no resource', {}],
  ])('does nothing of it: %s', (_, change) => {
    expect(fates(change)).toEqual([]);
  });
});
