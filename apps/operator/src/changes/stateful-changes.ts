import { Change, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';

/** What an update would do to a resource that holds what nothing can make again. */
export interface StatefulChange {
  readonly logicalId: string;
  readonly type: string;
  readonly fate: 'replaced' | 'may be replaced' | 'removed';
  /** The properties that do it. */
  readonly because: string[];
}

/** Types that hold data, or an identity that others hold on to. */
const STATEFUL: ReadonlySet<string> = new Set([
  'AWS::CloudTrail::Trail', 'AWS::DynamoDB::Table', 'AWS::EC2::Volume', 'AWS::EFS::FileSystem', 'AWS::KMS::Key', 'AWS::Logs::LogGroup',
  'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::S3::Bucket', 'AWS::SNS::Topic', 'AWS::SQS::Queue', 'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
]);

/**
 * Properties that schemas call replacing under a condition which is none of an instance of its own: they are changed where the instance is.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html
 */
const IN_PLACE: Readonly<Record<string, readonly string[]>> = {
  'AWS::RDS::DBInstance': ['AutoMinorVersionUpgrade', 'BackupRetentionPeriod', 'MultiAZ', 'PreferredMaintenanceWindow'],
};

/** Whether a type of resource holds what nothing can make again. */
export function isStateful(type: string): boolean {
  return STATEFUL.has(type);
}

/**
 * Reads a change set: which resources with state would not be there afterwards as they are now. A change that depends on an
 * attribute of another resource counts if that one may be replaced: identities do not change as long as a resource stays.
 */
export function statefulChanges(changes: readonly Change[]): StatefulChange[] {
  const all = new Map(changes.flatMap(({ ResourceChange: one }) => (one ? [[one.LogicalResourceId!, one]] : [])));
  return [...all.values()].filter((one) => isStateful(one.ResourceType!)).flatMap((one) => {
    const because = [...new Set(replacingDetails(one, all).map((detail) => detail.Target!.Name ?? detail.Target!.Attribute!))];
    const fate = fateOf(one, because.length > 0);
    return fate ? [{ logicalId: one.LogicalResourceId!, type: one.ResourceType!, fate, because }] : [];
  });
}

function fateOf({ Action, Replacement }: ResourceChange, mayBeReplaced: boolean): StatefulChange['fate'] | undefined {
  if (Action === 'Remove') return 'removed';
  if (Replacement === 'True') return 'replaced';
  return mayBeReplaced ? 'may be replaced' : undefined;
}

type Changes = ReadonlyMap<string, ResourceChange>;

/** The details of a change that make a new resource, or may. */
function replacingDetails(change: ResourceChange, all: Changes, asked: readonly string[] = []): ResourceChangeDetail[] {
  const inPlace = IN_PLACE[change.ResourceType!] ?? [];
  return (change.Details ?? []).filter(({ Target, Evaluation, CausingEntity }) => {
    if (Target?.RequiresRecreation === 'Never' || inPlace.includes(Target?.Name ?? '')) return false;
    return Evaluation !== 'Dynamic' || CausingEntity === undefined || isReplaced(CausingEntity.split('.')[0], all, asked);
  });
}

function isReplaced(logicalId: string, all: Changes, asked: readonly string[]): boolean {
  const change = all.get(logicalId);
  if (!change || asked.includes(logicalId)) return false;
  return change.Replacement === 'True' || replacingDetails(change, all, [...asked, logicalId]).length > 0;
}
