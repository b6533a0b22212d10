import { answers, nameOf, parseCatalogue } from '../src/frameworks';

test.each<[string, string[]]>([
  ['', []],
  ['–', ['–']],
  ['CIS 3.0 4.10, 5.0 4.10, 7.0 5.10', ['CIS 3.0 4.10', 'CIS 5.0 4.10', 'CIS 7.0 5.10']],
  ['CIS 3.0 1.20, 4.16; 5.0 1.19', ['CIS 3.0 1.20', 'CIS 3.0 4.16', 'CIS 5.0 1.19']],
  ['CIS 3.2.1 · FSBP S3.17, SNS.1 · CT.CLOUDWATCH.PR.3', ['CIS 7.0 3.2.1', 'FSBP S3.17', 'FSBP SNS.1', 'Control Tower CT.CLOUDWATCH.PR.3']],
  ['CIS 3.0 4.1–4.3; Security Hub CloudWatch.1–.2', ['CIS 3.0 4.1', 'CIS 3.0 4.2', 'CIS 3.0 4.3', 'Security Hub CloudWatch.1', 'Security Hub CloudWatch.2']],
  ['CT.CLOUDWATCH.PR.2, PR.3; CT.SQS.PR.2', ['Control Tower CT.CLOUDWATCH.PR.2', 'Control Tower CT.CLOUDWATCH.PR.3', 'Control Tower CT.SQS.PR.2']],
  ['FSBP CloudTrail.1, .3', ['FSBP CloudTrail.1', 'FSBP CloudTrail.3']],
])("'%s' is one by one %j", (said, each) => {
  expect(answers(said)).toEqual(each);
});

test('a catalogue is read with its quotes', () => {
  const [first, second] = parseCatalogue('framework,id,title,applies\nCIS AWS Foundations 3.0,1.16,"No ""*:*"", nowhere",yes\nAWS FSBP,S3.5,TLS,yes\n');
  expect(first).toEqual({ framework: 'CIS AWS Foundations 3.0', id: '1.16', title: 'No "*:*", nowhere', applies: 'yes' });
  expect([first, second].map(nameOf)).toEqual(['CIS 3.0 1.16', 'FSBP S3.5']);
});
