import { KINDS_OF_TYPES, typesNotListed } from '../src/inventory/listed-types';
import { LISTINGS } from '../src/inventory/listings';
import { ACCOUNT } from '../src/inventory/listings/account';

describe('what is looked for after the end of a stack', () => {
  test('a type is listed as a kind that is listed', () => {
    expect([...KINDS_OF_TYPES].filter((kind) => !(kind in LISTINGS) && !(kind in ACCOUNT))).toEqual([]);
  });

  test('a type that nobody would find is named', () => {
    expect(typesNotListed(['AWS::EC2::VPC', 'AWS::DynamoDB::Table', 'AWS::Lambda::Permission', 'AWS::CDK::Metadata', 'Custom::S3AutoDeleteObjects'])).toEqual(['AWS::DynamoDB::Table']);
  });
});
