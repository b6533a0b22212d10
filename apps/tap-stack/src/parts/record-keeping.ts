import { AuditTrail, AuditTrailProps, SecurityChangeWatch } from '@tapstack/audit-trail';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { detectThreats } from '../conventions/threat-detection';
import { EnvironmentStack } from '../environments/environment';

/** Where records go, and who is told. */
export interface RecordKeepingProps {
  readonly encryptionKey: kms.IKey;
  /** Encrypts what the trail records, if not the same key. */
  readonly auditKey?: kms.IKey;
  readonly alerts: sns.ITopic;
  readonly accessLogsBucket: s3.IBucket;
  /** The network that the watch works in. */
  readonly vpc: ec2.IVpc;
  /** Whose objects and functions the trail records the use of; nobody's if left out. */
  readonly dataEvents?: AuditTrailProps['dataEvents'];
}

/** What keeps the records. */
export interface RecordKeeping {
  readonly watch: SecurityChangeWatch;
  readonly audit: AuditTrail;
}

/** Whatever is done is recorded, whoever opens a security group is named at once, and threats are detected as the stage says. */
export function keepRecords(stack: EnvironmentStack, props: RecordKeepingProps): RecordKeeping {
  const { encryptionKey, auditKey = encryptionKey, alerts: topic, accessLogsBucket, vpc, dataEvents } = props;
  const { stage } = stack;
  const { dataRemoval: removalPolicy, logsKeptFor } = stage;

  const watch = new SecurityChangeWatch(stack, 'Watch', { topic, encryptionKey, vpc, retention: stage.logRetention, removalPolicy });
  const { failedEvents } = watch;
  const audit = new AuditTrail(stack, 'Audit', {
    trailName: stack.names.of('trail'),
    encryptionKey: auditKey,
    bucketNamePrefix: stack.names.of('cloudtrail'),
    accessLogsBucket,
    dataEvents,
    retention: stage.trailRetention,
    logFilesKeptFor: logsKeptFor,
    objectLock: stage.archiveLocked ? s3.ObjectLockRetention.compliance(logsKeptFor) : undefined,
    topic,
    failedEvents,
    removalPolicy,
  });
  detectThreats(stack, stage, { topic, encryptionKey, failedEvents });
  return { watch, audit };
}
