import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteStackCommand, DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { Clients } from './clients';
import { ExitCode, Problem } from './problem';
import { FirstStep, firstStepBeforeDeploy } from './stack-state';
import { Report } from './toolkit';

const LONGEST_WAIT_MINUTES = 60;
const POLL_SECONDS = 2;

/** The status of a stack, or undefined if there is none. */
export async function stackStatus({ cloudFormation }: Clients, name: string): Promise<string | undefined> {
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.[0]?.StackStatus;
  } catch (error) {
    if ((error as Error).name === 'ValidationError' && (error as Error).message.includes('does not exist')) return undefined;
    throw error;
  }
}

/** The types of the resources of a stack, each once. */
export async function resourceTypes({ cloudFormation }: Clients, StackName: string): Promise<string[]> {
  const types = new Set<string>();
  for await (const { StackResourceSummaries } of paginateListStackResources({ client: cloudFormation }, { StackName })) {
    for (const { ResourceType } of StackResourceSummaries ?? []) types.add(ResourceType!);
  }
  return [...types].sort();
}

/**
 * Makes a stack deployable again that a killed or failed run left half-way.
 *
 * @throws Problem if only a person can decide what to do with it
 */
export async function makeDeployable(clients: Clients, name: string, report: Report): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MINUTES * 60_000;
  for (;;) {
    const status = await stackStatus(clients, name);
    switch (firstStepBeforeDeploy(status)) {
      case FirstStep.NONE:
        return;
      case FirstStep.STOP:
        throw new Problem(`the stack '${name}' is ${status}, which no deployment can mend; see its events, then 'tapstack down' or repair it by hand`, ExitCode.STACK);
      case FirstStep.DELETE:
        report(`the stack is ${status} from an earlier run that did not finish: deleting it first`);
        await clients.cloudFormation.send(new DeleteStackCommand({ StackName: name }));
        break;
      case FirstStep.WAIT:
        report(`the stack is ${status} from an earlier run: waiting`);
    }
    if (Date.now() > deadline) throw new Problem(`the stack '${name}' is still ${status} after ${LONGEST_WAIT_MINUTES} minutes`, ExitCode.STACK);
    await sleep(POLL_SECONDS * 1000);
  }
}
