import { Aws, CfnElement, Fn, Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * A name that is known before its resource is made, and that no other stack has: `<prefix>-<hash>-<id of the stack>`.
 *
 * For the few resources that others must name before they exist. One template makes different names in each stack that it
 * is deployed as, and a stack that is deployed again after its removal does not meet what the first one kept: the id is
 * the unique last part of the stack's ARN. Lower-case letters, digits and single hyphens; 46 characters and the prefix.
 *
 * @param prefix what the resource is; begins with a letter
 * @param owner gives the construct that gets the name, once it is made; the hash ends its logical id, or is one of its path in a stack
 * whose ids end without
 */
export function stackUniqueName(prefix: string, owner: () => Construct): string {
  const hash = Lazy.string({
    produce: () => {
      const { stack, logicalId, node } = owner().node.defaultChild as CfnElement;
      const [ending = node.addr.slice(-8)] = /[0-9A-F]{8}$/.exec(stack.resolve(logicalId)) ?? [];
      return ending.toLowerCase();
    },
  });
  return `${prefix}-${hash}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
}
