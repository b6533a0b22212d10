import { Artefact } from '../src/artefacts';
import { assess, Tried } from '../src/assess';

const ARTEFACT: Artefact = {
  name: '@tapstack/encrypted-storage', version: '0.0.0', tarball: '', wheel: '', mavenRepository: '',
  maven: { groupId: 'io.github.tapstack', artifactId: 'encrypted-storage' },
  modules: { typescript: '@tapstack/encrypted-storage', python: 'tapstack_encrypted_storage', java: 'io.github.tapstack.encryptedstorage' },
  hasConstructs: true,
};
const TEMPLATE = { Resources: { Store: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'one' } } }, Rules: {} };
const REFUSED = { code: 1, said: 'TypeError: got int' };

function tried(changes: Partial<Tried>): Tried {
  return { consumer: { language: 'python', refusal: /got int/ }, source: 'from tapstack_encrypted_storage import EncryptedBucket', outcome: { template: TEMPLATE, wrong: REFUSED }, ...changes };
}

function problems(changes: Partial<Tried>, reference: object | undefined = TEMPLATE): string[] {
  return assess(tried(changes), reference, [ARTEFACT]).flatMap((check) => check.problems);
}

describe('a consumer', () => {
  test('passes when it makes the common template and refuses the wrong property', () => {
    expect(problems({})).toEqual([]);
  });

  test('passes when only the order of keys differs', () => {
    expect(problems({}, { Rules: {}, Resources: { Store: { Properties: { BucketName: 'one' }, Type: 'AWS::S3::Bucket' } } })).toEqual([]);
  });

  test('fails in every check when it does not install or synthesize', () => {
    const checks = assess(tried({ outcome: new Error('no such package') }), undefined, [ARTEFACT]);
    expect(checks.filter((check) => check.problems.length > 0)).toHaveLength(3);
    expect(checks[0].problems).toEqual(['python · no such package']);
  });

  test('fails when it accepts a number where a duration belongs', () => {
    expect(problems({ outcome: { template: TEMPLATE, wrong: { code: 0, said: '' } } })).toEqual(['python · a number where a duration belongs must be refused, and was accepted']);
  });

  test('fails when the wrong property is refused for another reason', () => {
    expect(problems({ outcome: { template: TEMPLATE, wrong: { code: 1, said: 'no module named tapstack' } } })[0]).toContain('got: no module named tapstack');
  });

  test('fails when its template differs, and says where', () => {
    const template = { ...TEMPLATE, Resources: { Store: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'two' } }, More: { Type: 'AWS::KMS::Key' } } };
    expect(problems({ outcome: { template, wrong: REFUSED } })).toEqual([
      "python · 'Resources/More' of the template differs from the first language's",
      "python · 'Resources/Store' of the template differs from the first language's",
    ]);
  });

  test('fails when there is a package with constructs that it does not use', () => {
    expect(problems({ source: 'from aws_cdk import App' })).toEqual([
      "python · the program must import 'tapstack_encrypted_storage', since @tapstack/encrypted-storage has constructs",
    ]);
  });

  test('may leave out a package that has no constructs yet', () => {
    expect(assess(tried({ source: '' }), TEMPLATE, [{ ...ARTEFACT, hasConstructs: false }]).flatMap((check) => check.problems)).toEqual([]);
  });
});
