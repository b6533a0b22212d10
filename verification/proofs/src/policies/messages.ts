import { ACCOUNT, Deployment } from '../deployment';
import { Claim, Subject } from './judge-policies';
import { serviceClaims } from './service-claims';
import { queueUses, ServiceUse, STRANGER, TOPIC_USES } from './services';
import { ADMINISTRATOR, ANYBODY, PolicyDocument, Request } from './simulator';

const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/Deployer`;
const TLS = { 'aws:SecureTransport': 'true' };

/** The CDK's target adds a statement for its rule, also where another one lets all rules of the account in. */
const BY_THE_CDK = /^AllowEventRule/;

interface Kind {
  readonly policies: string;
  /** The resource type, and the property of the policy that names its resources. */
  readonly type: string;
  readonly property: string;
  readonly send: string;
  readonly uses: (deployment: Deployment, target: string) => ServiceUse[];
}

const KINDS: Kind[] = [
  { policies: 'AWS::SNS::TopicPolicy', type: 'AWS::SNS::Topic', property: 'Topics', send: 'sns:Publish', uses: () => TOPIC_USES },
  { policies: 'AWS::SQS::QueuePolicy', type: 'AWS::SQS::Queue', property: 'Queues', send: 'sqs:SendMessage', uses: (deployment, queue) => queueUses(rulesThatKeepIn(deployment, queue)) },
];

/** Every topic and queue: messages over TLS only, from who is let in, and from services of this account only (STO-13, STO-15). */
export function messageSubjects(deployment: Deployment): Subject[] {
  return KINDS.flatMap(({ policies, type, property, send, uses }) => {
    const targets = deployment.resources(type);
    return deployment.resources(policies, property, 'PolicyDocument').map(({ path, properties }): Subject => {
      const document = properties.PolicyDocument as PolicyDocument;
      const [named] = properties[property] as string[];
      const target = targets.find(({ arn, logicalId }) => named === arn || named.endsWith(`/${logicalId}`));
      if (!target) throw new Error(`'${property}' must name a resource of the template, got '${named}' [${path}]`);
      return {
        where: `${deployment.name} · ${path}`,
        document,
        superfluous: BY_THE_CDK,
        claims: [...claims(target.arn, send), ...serviceClaims(document, uses(deployment, target.arn), target.arn, TLS)],
      };
    });
  });
}

function claims(resource: string, action: string): Claim[] {
  const ask = (principal: Request['principal'], context: Record<string, string>, identity: PolicyDocument[]) =>
    (resourcePolicy: PolicyDocument): Request[] => [{ principal, action, resource, context, identity, resourcePolicy }];
  return [
    { title: `a role that IAM lets, over TLS: ${action}`, allowed: true, requests: ask(DEPLOYER, TLS, [ADMINISTRATOR]) },
    { title: `a role that IAM lets, over plain HTTP: ${action}`, allowed: false, requests: ask(DEPLOYER, { 'aws:SecureTransport': 'false' }, [ADMINISTRATOR]) },
    { title: `a role that nobody lets: ${action}`, allowed: false, requests: ask(`arn:aws:iam::${ACCOUNT}:role/Other`, TLS, []) },
    { title: `an administrator of another account: ${action}`, allowed: false, requests: ask(`arn:aws:iam::${STRANGER}:role/Administrator`, TLS, [ADMINISTRATOR]) },
    { title: `anybody: ${action}`, allowed: false, requests: ask(ANYBODY, TLS, []) },
    { title: `a service that is not let in: ${action}`, allowed: false, requests: ask('glue.amazonaws.com', TLS, []) },
  ];
}

/** The rules that send what they cannot deliver to a queue. */
function rulesThatKeepIn(deployment: Deployment, queue: string): string[] {
  return deployment.resources('AWS::Events::Rule', 'Targets').filter(({ properties }) => {
    const targets = properties.Targets as { DeadLetterConfig?: { Arn: string } }[];
    return targets.some(({ DeadLetterConfig }) => DeadLetterConfig?.Arn === queue);
  }).map(({ arn }) => arn);
}
