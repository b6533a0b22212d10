import { noPrivilegeEscalation } from '../src/no-privilege-escalation';
import { covers, Statement } from './_helpers/policies';

const STATEMENTS: Statement[] = noPrivilegeEscalation().map((statement) => statement.toStatementJson());
const isDenied = (action: string) => STATEMENTS.flatMap(({ Action }) => Action).some((pattern) => covers(pattern, action));

// every way that is known is tried in verification/proofs
describe('CMP-05 no privilege escalation', () => {
  test('denies on every resource and without a condition', () => {
    for (const statement of STATEMENTS) {
      expect(statement).toMatchObject({ Effect: 'Deny', Resource: '*' });
      expect(statement.Condition).toBeUndefined();
    }
  });

  test.each(['iam:PassRole', 'iam:AttachRolePolicy', 'iam:CreatePolicyVersion', 'iam:DeleteRolePermissionsBoundary', 'iam:CreateAccessKey', 'lambda:UpdateFunctionCode',
    'ssm:SendCommand', 'ec2:ModifyInstanceAttribute',
  ])('denies %s', (action) => {
    expect(isDenied(action)).toBe(true);
  });

  test.each(['s3:PutObject', 'kms:Decrypt', 'logs:PutLogEvents', 'cloudwatch:PutMetricData', 'ssmmessages:OpenDataChannel', 'ssm:UpdateInstanceInformation',
    'ssm:UpdateInstanceAssociationStatus', 'ssm:GetParameter', 'secretsmanager:GetSecretValue', 'lambda:InvokeFunction', 'sts:AssumeRole', 'states:StartExecution', 'iam:GetRole',
  ])('leaves %s to whoever grants', (action) => {
    expect(isDenied(action)).toBe(false);
  });

  test('names each action once', () => {
    const patterns = STATEMENTS.flatMap(({ Action }) => Action);
    expect(new Set(patterns).size).toBe(patterns.length);
  });
});
