import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * The resources below a construct that are there whenever its stack is, in the order in which they were made.
 *
 * What stands in another stack has another life; what stands under a condition may not be there, and whoever names it then fails to deploy.
 */
export function resourcesOfStack(scope: IConstruct): CfnResource[] {
  const own = Stack.of(scope);
  return scope.node.findAll()
    .filter((construct) => CfnResource.isCfnResource(construct))
    .filter((resource) => !resource.cfnOptions.condition && belongsTo(resource.stack, own));
}

function belongsTo(stack: Stack, own: Stack): boolean {
  return stack === own || (stack.nestedStackParent !== undefined && belongsTo(stack.nestedStackParent, own));
}

/** What people call a resource: its path in the stack, without the last part if CDK made it up. */
export function labelOf(resource: CfnResource, stack: Stack): string {
  const path = resource.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  return (path.length > 1 && ['Resource', 'Default'].includes(path.at(-1)!) ? path.slice(0, -1) : path).join('/');
}
