import { EncryptedLogGroup, EncryptionKey } from '@tapstack/encrypted-storage';
import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AccountSetting, Reporting, reportingPolicy } from './private/account-setting';
import { ACCESS_ANALYZER, DetectionService, GUARD_DUTY, INSPECTOR, SECURITY_HUB } from './private/detection-services';
import { Notices } from './private/notices';

/**
 * How bad a finding is, in the words of AWS. Each includes those below.
 */
export enum FindingSeverity {
  /** Everything but what is merely informational: suspicious activity that was stopped, for example. GuardDuty: 1 and above. */
  LOW = 'LOW',
  /** What differs from what is usual, and should be looked into. GuardDuty: 4 and above. */
  MEDIUM = 'MEDIUM',
  /** A resource that is compromised or wide open. GuardDuty: 7 and above. */
  HIGH = 'HIGH',
  /** What must not wait: an attack in progress. GuardDuty: 9 and above. */
  CRITICAL = 'CRITICAL',
}

/**
 * Properties of `ThreatDetection`.
 */
export interface ThreatDetectionProps {
  /**
   * Who is told about findings, and about requests to turn a service on that were never answered. EventBridge is let in by its
   * policy and by that of its key; an imported topic or key must do that itself, and synthesis warns.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly topic: sns.ITopic;

  /**
   * The mildest findings that are told. Those of Access Analyzer have no severity and are told in any case.
   *
   * @default FindingSeverity.HIGH
   */
  readonly minimumSeverity?: FindingSeverity;

  /**
   * Whether Amazon GuardDuty watches API calls, DNS queries and network flows. Without it nobody notices stolen credentials at
   * work, and synthesis warns (AUD-12).
   *
   * @default true
   * @see https://docs.aws.amazon.com/guardduty/latest/ug/what-is-guardduty.html
   */
  readonly guardDuty?: boolean;

  /**
   * Whether IAM Access Analyzer says which resources can be reached from outside the account. Without it nobody notices a bucket,
   * role or key that was opened to others, and synthesis warns (AUD-12).
   *
   * @default true
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
   */
  readonly accessAnalyzer?: boolean;

  /**
   * Whether AWS Security Hub checks the account against its standards. It is charged for by check, and most checks need AWS
   * Config to record. What it takes from other products is told as well, but for what the services here find themselves.
   *
   * @default false
   * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-settingup.html
   */
  readonly securityHub?: boolean;

  /**
   * Whether Amazon Inspector looks for known vulnerabilities in instances, images and functions. It is charged for by what it
   * scans.
   *
   * @default false
   * @see https://docs.aws.amazon.com/inspector/latest/user/what-is-inspector.html
   */
  readonly inspector?: boolean;

  /**
   * The queue that keeps findings that could not be told. EventBridge is let in by its policy and by that of its key; an imported
   * one must do that itself, and synthesis warns.
   *
   * @default - a new `EncryptedDeadLetterQueue` that keeps them for 14 days
   */
  readonly failedEvents?: sqs.IQueue;

  /**
   * The key that encrypts the logs and the findings that could not be told. CloudWatch Logs and EventBridge are let in by its
   * policy; an imported key must do that itself, and synthesis warns.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The page whose section `#somebody-was-not-told` says what to do.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;

  /**
   * How long the log of what was turned on is kept. Less than a year is warned about.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly retention?: logs.RetentionDays;

  /**
   * What happens to the log group, and to queue and key if they are made here, when they leave the stack. The services stay on in
   * any case.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The services of AWS that detect threats, turned on where they are missing, and their findings told to a topic.
 *
 * Each service exists once in an account and region. One that is on is used as it is, and its settings are not touched; one that
 * was turned on here stays on when the stack goes, because others may rely on it by then. One that somebody paused fails the
 * deployment, rather than seeming to work.
 *
 * Controls: AUD-12 threats are detected, AUD-13 nothing of the account's is undone, AUD-14 findings are told,
 * AUD-04 no event is lost, AUD-05 least privilege, AUD-07 encrypted.
 */
export class ThreatDetection extends Construct {
  /** The rules that listen for findings, one for each service that was asked for. */
  public readonly findingRules: events.Rule[];

  /** The findings that could not be told. */
  public readonly failedEvents: sqs.IQueue;

  /** Goes off when somebody was not told; not there if `failedEvents` was given with such an alarm. */
  public readonly failedEventsAlarm?: cloudwatch.Alarm;

  /** The log of what was turned on: a line of JSON for each request. */
  public readonly logGroup: logs.LogGroup;

  /** The key that encrypts the logs and the findings that could not be told. */
  public readonly encryptionKey: kms.IKey;

  /**
   * @throws if no service is asked for
   */
  constructor(scope: Construct, id: string, props: ThreatDetectionProps) {
    super(scope, id);

    const services = this.services(props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    const encryptionKey = this.encryptionKey;
    this.logGroup = new EncryptedLogGroup(this, 'Logs', { encryptionKey, retention: props.retention, removalPolicy }).logGroup;
    const { topic, failedEvents, runbookUrl } = props;
    const notices = new Notices(this, { topic, failedEvents, encryptionKey: () => encryptionKey, removalPolicy, runbookUrl });
    this.failedEvents = notices.failedEvents;
    this.failedEventsAlarm = notices.failedEventsAlarm;

    const severity = props.minimumSeverity ?? FindingSeverity.HIGH;
    this.findingRules = services.map((service) => notices.tell(`${service.id}Findings`, `Findings of ${service.id}`, service.pattern(severity)));
    this.turnOn(services, { encryptionKey, logGroup: this.logGroup, topic });
  }

  /** A function and a role for each service; what they report to is the same. */
  private turnOn(services: DetectionService[], reporting: Reporting): void {
    const together = { ...reporting, reportingPolicy: reportingPolicy(this, reporting) };
    for (const service of services) {
      new AccountSetting(this, service.id, {
        handler: service.handler,
        does: `turns ${service.id} on where it is missing`,
        resourceType: 'Custom::ThreatDetection',
        properties: { Service: service.name },
        statements: service.statements(this),
        ...together,
      });
    }
  }

  private services({ guardDuty = true, accessAnalyzer = true, securityHub = false, inspector = false }: ThreatDetectionProps): DetectionService[] {
    const asked: [boolean, DetectionService][] = [
      [guardDuty, GUARD_DUTY], [accessAnalyzer, ACCESS_ANALYZER], [securityHub, SECURITY_HUB], [inspector, INSPECTOR],
    ];
    const services = asked.filter(([wanted]) => wanted).map(([, service]) => service);
    if (services.length === 0) {
      throw new Error(`'guardDuty', 'accessAnalyzer', 'securityHub' or 'inspector' must be true, got only false; leave the construct out instead [${this.node.path}]`);
    }
    for (const { id } of [GUARD_DUTY, ACCESS_ANALYZER].filter((service) => !services.includes(service))) {
      Annotations.of(this).addWarningV2(`audit-trail:AUD-12-${id}`, `${id} is not turned on here; make sure that the account has it`);
    }
    return services;
  }
}
