import { LocalAws } from '@tapstack/local-aws';
import { ExitCode, Problem } from '../problem';
import { details, writeReport } from '../report';
import { stackStatus } from '../stacks';
import { tally } from '../verify/check';
import { verify } from '../verify/verify';
import { commandContext, reach, StackOptions } from './context';

/** `tapstack verify`: the checks of `up` on a stack that runs already. */
export async function verifyStack(options: StackOptions): Promise<ExitCode> {
  const { directory, selection } = await commandContext(options);
  const local = new LocalAws({ port: options.port });
  if (options.target === 'local' && !await local.health()) {
    throw new Problem(`no local AWS runs on port ${local.port}; 'tapstack up' starts one`, ExitCode.LOCAL_AWS);
  }
  const target = reach(options, local);
  if (await stackStatus(target.clients, selection.stackName) === undefined) {
    throw new Problem(`there is no stack '${selection.stackName}'; 'tapstack up' deploys it`, ExitCode.STACK);
  }
  const verification = await verify(target, selection, (result) => console.log(`${result.verdict}: ${result.title}`));
  writeReport(directory, target, selection, verification);
  for (const line of details(verification.results)) console.log(line);
  const counts = tally(verification.results);
  console.log(`verify: ${selection.stackName}, ${counts.passed} checks passed, ${counts.failed} failed, ${counts.notVerifiable} not verifiable here`);
  return counts.failed > 0 ? ExitCode.CHECKS_FAILED : ExitCode.OK;
}
