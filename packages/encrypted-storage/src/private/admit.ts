import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct, IDependable } from 'constructs';
import { ServiceWriter } from '../service-writer';

/** What has a policy that says who may send to it. */
interface Receiver extends IConstruct {
  addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult;
}

/** Adds statements to the policy of a topic or queue; says what the policy of an imported one must contain. */
export function admit(receiver: Receiver, what: 'topic' | 'queue', writer: ServiceWriter, statements: iam.PolicyStatement[]): IDependable | undefined {
  return statements.map((statement) => {
    const { statementAdded, policyDependable } = receiver.addToResourcePolicy(statement);
    if (!statementAdded) {
      Annotations.of(receiver).addWarningV2(`encrypted-storage:STO-07-${what}-${writer.id}`,
        `the policy of this imported ${what} cannot be changed here; its owner must add ${JSON.stringify(Stack.of(receiver).resolve(statement.toStatementJson()))}`);
    }
    return policyDependable;
  })[0];
}
