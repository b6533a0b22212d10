import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Names } from './names';

/** One value that other stacks, tests and people need. */
export interface OutputValue {
  readonly value: string;
  readonly description: string;
}

/** Outputs, each with a description and exported as `<StackName>-<OutputName>`. */
export function addOutputs(stack: Stack, outputs: Record<string, OutputValue>): void {
  // a scope of their own: an output may be called like a parameter
  const scope = stack.node.tryFindChild('Outputs') ?? new Construct(stack, 'Outputs');
  for (const [name, { value, description }] of Object.entries(outputs)) {
    new CfnOutput(scope, name, { value, description, exportName: Names.ofExport(name) }).overrideLogicalId(name);
  }
}
