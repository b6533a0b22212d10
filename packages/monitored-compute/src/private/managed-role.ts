import * as iam from 'aws-cdk-lib/aws-iam';

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
