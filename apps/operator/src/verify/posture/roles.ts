import {
  GetPolicyCommand, GetPolicyVersionCommand, GetRolePolicyCommand, ListAttachedRolePoliciesCommand, ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { Clients } from '../../clients';
import { unless } from '../check';
import { allowsEverything, parsePolicy, PolicyDocument } from './policy';
import { Posture } from './posture';

/** Roles may something, never everything of a service on everything. */
export const roles: Posture = (stack, { iam }) => stack.ofType('AWS::IAM::Role').map(({ logicalId, physicalId: role }) => ({
  title: `${logicalId}: no wildcard action on a wildcard resource`,
  run: async () => {
    const documents = [...await inlinePolicies(iam, role), ...await managedPolicies(iam, role)];
    return unless(documents.filter(({ document }) => allowsEverything(document)).map(({ name }) => `${name} allows too much`));
  },
}));

interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

async function inlinePolicies(iam: Clients['iam'], RoleName: string): Promise<NamedPolicy[]> {
  const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  return Promise.all((PolicyNames ?? []).map(async (name) => {
    const { PolicyDocument: text } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }));
    return { name, document: parsePolicy(text!) };
  }));
}

async function managedPolicies(iam: Clients['iam'], RoleName: string): Promise<NamedPolicy[]> {
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return Promise.all((AttachedPolicies ?? []).map(async ({ PolicyArn, PolicyName }) => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
    return { name: PolicyName!, document: parsePolicy(PolicyVersion!.Document!) };
  }));
}
