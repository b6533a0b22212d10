import { acknowledge } from '../src/acknowledge';
import { JUSTIFICATIONS } from '../src/justifications';

const TEMPLATE = {
  Resources: {
    StoreF00: { Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': 'Stack/Store/Resource' } },
    OtherBA5: { Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': 'Stack/Other/Resource' } },
  },
};
const ON_STORE = { environment: 'demo', resource: 'Store/Resource' };

test('an acknowledgement stands on its resource, in the spelling of its judge, with its reason', () => {
  const { Resources } = acknowledge(TEMPLATE, [
    { ...ON_STORE, judge: 'cdk-nag', rule: 'AwsSolutions-S1', reason: 'first' },
    { ...ON_STORE, judge: 'checkov', rule: 'CKV_AWS_18', reason: 'second' },
    { ...ON_STORE, judge: 'checkov', rule: 'CKV_AWS_21', reason: 'third' },
    { ...ON_STORE, judge: 'cfn-lint', rule: 'W3005', reason: 'fourth' },
  ]);
  expect(Resources.StoreF00.Metadata).toEqual({
    'aws:cdk:path': 'Stack/Store/Resource',
    'cdk_nag': { rules_to_suppress: [{ id: 'AwsSolutions-S1', reason: 'first' }] },
    'checkov': { skip: [{ id: 'CKV_AWS_18', comment: 'second' }, { id: 'CKV_AWS_21', comment: 'third' }] },
    'cfn-lint': { config: { ignore_checks: ['W3005'] }, reasons: ['fourth'] },
  });
  expect(Resources.OtherBA5).toBe(TEMPLATE.Resources.OtherBA5);
});

test('the template itself stays as it was', () => {
  const before = JSON.stringify(TEMPLATE);
  acknowledge(TEMPLATE, [{ ...ON_STORE, judge: 'checkov', rule: 'CKV_AWS_18', reason: 'known' }]);
  expect(JSON.stringify(TEMPLATE)).toBe(before);
});

test('nothing is justified twice', () => {
  const entries = JUSTIFICATIONS.map(({ judge, rule, environment, resource }) => `${judge} ${rule} ${environment} ${resource}`);
  expect(new Set(entries).size).toBe(entries.length);
});
