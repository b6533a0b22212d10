import { ESCALATION_PATHS, noPrivilegeEscalation } from '../src/escalation-paths';
import { covers, Statement } from './_helpers/policies';

const STATEMENTS: Statement[] = noPrivilegeEscalation().map((statement) => statement.toStatementJson());
const PATTERNS = STATEMENTS.flatMap(({ Action }) => Action);
const isDenied = (action: string) => PATTERNS.some((pattern) => covers(pattern, action));

describe('CMP-05 no privilege escalation', () => {
  test.each(ESCALATION_PATHS.map(({ title, needs }) => [title, needs]))('closes the path: %s', (_title, needs) => {
    expect(needs.filter(isDenied)).not.toEqual([]);
  });

  test.each(PATTERNS)('has a reason to deny %s', (pattern) => {
    const closed = ESCALATION_PATHS.filter(({ needs }) => needs.some((action) => covers(pattern, action)));
    expect(closed).not.toEqual([]);
  });

  test('denies on every resource and without a condition', () => {
    for (const statement of STATEMENTS) {
      expect(statement).toMatchObject({ Effect: 'Deny', Resource: '*' });
      expect(statement.Condition).toBeUndefined();
    }
  });

  test.each(['s3:PutObject', 'kms:Decrypt', 'logs:PutLogEvents', 'cloudwatch:PutMetricData', 'ssmmessages:OpenDataChannel', 'ssm:UpdateInstanceInformation',
    'ssm:GetParameter', 'secretsmanager:GetSecretValue', 'lambda:InvokeFunction', 'sts:AssumeRole', 'states:StartExecution', 'iam:GetRole',
  ])('leaves %s to whoever grants', (action) => {
    expect(isDenied(action)).toBe(false);
  });

  test('lists each path once', () => {
    const needs = ESCALATION_PATHS.map((path) => path.needs.join(' '));
    expect(new Set(needs).size).toBe(needs.length);
  });
});
