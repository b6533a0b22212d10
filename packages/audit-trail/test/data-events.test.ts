import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AuditTrail, DataEvents } from '../src';
import { stackInFrankfurt } from './_helpers/stacks';

describe('AUD-18 data events (C-05)', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const bucket = (arn = 'arn:aws:s3:::store') => s3.Bucket.fromBucketArn(stack, 'Bucket', arn);
  const fn = (arn = 'arn:aws:lambda:eu-central-1:111122223333:function:mine') => lambda.Function.fromFunctionArn(stack, 'Fn', arn);
  const fields = (one: DataEvents) => one.selector().fieldSelectors;
  const audit = (...dataEvents: DataEvents[]) => new AuditTrail(stack, 'Audit', { dataEvents });
  const trail = () => Object.values(Template.fromStack(stack).findResources('AWS::CloudTrail::Trail'))[0].Properties;

  test.each([
    ['every object', {}, 'arn:aws:s3:::store/', []],
    ['objects under a prefix', { prefix: 'in/box' }, 'arn:aws:s3:::store/in/box', []],
    ['reads', { readWriteType: cloudtrail.ReadWriteType.READ_ONLY }, 'arn:aws:s3:::store/', [{ field: 'readOnly', equalTo: ['true'] }]],
    ['writes', { readWriteType: cloudtrail.ReadWriteType.WRITE_ONLY }, 'arn:aws:s3:::store/', [{ field: 'readOnly', equalTo: ['false'] }]],
  ])('records %s of a bucket, whose name ends with the slash', (_, options, startsWith, more) => {
    expect(fields(DataEvents.ofBucket(bucket(), options))).toEqual([
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
      { field: 'resources.ARN', startsWith: [startsWith] },
      ...more,
    ]);
  });

  test('records who invokes a function', () => {
    expect(fields(DataEvents.ofFunction(fn()))).toEqual([
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: ['AWS::Lambda::Function'] },
      { field: 'resources.ARN', equalTo: ['arn:aws:lambda:eu-central-1:111122223333:function:mine'] },
    ]);
  });

  test('a trail records them besides the management events, in one kind of selectors', () => {
    const made = new s3.Bucket(stack, 'Made');
    audit(DataEvents.ofBucket(made), DataEvents.ofFunction(fn()));
    expect(trail().EventSelectors).toBeUndefined();
    expect(trail().AdvancedEventSelectors.map(({ Name }: { Name: string }) => Name)).toEqual(['Management events', 'Objects of Stack/Made', 'Invocations of Stack/Fn']);
    expect(trail().AdvancedEventSelectors[1].FieldSelectors[2]).toEqual({
      Field: 'resources.ARN', StartsWith: [stack.resolve(`${made.bucketArn}/`)],
    });
  });

  test.each([[undefined], [[]]])('a trail without any (%j) records management events', (dataEvents) => {
    new AuditTrail(stack, 'Audit', { dataEvents });
    expect(trail().EventSelectors).toEqual([{ IncludeManagementEvents: true, ReadWriteType: 'All' }]);
    expect(trail().AdvancedEventSelectors).toBeUndefined();
  });

  test.each<[string, () => DataEvents]>([
    ["'prefix' must be what keys begin with, without '*' and without a slash in front, got '*'; leave it out for every object [Stack/Bucket]", () => DataEvents.ofBucket(bucket(), { prefix: '*' })],
    ["'prefix' must be what keys begin with, without '*' and without a slash in front, got '/in'; leave it out for every object [Stack/Bucket]", () => DataEvents.ofBucket(bucket(), { prefix: '/in' })],
    ["'readWriteType' must record something, got NONE; leave the bucket out instead [Stack/Bucket]", () => DataEvents.ofBucket(bucket(), { readWriteType: cloudtrail.ReadWriteType.NONE })],
    ["'fn' must have an ARN of a function such as 'arn:aws:lambda:…:function:name', without a version, got 'arn:aws:lambda:eu-central-1:111122223333:function:mine:1' [Stack/Fn]", () => (
      DataEvents.ofFunction(fn('arn:aws:lambda:eu-central-1:111122223333:function:mine:1'))
    )],
    ["'fn' must have an ARN of a function such as 'arn:aws:lambda:…:function:name', without a version, got 'arn:aws:lambda:eu-central-1:111122223333:function:*' [Stack/Fn]", () => (
      DataEvents.ofFunction(fn('arn:aws:lambda:eu-central-1:111122223333:function:*'))
    )],
    ["'bucket' must have an ARN such as 'arn:aws:s3:::name', got 'store' [Stack/Bucket]", () => (
      DataEvents.ofBucket(s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketArn: 'store', bucketName: 'store' }))
    )],
    ["'bucket' must have an ARN such as 'arn:aws:s3:::name', got 'arn:aws:s3:::store/*' [Stack/Bucket]", () => (
      DataEvents.ofBucket(s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketArn: 'arn:aws:s3:::store/*', bucketName: 'store' }))
    )],
  ])('fails with %s', (message, make) => {
    expect(make).toThrow(message);
  });

  test('takes what is known at deployment only, and no pattern made of it', () => {
    const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
    expect(stack.resolve(fields(DataEvents.ofBucket(bucket(), { prefix })))).toContainEqual({
      field: 'resources.ARN', startsWith: [{ 'Fn::Join': ['', ['arn:aws:s3:::store/', { Ref: 'Prefix' }]] }],
    });
    expect(() => DataEvents.ofBucket(new s3.Bucket(stack, 'Other'), { prefix: `${prefix}*` })).toThrow(/'prefix' must be .* without '\*' .* \[Stack\/Other\]/);
    const some = s3.Bucket.fromBucketAttributes(stack, 'Some', { bucketArn: `arn:aws:s3:::${prefix}*`, bucketName: 'some' });
    expect(() => DataEvents.ofBucket(some)).toThrow(/'bucket' must have an ARN .* \[Stack\/Some\]/);
  });

  test('fails when the trail gets selectors of the other kind as well', () => {
    const { trail: l2, node } = audit(DataEvents.ofBucket(bucket()));
    l2.addS3EventSelector([{ bucket: new s3.Bucket(stack, 'Other') }]);
    expect(node.validate()).toEqual(["'dataEvents' must be all data events of the trail, got others through its own methods; pass them as 'dataEvents' [Stack/Audit]"]);
  });

  test('says nothing when it does not', () => {
    expect(audit(DataEvents.ofBucket(bucket())).node.validate()).toEqual([]);
  });
});
