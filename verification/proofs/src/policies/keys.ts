import { ACCOUNT, Deployed, Deployment, REGION } from '../deployment';
import { Claim, Subject } from './judge-policies';
import { principalClaims } from './key-principals';
import { serviceClaims } from './service-claims';
import { KEY_USES, STRANGER } from './services';
import { ADMINISTRATOR, PolicyDocument, Request } from './simulator';

/** Services that call a key with the permissions of whoever calls them, each time: none of them needs a grant. */
const WITHOUT_GRANTS = ['s3', 'sns', 'sqs'].map((service) => `${service}.${REGION}.amazonaws.com`);

const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/Deployer`;

/** Every key: nobody is locked out, nobody gets in by the key alone, and services only for this account (STO-06, STO-07). */
export function keySubjects(deployment: Deployment): Subject[] {
  return deployment.resources('AWS::KMS::Key', 'KeyPolicy').map((key) => {
    const document = key.properties.KeyPolicy as PolicyDocument;
    return {
      where: `${deployment.name} · ${key.path}`,
      document,
      claims: [...claimsOf(key, viaIn(document)), ...principalClaims(document, key.arn), ...serviceClaims(document, KEY_USES, key.arn)],
    };
  });
}

function claimsOf({ arn }: Deployed, via: string[]): Claim[] {
  const asked = (principal: string, action: string, context: Record<string, string>, identity = [ADMINISTRATOR]) =>
    (resourcePolicy: PolicyDocument): Request[] => [{ principal, action, resource: arn, context, identity, resourcePolicy }];
  const through = (service: string): Record<string, string> => ({ 'kms:ViaService': `${service}.${REGION}.amazonaws.com` });
  const admitted: Record<string, string>[] = via.length > 0 ? via.map((service) => ({ 'kms:ViaService': service })) : [{}, through('s3')];
  const grant = { 'kms:GrantIsForAWSResource': 'true' };

  return [
    ...['kms:PutKeyPolicy', 'kms:GetKeyPolicy', 'kms:DescribeKey', 'kms:EnableKeyRotation', 'kms:ScheduleKeyDeletion', 'kms:TagResource'].map((action): Claim => (
      { title: `whoever deploys: ${action}`, allowed: true, requests: asked(DEPLOYER, action, {}) })),
    ...admitted.flatMap((context): Claim[] => ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => (
      { title: `a role that IAM lets, ${context['kms:ViaService'] ?? 'by itself'}: ${action}`, allowed: true, requests: asked(DEPLOYER, action, context) }))),
    ...(via.length > 0 ? [{}, through('workmail')] : []).map((context: Record<string, string>): Claim => (
      { title: `a role that IAM lets, ${context['kms:ViaService'] ?? 'by itself'}: kms:Decrypt`, allowed: false, requests: asked(DEPLOYER, 'kms:Decrypt', context) })),
    ...admitted.flatMap((context): Claim[] => {
      const through = context['kms:ViaService'];
      return [
        { title: `a grant for a resource of AWS, ${through ?? 'by itself'}`, allowed: via.length === 0 || !WITHOUT_GRANTS.includes(through), requests: asked(DEPLOYER, 'kms:CreateGrant', { ...context, ...grant }) },
        { title: `a grant for anybody, ${through ?? 'by itself'}`, allowed: false, requests: asked(DEPLOYER, 'kms:CreateGrant', { ...context, 'kms:GrantIsForAWSResource': 'false' }) },
      ];
    }),
    ...(via.length > 0 ? [{ title: 'a grant by itself', allowed: false, requests: asked(DEPLOYER, 'kms:CreateGrant', grant) }] : []),
    ...['kms:Decrypt', 'kms:PutKeyPolicy'].flatMap((action): Claim[] => [
      { title: `a role that IAM lets do nothing: ${action}`, allowed: false, requests: asked(DEPLOYER, action, admitted[0], []) },
      { title: `a role of another account: ${action}`, allowed: false, requests: asked(`arn:aws:iam::${STRANGER}:role/Administrator`, action, admitted[0]) },
    ]),
    { title: 'a service that is not let in', allowed: false, requests: asked('glue.amazonaws.com', 'kms:Decrypt', {}, []) },
  ];
}

/** The services through which alone the account may use a key; none, if it may use it by itself. */
function viaIn({ Statement }: PolicyDocument): string[] {
  const conditions = Statement.map(({ Condition }) => Condition?.StringEquals?.['kms:ViaService'] as string | string[] | undefined);
  return [conditions.find((services) => services !== undefined) ?? []].flat();
}
