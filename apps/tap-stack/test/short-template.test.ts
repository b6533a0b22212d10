import { inShort, shortTemplate } from '../src/conventions/short-template';

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

  test('says lines that a text has again and again once, together with those that always follow them', () => {
    const numbers = [...Array(10).keys()];
    const long = numbers.map((number) => `${number}:\n  all:\n    the ${'${same}'}\n    is ${number}`).join('\n');
    const { 'Fn::Sub': [text, { Same }] } = inShort(long) as { 'Fn::Sub': [string, { Same: string }] };
    expect(Same).toBe('  all:\n    the ${same}');
    expect(text).toBe(numbers.map((number) => `${number}:\n${'${Same}'}\n    is ${number}`).join('\n'));
    expect(text.replaceAll('${Same}', Same)).toBe(long);
  });

  test.each([
    ['a list that is only known at deployment', { 'Fn::Join': [',', { Ref: 'Subnets' }] }],
    ['a piece that is chosen', { 'Fn::Join': ['', ['queue-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] }],
    ['a substitution with values of its own', { 'Fn::Join': ['', ['a', { 'Fn::Sub': ['${b}', { b: 'c' }] }]] }],
    ['lines that a text has nine times', { Text: 'one\n'.repeat(9) }],
    ['what is substituted already', { 'Fn::Sub': 'one\n'.repeat(10) }],
    ['everything else', { Ref: 'One', Text: '${aws:username}', Number: 1, Nothing: null, Flag: false }],
  ])('leaves %s as it is', (_, value) => {
    expect(inShort(value)).toEqual(value);
  });
});

describe('shortTemplate', () => {
  const shortened = (resource: object) => shortTemplate({ Resources: { One: { Type: 'AWS::Lambda::Function', ...resource } } }).Resources!.One;

  test.each([
    ['Ref', { Role: { Ref: 'Other' } }],
    ['Fn::GetAtt', { Role: { 'Fn::GetAtt': ['Other', 'Arn'] } }],
    ['a text', { Names: [{ Name: { 'Fn::Sub': 'a-${Other}' } }] }],
    ['an attribute in a text', { Name: { 'Fn::Sub': '${Other.Arn}/*' } }],
    ['a join', { Name: { 'Fn::Join': ['-', ['a', { Ref: 'Other' }]] } }],
  ])('does not say that a resource depends on what it refers to by %s', (_, Properties) => {
    expect(shortened({ Properties, DependsOn: ['Other', 'Unseen'] })).toMatchObject({ DependsOn: ['Unseen'] });
    expect(shortened({ Properties, DependsOn: 'Other' })).not.toHaveProperty('DependsOn');
  });

  test.each([
    ['a longer name', { Ref: 'OtherOne' }],
    ['a name that IAM puts in', { 'Fn::Sub': '${!Other}' }],
    ['the same word', 'Other'],
    ['a text that is no substitution', '${Other}'],
  ])('keeps what it depends on beside %s', (_, Name) => {
    expect(shortened({ Properties: { Name }, DependsOn: ['Other'] })).toMatchObject({ DependsOn: ['Other'] });
  });

  test('keeps what becomes of a resource when it goes, but that a custom resource is deleted', () => {
    const policies = { UpdateReplacePolicy: 'Delete', DeletionPolicy: 'Delete' };
    expect(shortened(policies)).toMatchObject(policies);
    expect(shortened({ Type: 'Custom::One', UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Retain' })).toMatchObject({ DeletionPolicy: 'Retain' });
    expect(shortened({ Type: 'Custom::One', ...policies })).toEqual({ Type: 'Custom::One' });
  });

  test('does not say of a policy that it is in no folder and has no description, unless it has a name and could not be made anew', () => {
    const [Type, plain] = ['AWS::IAM::ManagedPolicy', { Path: '/', Description: '' }];
    expect(shortened({ Type, Properties: { ...plain, Roles: ['one'] } })).toEqual({ Type, Properties: { Roles: ['one'] } });
    const said = { Path: '/mine/', Description: 'of mine' };
    expect(shortened({ Type, Properties: said })).toMatchObject({ Properties: said });
    expect(shortened({ Type, Properties: { ...plain, ManagedPolicyName: 'one' } })).toMatchObject({ Properties: plain });
  });

  test.each([
    ['AWS::EC2::Subnet', 'MapPublicIpOnLaunch', false, true],
  ])('does not say of %s what AWS does anyway, and says what it does not: %s', (Type, name, anyway, otherwise) => {
    expect(shortened({ Type, Properties: { [name]: anyway } })).toEqual({ Type, Properties: {} });
    expect(shortened({ Type, Properties: { [name]: otherwise } })).toMatchObject({ Properties: { [name]: otherwise } });
    expect(shortened({ Type: 'AWS::Other::One', Properties: { [name]: anyway } })).toMatchObject({ Properties: { [name]: anyway } });
  });

  test('leaves everything else of a template', () => {
    expect(shortTemplate({ Parameters: { One: {} }, Resources: {} } as never)).toEqual({ Parameters: { One: {} }, Resources: {} });
  });
});
