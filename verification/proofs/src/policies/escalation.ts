import { ESCALATION_PATHS } from '@tapstack/monitored-compute/lib/escalation-paths';
import { ACCOUNT, Deployment } from '../deployment';
import { Claim, Subject } from './judge-policies';
import { ADMINISTRATOR, PolicyDocument } from './simulator';

/** Every role of an instance, even if somebody made it an administrator: each known path to more is closed (CMP-05, D-05). */
export function escalationSubjects(deployment: Deployment): Subject[] {
  return deployment.resources('AWS::IAM::ManagedPolicy', 'PolicyDocument').filter(({ path }) => path.endsWith('Role/Baseline')).map(({ path, properties }) => {
    const { Statement } = properties.PolicyDocument as PolicyDocument;
    return {
      where: `${deployment.name} · ${path}`,
      // what it allows is for the instance, and tried on the local AWS
      document: { Version: '2012-10-17', Statement: Statement.filter(({ Effect }) => Effect === 'Deny') },
      claims: claims(),
    };
  });
}

function claims(): Claim[] {
  const principal = `arn:aws:iam::${ACCOUNT}:role/Instance`;
  const may = (action: string) => (document: PolicyDocument) => [{ principal, action, resource: '*', identity: [ADMINISTRATOR, document] }];
  return [
    ...ESCALATION_PATHS.map(({ title, needs }): Claim => ({ title: `to ${title}`, allowed: false, requests: (document) => needs.flatMap((action) => may(action)(document)) })),
    ...['s3:GetObject', 'ec2:DescribeInstances', 'logs:PutLogEvents', 'ssm:GetParameter', 'sts:GetCallerIdentity', 'iam:GetRole'].map((action): Claim => (
      { title: `its work: ${action}`, allowed: true, requests: may(action) })),
  ];
}
