import { inShort } from '../src/conventions/short-template';

describe('inShort', () => {
  test.each([
    ['texts and references', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'Store' }, '/*']] }, { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${Store}/*' }],
    ['attributes', { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Database', 'Endpoint.Address'] }, ':13306']] }, { 'Fn::Sub': '${Database.Endpoint.Address}:13306' }],
    ['a separator', { 'Fn::Join': ['-', ['tap', { Ref: 'Suffix' }]] }, { 'Fn::Sub': 'tap-${Suffix}' }],
    ['what is short already', { 'Fn::Join': ['', [{ 'Fn::Sub': 'tap-${Suffix}' }, '-data']] }, { 'Fn::Sub': 'tap-${Suffix}-data' }],
    ['names that IAM puts in', { 'Fn::Join': ['', ['user/', '${aws:username}', { Ref: 'Path' }]] }, { 'Fn::Sub': 'user/${!aws:username}${Path}' }],
    ['joins in joins, wherever they stand', { List: [{ Of: { 'Fn::Join': ['/', ['a', { 'Fn::Join': ['', ['b', { Ref: 'C' }]] }]] } }] }, { List: [{ Of: { 'Fn::Sub': 'a/b${C}' } }] }],
  ])('says %s as one text', (_, long, short) => {
    expect(inShort(long)).toEqual(short);
  });

  test.each([
    ['a list that is only known at deployment', { 'Fn::Join': [',', { Ref: 'Subnets' }] }],
    ['a piece that is chosen', { 'Fn::Join': ['', ['queue-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] }],
    ['a substitution with values of its own', { 'Fn::Join': ['', ['a', { 'Fn::Sub': ['${b}', { b: 'c' }] }]] }],
    ['everything else', { Ref: 'One', Text: '${aws:username}', Number: 1, Nothing: null, Flag: false }],
  ])('leaves %s as it is', (_, value) => {
    expect(inShort(value)).toEqual(value);
  });
});
