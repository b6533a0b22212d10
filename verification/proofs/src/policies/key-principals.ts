import { ACCOUNT } from '../deployment';
import { Claim } from './judge-policies';
import { PolicyDocument, Request, Statement } from './simulator';

const OF_AUTO_SCALING = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/`;

/** Roles that a key policy lets in by name, without a permission in IAM. */
export const KEY_PRINCIPALS = {
  administrator: `arn:aws:iam::${ACCOUNT}:role/KeyAdministrator`,
  user: `arn:aws:iam::${ACCOUNT}:role/KeyUser`,
  autoScaling: `${OF_AUTO_SCALING}AWSServiceRoleForAutoScaling`,
};

const FOR_AWS = { 'kms:GrantIsForAWSResource': 'true' };
const FOR_ANYBODY = { 'kms:GrantIsForAWSResource': 'false' };

type Call = [action: string, context?: Record<string, string>];

const USES: { may: Call[]; mayNot: Call[] } = {
  may: [['kms:Decrypt'], ['kms:GenerateDataKey'], ['kms:CreateGrant', FOR_AWS]],
  mayNot: [['kms:CreateGrant', FOR_ANYBODY], ['kms:PutKeyPolicy'], ['kms:ScheduleKeyDeletion']],
};
const ALLOWED: Record<string, { may: Call[]; mayNot: Call[] }> = {
  [KEY_PRINCIPALS.administrator]: { may: [['kms:PutKeyPolicy'], ['kms:ScheduleKeyDeletion']], mayNot: [['kms:Decrypt'], ['kms:CreateGrant', FOR_AWS]] },
  [KEY_PRINCIPALS.user]: USES,
};

/** Managers of a key cannot read with it, its users cannot manage it, and only AWS resources get grants (STO-06). */
export function principalClaims(document: PolicyDocument, resource: string): Claim[] {
  return namedIn(document).flatMap((principal) => {
    // a stack that makes the role itself knows it by what CloudFormation calls it, with a suffix of its own
    const known = principal.startsWith(OF_AUTO_SCALING) ? USES : ALLOWED[principal];
    if (!known) throw new Error(`'key-principals.ts' must say what ${principal} does with ${resource}, got nothing; add it`);
    const claim = (allowed: boolean) => ([action, context = {}]: Call): Claim => ({
      title: `${principal}, which IAM lets do nothing: ${action} ${Object.values(context).join()}`.trim(),
      allowed,
      requests: (resourcePolicy): Request[] => [{ principal, action, resource, context, resourcePolicy }],
    });
    return [...known.may.map(claim(true)), ...known.mayNot.map(claim(false))];
  });
}

function namedIn({ Statement }: PolicyDocument): string[] {
  const principals = Statement.flatMap(({ Principal }: Statement) => (Principal as { AWS?: string | string[] }).AWS ?? []);
  return [...new Set(principals)].filter((principal) => !principal.endsWith(':root'));
}
