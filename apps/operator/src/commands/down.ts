import { LocalAws } from '@tapstack/local-aws';
import { belongsToTheAccount, Inventory, keptByAws, takeInventory } from '../inventory/inventory';
import { typesNotListed } from '../inventory/listed-types';
import { ExitCode } from '../problem';
import { runSteps } from '../progress';
import { resourceTypes, stackStatus } from '../stacks';
import { Target } from '../target';
import { CdkDeployment } from '../toolkit';
import { commandContext, memoryOf, reach, StackOptions } from './context';

/** `tapstack down`: deletes one environment and shows that nothing of it is left; then stops the local AWS if it holds no other stack. */
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
  const existed = await stackStatus(target.clients, stackName) !== undefined;
  let left: Inventory = [];
  let turnedOn: Inventory = [];
  let unlisted: readonly string[] = [];
  await runSteps([
    {
      title: `Delete ${stackName}`,
      run: async (report) => {
        if (!existed) return 'not there';
        unlisted = typesNotListed(await resourceTypes(target.clients, stackName));
        const deployment = new CdkDeployment(target, directory, report);
        await deployment.destroy(await deployment.source(config.app, selection));
        return 'gone';
      },
    },
    {
      title: 'Look for what is left behind',
      run: async () => {
        const found = memory.leftBehind(stackName, await takeInventory(target.clients), !target.local);
        left = found?.filter((item) => !belongsToTheAccount(item)) ?? [];
        turnedOn = found?.filter(belongsToTheAccount) ?? [];
        return found ? `${left.length} left` : 'not compared: nothing is known of the account before';
      },
    },
  ]);

  const { keysPendingDeletion } = await keptByAws(target.clients);
  for (const item of left) console.log(`  left behind: ${item}`);
  for (const item of turnedOn) console.log(`  stays, because it belongs to no stack: ${item}`);
  for (const type of unlisted) console.log(`  not looked for: ${type}`);
  if (keysPendingDeletion.length > 0) console.log(`AWS keeps ${keysPendingDeletion.length} deleted key(s) until their waiting period ends (at least 7 days)`);
  if (left.length === 0) memory.forget(stackName);
  if (target.local && left.length === 0) await stopUnlessInUse(target, local);
  console.log(`down: ${stackName} ${existed ? 'deleted' : 'was not there'}, ${left.length} left behind`);
  return left.length > 0 ? ExitCode.CHECKS_FAILED : ExitCode.OK;
}

const BOOTSTRAP_STACK = 'stack CDKToolkit';

async function stopUnlessInUse(target: Target, local: LocalAws): Promise<void> {
  const others = (await takeInventory(target.clients)).filter((item) => item.startsWith('stack ') && item !== BOOTSTRAP_STACK);
  if (others.length > 0) {
    console.log(`the local AWS goes on for ${others.join(', ')}`);
    return;
  }
  await local.stop();
  console.log('the local AWS was stopped');
}
