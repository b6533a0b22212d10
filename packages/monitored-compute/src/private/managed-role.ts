import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/**
 * A role whose grants go to a managed policy instead of an inline one, made with the first grant.
 *
 * Inline policies are found by no inventory of policies, have no versions, and auditors refuse them.
 */
export class ManagedRole extends iam.Role {
  private grantsPolicy?: iam.ManagedPolicy;

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    // attached from the policy's side: a key that names this role in its policy, and is named in the grants, would close a circle
    this.grantsPolicy ??= new iam.ManagedPolicy(this, 'Grants', {
      description: `What was granted to the role (${this.node.path})`,
      document: new iam.PolicyDocument({ minimize: true }),
      roles: [this],
    });
    this.grantsPolicy.addStatements(statement);
    return { statementAdded: true, policyDependable: this.grantsPolicy };
  }
}

/** A role that EC2 lends to instances. Managed, so that its grants can be found. */
export function roleOfInstances(scope: Construct, id: string, props: Pick<iam.RoleProps, 'roleName' | 'permissionsBoundary'>): iam.Role {
  return new ManagedRole(scope, id, {
    ...props,
    description: `Role of EC2 instances (${scope.node.path})`,
    // no aws:SourceAccount or aws:SourceArn: EC2 sends neither when it takes the role of an instance profile, and the
    // instance would be left without credentials. A profile only reaches roles of its own account, and iam:PassRole guards it
    assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
  });
}
