import { StackStatus } from '@aws-sdk/client-cloudformation';
import { LocalAws } from '@tapstack/local-aws';
import { belongsToTheAccount, Inventory, keptByAws, takeInventory } from '../inventory/inventory';
import { KeptByDesign, keptByDesign } from '../inventory/kept';
import { typesNotListed } from '../inventory/listed-types';
import { ExitCode } from '../problem';
import { runSteps } from '../progress';
import { stopIfProtected } from '../protections';
import { resourceTypes, stackStatus } from '../stacks';
import { Target } from '../target';
import { CdkDeployment } from '../toolkit';
import { DeployedStack } from '../verify/deployed-stack';
import { commandContext, memoryOf, reach, StackOptions } from './context';

/**
 * `tapstack down`: deletes one environment and shows that nothing of it is left but what it keeps itself; then stops the local AWS if that
 * holds nothing of a stack any more.
 */
export async function down(options: StackOptions): Promise<ExitCode> {
  const { directory, config, selection } = await commandContext(options);
  const { stackName } = selection;
  const local = new LocalAws({ port: options.port });
  const memory = memoryOf(directory, options, local);
  if (options.target === 'local' && !await local.health()) {
    // what an emulator held ended with it
    await local.stop();
    memory.forgetAll();
    console.log(`down: ${stackName} is not there, no local AWS runs on port ${local.port}, 0 left behind`);
    return ExitCode.OK;
  }

  const target: Target = reach(options, local);
  const status = await stackStatus(target.clients, stackName);
  let kept: KeptByDesign = { has: () => false };
  let left: Inventory = [];
  let stays: Inventory = [];
  let turnedOn: Inventory = [];
  let unlisted: readonly string[] = [];
  await runSteps([
    {
      title: `Delete ${stackName}`,
      run: async (report) => {
        if (status === undefined) return 'not there';
        // one that never came further than a change set has no template
        const stack = status === StackStatus.REVIEW_IN_PROGRESS ? undefined : await DeployedStack.read(target.clients, stackName);
        if (stack) await stopIfProtected(target.clients, stack);
        unlisted = typesNotListed(await resourceTypes(target.clients, stackName));
        const deployment = new CdkDeployment(target, directory, report);
        await deployment.destroy(await deployment.source(config.app, selection));
        if (stack) kept = await keptByDesign(target.clients, stack);
        return 'gone';
      },
    },
    {
      title: 'Look for what is left behind',
      run: async () => {
        const found = memory.leftBehind(stackName, await takeInventory(target.clients), !target.local);
        const its = found?.filter((item) => !belongsToTheAccount(item)) ?? [];
        stays = its.filter((item) => kept.has(item));
        left = its.filter((item) => !kept.has(item));
        turnedOn = found?.filter(belongsToTheAccount) ?? [];
        return found ? `${left.length} left` : 'not compared: nothing is known of the account before';
      },
    },
  ]);

  const { keysPendingDeletion } = await keptByAws(target.clients);
  for (const item of stays) console.log(`  kept, as the template says: ${item}`);
  for (const item of left) console.log(`  left behind: ${item}`);
  for (const item of turnedOn) console.log(`  stays, because it belongs to no stack: ${item}`);
  for (const type of unlisted) console.log(`  not looked for: ${type}`);
  if (keysPendingDeletion.length > 0) console.log(`AWS keeps ${keysPendingDeletion.length} deleted key(s) until their waiting period ends (at least 7 days)`);
  if (left.length === 0) memory.forget(stackName);
  if (target.local && left.length === 0) await stopUnlessInUse(target, local, stays);
  console.log(closing(stackName, status !== undefined, stays.length, left.length));
  return left.length > 0 ? ExitCode.CHECKS_FAILED : ExitCode.OK;
}

function closing(stackName: string, existed: boolean, kept: number, left: number): string {
  return [
    `down: ${stackName} ${existed ? 'deleted' : 'was not there'}`, ...kept > 0 ? [`${kept} kept as the template says`] : [], `${left} left behind`,
  ].join(', ');
}

const BOOTSTRAP_STACK = 'stack CDKToolkit';

async function stopUnlessInUse(target: Target, local: LocalAws, kept: Inventory): Promise<void> {
  const others = (await takeInventory(target.clients)).filter((item) => item.startsWith('stack ') && item !== BOOTSTRAP_STACK);
  if (others.length > 0) {
    console.log(`the local AWS goes on for ${others.join(', ')}`);
    return;
  }
  if (kept.length > 0) {
    console.log("the local AWS goes on for what was kept; 'tapstack local stop' ends both");
    return;
  }
  await local.stop();
  console.log('the local AWS was stopped');
}
