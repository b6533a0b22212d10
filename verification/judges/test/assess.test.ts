import { judgeItself, judgeJustification, judgeList, judgeSubject, Heard } from '../src/assess';
import { Examination, Finding } from '../src/judge';
import { Justification } from '../src/justifications';
import { Subject } from '../src/templates';

const SUBJECT: Subject = {
  environment: 'demo', stage: 'standard',
  template: { Resources: { StoreF00: { Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': 'Stack/Store/Resource' } } } },
};
const NO_LOGS: Finding = { rule: 'CKV_AWS_18', resource: 'StoreF00', message: 'no access logs' };
const KNOWN: Justification = { judge: 'checkov', rule: 'CKV_AWS_18', environment: 'demo', resource: 'Store/Resource', reason: 'it receives them' };
const SILENCE: Examination = { rules: [], findings: [] };

function heard(asIs: Finding[], acknowledged: Finding[] = []): Heard {
  return { subject: SUBJECT, asIs: { rules: ['CKV_AWS_18'], findings: asIs }, acknowledged: { rules: ['CKV_AWS_18'], findings: acknowledged } };
}

describe('a judge', () => {
  const judge: Parameters<typeof judgeItself>[0] = { name: 'checkov', floor: 2, canary: ['CKV_AWS_18'] };

  test('passes when it objects to its canary and evaluates its floor of rules', () => {
    const rich = { ...heard([]), asIs: { rules: ['CKV_AWS_18', 'CKV_AWS_21'], findings: [] } };
    expect(judgeItself(judge, { rules: [], findings: [NO_LOGS] }, [rich]).flatMap(({ problems }) => problems)).toEqual([]);
  });

  test('fails when it is silent about its canary, or a family of its rules is gone', () => {
    expect(judgeItself(judge, SILENCE, [heard([])]).flatMap(({ problems }) => problems)).toEqual([
      'checkov does not find CKV_AWS_18 in its canary',
      'checkov must evaluate at least 2 rules over all templates, got 1; a family of its checks is gone',
    ]);
  });
});

describe('a template', () => {
  const problems = (...of: Parameters<typeof judgeSubject>) => judgeSubject(...of).problems;

  test('passes when nothing is found', () => {
    expect(problems('checkov', heard([]), [])).toEqual([]);
  });

  test('passes when what is found is justified and its acknowledgement is heeded', () => {
    expect(problems('checkov', heard([NO_LOGS]), [KNOWN])).toEqual([]);
  });

  test('fails on what is not justified, and says where it is', () => {
    expect(problems('checkov', heard([NO_LOGS], [NO_LOGS]), [])).toEqual(['checkov · CKV_AWS_18 · demo.standard · Store/Resource · no access logs']);
  });

  test.each<[string, Partial<Justification>]>([
    ['another judge', { judge: 'cdk-nag' }],
    ['another rule', { rule: 'CKV_AWS_21' }],
    ['another environment', { environment: 'other' }],
    ['another resource', { resource: 'Other/Resource' }],
  ])('fails when the justification is for %s', (_, different) => {
    expect(problems('checkov', heard([NO_LOGS]), [{ ...KNOWN, ...different }])).toHaveLength(1);
  });

  test('fails on a finding about no resource: nothing can justify it', () => {
    expect(problems('checkov', heard([{ ...NO_LOGS, resource: '' }]), [{ ...KNOWN, resource: '' }, KNOWN])).toEqual(['checkov · CKV_AWS_18 · demo.standard · template · no access logs']);
  });

  test('fails when the judge does not heed the acknowledgement in the template', () => {
    expect(problems('checkov', heard([NO_LOGS], [NO_LOGS]), [KNOWN])[0]).toContain('found in the acknowledged copy of the template all the same');
  });
});

describe('a justification', () => {
  test('passes while its finding is found in some stage', () => {
    expect(judgeJustification(KNOWN, [heard([]), heard([NO_LOGS])]).problems).toEqual([]);
  });

  test('fails when it silences nothing any more', () => {
    expect(judgeJustification(KNOWN, [heard([])]).problems).toEqual(['checkov · CKV_AWS_18 · demo · Store/Resource · justified, and found in no stage; remove it']);
  });

  test('fails without a reason', () => {
    expect(judgeJustification({ ...KNOWN, reason: ' ' }, [heard([NO_LOGS])]).problems).toEqual(['checkov · CKV_AWS_18 · demo · Store/Resource · justified without a reason']);
  });

  test.each([[25, 0], [26, 1]])('%d rules justified: %d problems', (rules, problems) => {
    const list = Array.from({ length: rules }, (_, index) => ({ ...KNOWN, rule: `CKV_AWS_${index}` }));
    // the same rule on another resource counts once
    expect(judgeList([...list, { ...list[0], resource: 'Other/Resource' }]).problems).toHaveLength(problems);
  });

  test('a rule that finds several things on a resource is one rule', () => {
    const list = Array.from({ length: 26 }, (_, index) => ({ ...KNOWN, rule: `AwsSolutions-IAM5[Resource::arn:${index}/*]` }));
    expect(judgeList(list).problems).toEqual([]);
  });
});
