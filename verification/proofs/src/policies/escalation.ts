import { ESCALATION_PATHS, EscalationPath } from '@tapstack/audit-trail/lib/escalation-paths';
import { ACCOUNT, Deployment } from '../deployment';
import { Claim, Subject } from './judge-policies';
import { ADMINISTRATOR, PolicyDocument, Request } from './simulator';

const global = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;

/** Who tries: an administrator, as far as the own policies go. */
const SOMEBODY = global('role/Somebody');

/** A trust policy that leaves it to the policies of the account who may assume the role. */
const TRUSTS_THE_ACCOUNT: PolicyDocument = { Statement: [{ Effect: 'Allow', Principal: { AWS: global('root') }, Action: 'sts:AssumeRole' }] };

/** Identities that may do more, and that a call about identities is about. */
const STRONGER: [RegExp, string][] = [
  [/^iam:.*InstanceProfile$/, global('instance-profile/Administrator')],
  [/^iam:.*PolicyVersion$/, global('policy/Wide')],
  [/^iam:.*SAMLProvider$/, global('saml-provider/Company')],
  [/^iam:.*OpenIDConnectProvider$/, global('oidc-provider/token.example.com')],
  [/^iam:.*UserToGroup$|^iam:.*UserFromGroup$|^iam:.*GroupPolicy$/, global('group/Administrators')],
  [/^iam:.*(User|AccessKey|LoginProfile|Credential)/, global('user/Administrator')],
  [/^iam:.*Role|^sts:AssumeRole$/, global('role/Administrator')],
];

/** A step of an escalation path, as somebody would ask for it who wants to get to more. */
export function stepTo(action: string): Pick<Request, 'action' | 'resource' | 'resourcePolicy'> {
  const [, resource = '*'] = STRONGER.find(([actions]) => actions.test(action)) ?? [];
  return { action, resource, ...(action === 'sts:AssumeRole' ? { resourcePolicy: TRUSTS_THE_ACCOUNT } : {}) };
}

/** A path is closed by a document if one of its steps is denied, and open without it: else it would be closed by whatever asks. */
export function pathClaims({ id, title, needs }: EscalationPath, limited: (document: PolicyDocument) => Pick<Request, 'identity' | 'boundary'>): Claim[] {
  const steps = (limits: Pick<Request, 'identity' | 'boundary'>) => needs.map((action) => ({ principal: SOMEBODY, ...stepTo(action), ...limits }));
  return [
    { title: `${id}: to ${title}`, allowed: false, requests: (document) => steps(limited(document)) },
    { title: `${id}, by an administrator whom nothing limits: to ${title}`, allowed: true, requests: () => steps({ identity: [ADMINISTRATOR] }) },
  ];
}

/** Every role of an instance, even if somebody made it an administrator: each known path to more is closed (CMP-05, D-05). */
export function escalationSubjects(deployment: Deployment): Subject[] {
  return deployment.resources('AWS::IAM::ManagedPolicy', 'PolicyDocument').filter(({ path }) => path.endsWith('Role/Baseline')).map(({ path, properties }) => {
    const { Statement } = properties.PolicyDocument as PolicyDocument;
    return {
      where: `${deployment.name} · ${path}`,
      // what it allows is for the instance, and tried on the local AWS
      document: { Version: '2012-10-17', Statement: Statement.filter(({ Effect }) => Effect === 'Deny') },
      claims: instanceClaims(),
    };
  });
}

export function instanceClaims(): Claim[] {
  const limited = (document: PolicyDocument) => ({ identity: [ADMINISTRATOR, document] });
  return [
    // which roles an instance may assume is decided by whoever grants it
    ...ESCALATION_PATHS.filter(({ needs }) => needs.join() !== 'sts:AssumeRole').flatMap((path) => pathClaims(path, limited)),
    ...['s3:GetObject', 'ec2:DescribeInstances', 'logs:PutLogEvents', 'ssm:GetParameter', 'sts:GetCallerIdentity', 'iam:GetRole'].map((action): Claim => (
      { title: `its work: ${action}`, allowed: true, requests: (document) => [{ principal: SOMEBODY, ...stepTo(action), ...limited(document) }] })),
  ];
}
