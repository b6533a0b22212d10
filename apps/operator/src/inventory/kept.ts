import { paginateDescribeStackEvents, ResourceStatus } from '@aws-sdk/client-cloudformation';
import { Clients } from '../clients';
import { DeployedStack } from '../verify/deployed-stack';

/** What `DeletionPolicy: Snapshot` leaves of a database. */
const SNAPSHOT = 'database snapshot ';

/** What `DeleteAutomatedBackups: false` leaves of a database. */
const BACKUP = 'database backup ';

/** What stays of a stack because its template says so. */
export interface KeptByDesign {
  /** Whether it is meant to stay; of what came with the stack. */
  has(item: string): boolean;
}

/** Of a stack that was deleted: CloudFormation says what it skipped, and the template what becomes of a database. */
export async function keptByDesign({ cloudFormation }: Clients, { id, template }: DeployedStack): Promise<KeptByDesign> {
  const skipped = new Set<string>();
  for await (const { StackEvents } of paginateDescribeStackEvents({ client: cloudFormation }, { StackName: id })) {
    for (const { ResourceStatus: status, PhysicalResourceId } of StackEvents ?? []) {
      if (status === ResourceStatus.DELETE_SKIPPED && PhysicalResourceId) skipped.add(PhysicalResourceId);
    }
  }
  const databases = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::RDS::DBInstance');
  const snapshots = databases.some(({ DeletionPolicy }) => DeletionPolicy === 'Snapshot');
  const backups = databases.some(({ Properties }) => Properties?.DeleteAutomatedBackups === false);
  return {
    has: (item) => (
      (snapshots && item.startsWith(SNAPSHOT)) || (backups && item.startsWith(BACKUP)) || [...skipped].some((name) => item.endsWith(` ${name}`))
    ),
  };
}
