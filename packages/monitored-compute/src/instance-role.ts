import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { noPrivilegeEscalation } from './no-privilege-escalation';
import { checkName } from './private/checks';
import { roleOfInstances } from './private/managed-role';

/**
 * Properties of `InstanceRole`.
 */
export interface InstanceRoleProps {
  /**
   * The name of the role. 1 to 64 letters, digits and `_+=,.@-`. A named role makes CloudFormation ask for `CAPABILITY_NAMED_IAM`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly roleName?: string;

  /**
   * The name of the managed policy that holds the denial of privilege escalation, and what the instance itself needs.
   * 1 to 128 letters, digits and `_+=,.@-`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly baselinePolicyName?: string;

  /**
   * The most the role may ever do, whatever is granted to it.
   *
   * @default - no boundary
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/**
 * A role for EC2 instances that starts with nothing, grows by grants, and can never give itself more.
 *
 * `bucket.grantRead(role)` and every other grant work on the construct and on its `role`. Grants go to a managed policy; the
 * role has no inline policy and none of AWS's managed policies.
 *
 * Controls: CMP-04 least privilege, CMP-05 no privilege escalation.
 */
export class InstanceRole extends Construct implements iam.IGrantable {
  /** The role. Its own methods all apply; grants become statements of a managed policy. */
  public readonly role: iam.Role;

  /** The one managed policy the role has from the start. What the instance itself needs is added here. */
  public readonly baselinePolicy: iam.ManagedPolicy;

  /** The principal that grants go to. */
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: InstanceRoleProps = {}) {
    super(scope, id);

    checkName(this, 'roleName', props.roleName, /^[\w+=,.@-]{1,64}$/, "1 to 64 letters, digits and '_+=,.@-'");
    checkName(this, 'baselinePolicyName', props.baselinePolicyName, /^[\w+=,.@-]{1,128}$/, "1 to 128 letters, digits and '_+=,.@-'");

    const { roleName, permissionsBoundary } = props;
    this.role = roleOfInstances(this, 'Role', { roleName, permissionsBoundary });
    this.node.defaultChild = this.role.node.defaultChild;

    this.baselinePolicy = new iam.ManagedPolicy(this, 'Baseline', {
      managedPolicyName: props.baselinePolicyName,
      description: `What the instance itself needs, and what it must never do (${this.node.path})`,
      document: new iam.PolicyDocument({ minimize: true, statements: noPrivilegeEscalation() }),
      roles: [this.role],
    });
    this.grantPrincipal = this.role.grantPrincipal;
  }
}
