import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { confirming, Drill, unless } from '@tapstack/operator';

/** The stack has as much in it as was asked for, and puts as much out (B-15, D-10, P-10). */
export function holdsAtLeast(resources: number, outputs = 1): Drill {
  return confirming(['B-15', 'D-10', 'P-10'], ({ stack }) => [{
    title: `the stack: holds ${resources} resources or more, and exports ${outputs === 1 ? 'what others need' : `${outputs} outputs or more`}`,
    run: async () => unless([
      stack.resources.length < resources && `it holds ${stack.resources.length}`,
      stack.outputs.filter(({ ExportName }) => ExportName).length < outputs && `it exports ${stack.outputs.length}`,
    ]),
  }]);
}

/** These outputs are there and say something (P-09). */
export function putsOut(...names: string[]): Drill {
  return confirming(['P-09'], ({ stack }) => [{
    title: `the stack: puts out ${names.join(', ')}`,
    run: async () => unless(names.map((name) => !stack.outputs.some(({ OutputKey, OutputValue }) => OutputKey === name && OutputValue) && `${name} is missing`)),
  }]);
}

/** A stage that keeps its data keeps its stack, too; one that does not leaves nothing (X-04). */
export const stageIsOne: Drill = confirming(['X-04'], ({ stack, target }) => [{
  title: 'the stack: is protected from deletion if the data of its stage stay, and if they go, all of them go',
  run: async () => {
    const { Stacks } = await target.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: stack.name }));
    const policies = stack.ofType('AWS::S3::Bucket').map(({ logicalId }) => stack.template.Resources[logicalId].DeletionPolicy);
    const stay = policies.filter((policy) => policy !== 'Delete').length;
    const isProtected = Stacks?.[0].EnableTerminationProtection ?? false;
    return unless([
      stay > 0 && stay < policies.length && `${stay} of ${policies.length} buckets stay`,
      isProtected !== (stay > 0) && `protection from deletion is ${isProtected ? 'on' : 'off'}`,
    ]);
  },
}]);
