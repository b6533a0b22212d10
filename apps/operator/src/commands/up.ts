import * as fs from 'node:fs';
import * as path from 'node:path';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { LocalAws, oneAtATime } from '@tapstack/local-aws';
import { Inventory, takeInventory } from '../inventory/inventory';
import { ExitCode } from '../problem';
import { runSteps, Step } from '../progress';
import { closingLine, details, stateDirectory, writeReport } from '../report';
import { makeDeployable, stackStatus } from '../stacks';
import { Target } from '../target';
import { CdkDeployment } from '../toolkit';
import { tally } from '../verify/check';
import { Verification, verify } from '../verify/verify';
import { commandContext, memoryOf, reach, StackOptions } from './context';

/** `tapstack up`: starts what is needed, deploys one environment, proves that it works. */
export async function up(options: StackOptions): Promise<ExitCode> {
  const { directory, config, selection } = await commandContext(options);
  const local = new LocalAws({ port: options.port });
  const { stackName } = selection;
  const memory = memoryOf(directory, options, local);
  let target!: Target;
  let before!: Inventory;
  let verification!: Verification;

  const steps: Step[] = [
    {
      title: options.target === 'local' ? 'Local AWS' : 'AWS account',
      run: async (report) => {
        const started = options.target === 'local' && await local.start(report);
        if (started) memory.forgetAll();
        target = reach(options, local);
        const { Account } = await target.clients.sts.send(new GetCallerIdentityCommand({}));
        return `account ${Account} at ${target.name}${started ? ', started' : ''}`;
      },
    },
    {
      title: 'Bootstrap',
      run: async (report) => {
        const { Account } = await target.clients.sts.send(new GetCallerIdentityCommand({}));
        const region = await target.clients.sts.config.region();
        fs.mkdirSync(stateDirectory(directory), { recursive: true });
        // the account has one bootstrap stack, and another suffix may be on its way too
        await oneAtATime(path.join(stateDirectory(directory), 'bootstrap'), () => new CdkDeployment(target, directory, report).bootstrap(Account!, region));
      },
    },
    {
      title: `Deploy ${selection.environment} as ${stackName}`,
      run: async (report) => {
        await makeDeployable(target.clients, stackName, report);
        before = await takeInventory(target.clients);
        if (await stackStatus(target.clients, stackName) === undefined) memory.begin(stackName, before);
        const deployment = new CdkDeployment(target, directory, report);
        await deployment.deploy(await deployment.source(config.app, selection), selection);
        memory.note(stackName, before, await takeInventory(target.clients));
      },
    },
    {
      title: 'Verify',
      run: async (report) => {
        verification = await verify(target, selection, (result) => report(`${result.verdict}: ${result.title}`));
        // what functions wrote meanwhile came with the stack, too
        memory.note(stackName, before, await takeInventory(target.clients));
        const counts = tally(verification.results);
        return `${counts.passed} passed, ${counts.failed} failed`;
      },
    },
  ];
  await runSteps(steps);

  const { stack, results } = verification;
  const counts = tally(results);
  const report = path.relative(process.cwd(), writeReport(directory, target, selection, verification));
  for (const line of details(results)) console.log(line);
  console.log(`every check, and the outputs: ${report}`);
  if (target.local) console.log('a shell on it: eval "$(npx tapstack local env)" and any AWS client; its log: npx tapstack local logs');
  console.log(closingLine(selection.environment, stack.resources.length, counts));
  return counts.failed > 0 ? ExitCode.CHECKS_FAILED : ExitCode.OK;
}
