import { GetRoleCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { Clients } from '../../clients';
import { Check, failed, notVerifiable, passed } from '../check';
import { DeployedStack } from '../deployed-stack';
import { attempted } from './attempt';
import type { Attempt } from './attempt';
import { Drill, DrillContext } from './drill';

/** The job of one role. */
export interface RoleJob {
  /** The logical id of the role begins with this. */
  readonly role: string;
  /** The service that assumes it. */
  readonly service: string;
  /** The resource that the service acts for, where the role's trust policy asks for it. */
  readonly sourceArn?: (context: DrillContext) => string;
  readonly may: (context: DrillContext) => Attempt[];
  readonly mayNot: (context: DrillContext) => Attempt[];
}

/** A role does its job, and is denied what lies next to it: with real calls as that role where it can be had, else by IAM's simulation. */
export function roleDoesItsJob(job: RoleJob): Drill {
  return (context) => {
    const role = context.stack.resource('AWS::IAM::Role', job.role);
    const check = (attempt: Attempt, allowed: boolean): Check => ({
      title: `${role.logicalId}: ${allowed ? 'may' : 'may not'} ${attempt.title}`,
      confirms: attempt.confirms,
      run: async () => {
        const verdict = await tryOut(context, role.physicalId, job, attempt);
        return verdict === (allowed ? 'allowed' : 'denied') ? passed : failed(verdict);
      },
    });
    return [...job.may(context).map((attempt) => check(attempt, true)), ...job.mayNot(context).map((attempt) => check(attempt, false))];
  };
}

/** A role that no drill speaks of: nobody can tell what it is for. */
export function rolesWithoutDrill(stack: DeployedStack, checks: readonly Check[]): Check[] {
  const undrilled = stack.ofType('AWS::IAM::Role').filter(({ logicalId }) => !['may', 'may not'].every((verb) =>
    checks.some(({ title }) => title.startsWith(`${logicalId}: ${verb} `))));
  return undrilled.map(({ logicalId }) => ({
    title: `${logicalId}: does its job and is denied what lies next to it`,
    run: async () => notVerifiable('no drill in the configuration says what this role is for'),
  }));
}

async function tryOut(context: DrillContext, roleName: string, job: RoleJob, attempt: Attempt): Promise<string> {
  const { target } = context;
  const { Role } = await target.clients.iam.send(new GetRoleCommand({ RoleName: roleName }));
  if (!target.asRole) return simulate(target.clients, Role!.Arn!, attempt);
  const as = await target.asRole({ roleArn: Role!.Arn!, service: job.service, sourceArn: job.sourceArn?.(context) });
  return attempted(as, attempt);
}

async function simulate(clients: Clients, roleArn: string, attempt: Attempt): Promise<string> {
  const { EvaluationResults } = await clients.iam.send(new SimulatePrincipalPolicyCommand({
    PolicySourceArn: roleArn, ActionNames: [attempt.action], ResourceArns: [attempt.resource],
  }));
  switch (EvaluationResults?.[0]?.EvalDecision) {
    case 'allowed': return 'allowed';
    case 'explicitDeny': case 'implicitDeny': return 'denied';
    default: return 'IAM did not decide';
  }
}
