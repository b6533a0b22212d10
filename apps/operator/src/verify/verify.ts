import { Selection } from '../selection';
import { Target } from '../target';
import { Result, runChecks } from './check';
import { DeployedStack } from './deployed-stack';
import { alarmArrives } from './drills/alarm';
import { plainHttp } from './drills/plain-http';
import { rolesWithoutDrill } from './drills/role';
import { ledgerChecks } from './ledger';
import { POSTURE } from './posture';

/** What was found out about one stack. */
export interface Verification {
  readonly stack: DeployedStack;
  readonly results: Result[];
}

/** Reads back every resource of a stack, then drills it. */
export async function verify(target: Target, selection: Selection, report: (result: Result) => void): Promise<Verification> {
  const stack = await DeployedStack.read(target.clients, selection.stackName);
  const context = { stack, target };
  const drills = [plainHttp, alarmArrives, ...selection.config.drills ?? []].flatMap((drill) => drill(context));
  const checks = [
    ...POSTURE.flatMap((posture) => posture(stack, target.clients)),
    ...drills,
    ...rolesWithoutDrill(stack, drills),
    ...await ledgerChecks(target, selection.stackName),
  ];
  return { stack, results: await runChecks(checks, report) };
}
