import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DBInstanceNotFoundFault, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { Clients } from './clients';
import { ExitCode, Problem } from './problem';
import { DeployedStack } from './verify/deployed-stack';

/**
 * Stops before anything is deleted if something protects the stack, or a database of it: a deletion that is refused half-way has taken away
 * the alarms and the roles of what is still there. Nothing is lifted here: whoever does that decides to.
 *
 * @throws Problem with the commands that lift it
 */
export async function stopIfProtected({ cloudFormation, rds }: Clients, stack: DeployedStack): Promise<void> {
  const lifting: string[] = [];
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack.name }));
  if (Stacks![0].EnableTerminationProtection) {
    lifting.push(`aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack.name}`);
  }
  for (const { physicalId, logicalId } of stack.ofType('AWS::RDS::DBInstance')) {
    if (stack.template.Resources[logicalId]?.DeletionPolicy?.startsWith('Retain')) continue;
    if (await isProtected(rds, physicalId)) {
      lifting.push(`aws rds modify-db-instance --no-deletion-protection --apply-immediately --db-instance-identifier ${physicalId}`);
    }
  }
  if (lifting.length > 0) {
    throw new Problem(`'${stack.name}' is protected from deletion, and nothing was deleted; if it has to go: ${lifting.join(' && ')}`, ExitCode.STACK);
  }
}

async function isProtected(rds: Clients['rds'], DBInstanceIdentifier: string): Promise<boolean> {
  try {
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
    return DBInstances?.[0]?.DeletionProtection ?? false;
  } catch (error) {
    // somebody deleted it
    if (error instanceof DBInstanceNotFoundFault) return false;
    throw error;
  }
}
