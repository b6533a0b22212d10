import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { ViaService } from '../via-service';

/** Everything a manager of keys does, and nothing that reads data or lets others read it (no grants). */
const ADMINISTRATION = [
  'CancelKeyDeletion', 'CreateAlias', 'DeleteAlias', 'DescribeKey', 'DisableKey', 'DisableKeyRotation', 'EnableKey', 'EnableKeyRotation',
  'GetKeyPolicy', 'GetKeyRotationStatus', 'ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListResourceTags', 'PutKeyPolicy',
  'RevokeGrant', 'RotateKeyOnDemand', 'ScheduleKeyDeletion', 'TagResource', 'UntagResource', 'UpdateAlias', 'UpdateKeyDescription',
].map((action) => `kms:${action}`);

const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'];

/** What a key policy depends on. */
export interface KeyPolicyOptions {
  readonly administrators?: iam.IPrincipal[];
  readonly users?: iam.IPrincipal[];
  readonly onlyVia?: ViaService[];
}

/**
 * Who may do what with a key.
 *
 * The first statement has no condition and names the whole account, so that whoever deploys and is allowed by IAM can
 * always change the policy again. KMS refuses a key whose maker could not.
 */
export function keyPolicy(scope: IConstruct, options: KeyPolicyOptions): iam.PolicyDocument {
  const account = () => [new iam.AccountRootPrincipal()];
  const via = viaCondition(scope, options.onlyVia);
  const grants = (sid: string, principals: iam.IPrincipal[]) => grantsToAwsResources(scope, sid, principals, options.onlyVia);

  const statements = [
    statement('AccountAdministers', account(), ADMINISTRATION),
    statement('AccountDelegatesUse', account(), USE, via),
    ...grants('AccountDelegatesGrantsToAwsResources', account()),
  ];
  const administrators = named(scope, 'administrators', options.administrators);
  if (administrators.length) statements.push(statement('AdministratorsAdminister', administrators, ADMINISTRATION));
  const users = named(scope, 'users', options.users);
  if (users.length) {
    statements.push(statement('UsersUse', users, [...USE, 'kms:DescribeKey'], via), ...grants('UsersGrantToAwsResources', users));
  }
  return new iam.PolicyDocument({ statements });
}

/** The sids of statements by which the account could no longer change the policy: KMS would refuse it, or nobody could mend it. */
export function lockOuts(scope: IConstruct, policy: iam.PolicyDocument): string[] {
  const statements: Record<string, unknown>[] = Stack.of(scope).resolve(policy).Statement;
  return statements
    .filter(({ Effect, Action, Condition, Principal, NotPrincipal }) => Effect === 'Deny' && !Condition
      && [Action].flat().some((action) => typeof action === 'string' && new RegExp(`^${action.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i').test('kms:PutKeyPolicy'))
      && (NotPrincipal !== undefined || /"\*"|:root"/.test(JSON.stringify(Principal))))
    .map(({ Sid }) => `${Sid ?? 'without a sid'}`);
}

/** EBS, RDS and the like keep using a key through a grant after the call that made them is over; where none of them is let in, nobody needs one. */
function grantsToAwsResources(scope: IConstruct, sid: string, principals: iam.IPrincipal[], onlyVia?: ViaService[]): iam.PolicyStatement[] {
  const users = onlyVia?.filter(({ usesGrants }) => usesGrants);
  if (users?.length === 0) return [];
  return [statement(sid, principals, ['kms:CreateGrant'], { ...viaCondition(scope, users), Bool: { 'kms:GrantIsForAWSResource': 'true' } })];
}

function named(scope: IConstruct, prop: string, principals: iam.IPrincipal[] = []): iam.IPrincipal[] {
  const everybody = principals.find((principal) => Object.values(principal.policyFragment.principalJson).flat().includes('*'));
  if (everybody) {
    throw new Error(`'${prop}' must not contain everybody, got ${everybody}; name roles, users or accounts [${scope.node.path}]`);
  }
  return principals;
}

function viaCondition(scope: IConstruct, services?: ViaService[]): iam.PolicyStatementProps['conditions'] {
  if (services === undefined) return undefined;
  if (services.length === 0) {
    throw new Error(`'onlyVia' must name at least one service, got none; leave it out to let IAM policies decide [${scope.node.path}]`);
  }
  const region = Stack.of(scope).region;
  return { StringEquals: { 'kms:ViaService': services.map((service) => `${service.endpointPrefix}.${region}.amazonaws.com`) } };
}

function statement(sid: string, principals: iam.IPrincipal[], actions: string[], conditions?: iam.PolicyStatementProps['conditions']): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, principals, actions, resources: ['*'], conditions }); // in a key policy '*' is this key
}
