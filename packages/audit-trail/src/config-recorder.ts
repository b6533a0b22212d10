import { EncryptedLogGroup, EncryptionKey, LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IDependable } from 'constructs';
import { ConfigRuleSet, ManagedConfigRule } from './config-rule-set';
import { AccountSetting } from './private/account-setting';
import { checkName } from './private/check-name';
import { conformancePackTemplate } from './private/conformance-pack';
import { ADOPTED, ensured } from './private/recorder-settings';
import { ruleId } from './private/rule-id';

/** What AWS Config takes as one conformance pack, and cannot be asked to raise. */
const PACK_RULES = 130;
const PACK_BYTES = 51_200;

/**
 * Whose recorder the rules work with. An account has one in each region.
 */
export enum RecorderSource {
  /** Makes recorder, channel and bucket. Fails where there is a recorder already. */
  CREATE = 'CREATE',

  /**
   * Uses the recorder that is there, starts it if it stands still, and leaves it as it was when the stack goes. Its role, its channel
   * and what it records are not touched. Fails where there is none.
   */
  ADOPT = 'ADOPT',

  /**
   * Uses the recorder that is there as `ADOPT` does, and makes one where there is none: the account's, not the stack's. Several stacks
   * may ensure one recorder; it delivers to the bucket of the first, and of another when that one goes. With `RemovalPolicy.DESTROY`
   * the last stack takes away what was made. For templates that must deploy in any account, and more than once.
   */
  ENSURE = 'ENSURE',

  /** Makes rules only. Somebody else sees to it that the account records. */
  RULES_ONLY = 'RULES_ONLY',
}

/**
 * Properties of `ConfigRecorder`.
 */
export interface ConfigRecorderProps {
  /**
   * Whose recorder it is.
   *
   * @default RecorderSource.CREATE
   * @see https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html
   */
  readonly source?: RecorderSource;

  /**
   * What is checked. A rule that is in several sets is made once, as the first of them has it. Each evaluation is charged for.
   *
   * @default - `CIS`, `STORAGE`, `NETWORK` and `IDENTITY`
   */
  readonly ruleSets?: ConfigRuleSet[];

  /**
   * The name of the conformance pack that the rules are in: deployed, shown, scored and deleted as one, and one resource of the stack. 1
   * to 256 letters, digits and hyphens, a letter first; no other pack of the account and region may have it. At most 130 rules, and
   * 51,200 bytes with their parameters. An account has up to 50 packs.
   *
   * @default - no pack: each rule is a resource of its own
   * @see https://docs.aws.amazon.com/config/latest/developerguide/conformance-packs.html
   */
  readonly conformancePackName?: string;

  /**
   * What the recorder looks at the account with. Only with `CREATE`. Security Hub's Config.1 asks for the service-linked role, which
   * an account has once and which may be passed here as `iam.Role.fromRoleArn(…)`.
   *
   * @default - a new role with `service-role/AWS_ConfigRole`
   * @see https://docs.aws.amazon.com/config/latest/developerguide/using-service-linked-roles.html
   */
  readonly role?: iam.IRole;

  /**
   * The key that encrypts what is delivered, and with `ADOPT` and `ENSURE` the log. AWS Config is let in by its policy; an imported key
   * must do that itself, and synthesis warns.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days; with `RULES_ONLY` none
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The beginning of a name for the bucket that only this account can take: `<prefix>-<account>-<region>-an`. Only with `CREATE`
   * and `ENSURE`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly bucketNamePrefix?: string;

  /**
   * The bucket that receives the access logs of the bucket. Only with `CREATE` and `ENSURE`.
   *
   * @default - access is not logged, and synthesis warns
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * Who hears of a request to adopt or to make a recorder that was never answered. Needed with `ADOPT` and `ENSURE`, and only then.
   *
   * @default - nobody: there is no such request
   */
  readonly topic?: sns.ITopic;

  /**
   * How long the log of the function that adopts or ensures is kept. Only with `ADOPT` and `ENSURE`.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * How long snapshots and histories are kept. Whole days, from 1 to 36,500. Less than a year is warned about. Only with `CREATE` and
   * `ENSURE`.
   *
   * @default Duration.days(365)
   */
  readonly historyKeptFor?: Duration;

  /**
   * What happens to bucket, key and log group, if they are made here, when they leave the stack. Recorder, channel and rules go; what
   * `ENSURE` made goes with `DESTROY` only, when no other stack uses it.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * AWS Config records every change of every resource, and checks them against rules.
 *
 * Recorder and channel depend on each other in neither direction: the recorder starts when there is a channel, and the channel
 * needs a recorder, so that CloudFormation waits for ever or fails if it is told an order.
 *
 * Controls: AUD-21 every resource is recorded, AUD-22 compliance is checked, AUD-13 nothing of the account's is undone,
 * AUD-10 encrypted.
 */
export class ConfigRecorder extends Construct {
  /** The rules, if each is a resource of its own; none with `conformancePackName`. Their own events and metrics apply. */
  public readonly rules: config.ManagedRule[];

  /** The rules as one, with `conformancePackName`. AWS Config adds `-conformance-pack-…` to the name of each. */
  public readonly conformancePack?: config.CfnConformancePack;

  /** The recorder, with `CREATE`. */
  public readonly recorder?: config.CfnConfigurationRecorder;

  /** The channel that delivers snapshots and histories, with `CREATE`. */
  public readonly deliveryChannel?: config.CfnDeliveryChannel;

  /** The bucket of snapshots and histories, with `CREATE` and `ENSURE`. With the latter it stays empty where somebody else's recorder delivers. */
  public readonly bucket?: s3.Bucket;

  /**
   * @throws if a property does not go with `source`, or a conformance pack cannot have the name or the rules
   */
  constructor(scope: Construct, id: string, props: ConfigRecorderProps = {}) {
    super(scope, id);

    const source = props.source ?? RecorderSource.CREATE;
    this.checkInput(source, props);

    let needed: IDependable | undefined;
    if (source !== RecorderSource.RULES_ONLY) {
      const key = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy: props.removalPolicy }).key;
      if (source !== RecorderSource.ADOPT) this.bucket = this.makeBucket(key, props);
      if (source === RecorderSource.CREATE) {
        this.recorder = this.makeRecorder(props.role);
        this.deliveryChannel = this.makeChannel(this.bucket!);
        this.node.addValidation({ validate: () => this.circles() });
        this.node.defaultChild = this.recorder;
      }
      needed = this.recorder ?? this.asked(key, props, this.bucket);
    }
    const sets = props.ruleSets ?? [ConfigRuleSet.CIS, ConfigRuleSet.STORAGE, ConfigRuleSet.NETWORK, ConfigRuleSet.IDENTITY];
    const rules = [...distinct(sets).values()];
    if (props.conformancePackName !== undefined) this.conformancePack = this.makePack(props.conformancePackName, rules);
    this.rules = this.conformancePack ? [] : rules.map((rule) => this.makeRule(rule));
    // AWS Config takes no rule before there is a recorder
    if (needed) (this.conformancePack ? [this.conformancePack] : this.rules).forEach(({ node }) => node.addDependency(needed));
  }

  private makeBucket(encryptionKey: kms.IKey, { bucketNamePrefix, accessLogsBucket, historyKeptFor, removalPolicy }: ConfigRecorderProps): s3.Bucket {
    return new LogBucket(this, 'History', {
      purpose: LogPurpose.CONFIG, encryptionKey, bucketNamePrefix, accessLogsBucket, logsKeptFor: historyKeptFor, removalPolicy,
    }).bucket;
  }

  private makeRecorder(given?: iam.IRole): config.CfnConfigurationRecorder {
    const role = given ?? new iam.Role(this, 'Role', {
      description: `Lets AWS Config look at every resource (${this.node.path})`,
      assumedBy: new iam.ServicePrincipal('config.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } } }),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWS_ConfigRole')],
    });
    return new config.CfnConfigurationRecorder(this, 'Recorder', {
      roleArn: role.roleArn,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    });
  }

  private makeChannel(bucket: s3.Bucket): config.CfnDeliveryChannel {
    const channel = new config.CfnDeliveryChannel(this, 'Channel', {
      s3BucketName: bucket.bucketName,
      s3KmsKeyArn: bucket.encryptionKey!.keyArn,
      configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
    });
    // AWS Config tries to write when the channel is made
    channel.node.addDependency(bucket.policy!);
    return channel;
  }

  /** A function of its own for either source: who adopts may not make or delete. */
  private asked(encryptionKey: kms.IKey, { topic, logRetention, removalPolicy }: ConfigRecorderProps, bucket?: s3.Bucket): IDependable {
    const { logGroup } = new EncryptedLogGroup(this, 'Logs', { encryptionKey, retention: logRetention, removalPolicy });
    const setting = { encryptionKey, logGroup, topic: topic! };
    if (!bucket) return new AccountSetting(this, 'Adopted', { ...setting, ...ADOPTED });

    const { resource } = new AccountSetting(this, 'Ensured', {
      ...setting, ...ensured(bucket, encryptionKey, removalPolicy !== RemovalPolicy.DESTROY),
    });
    // AWS Config tries to write when the channel is made
    resource.node.addDependency(bucket.policy!);
    return resource;
  }

  private makeRule({ identifier, parameters }: ManagedConfigRule): config.ManagedRule {
    return new config.ManagedRule(this, ruleId(identifier), { identifier, inputParameters: parameters });
  }

  private makePack(conformancePackName: string, rules: ManagedConfigRule[]): config.CfnConformancePack {
    const templateBody = conformancePackTemplate(rules);
    if (rules.length < 1 || rules.length > PACK_RULES) {
      throw new Error(`'ruleSets' must have 1 to ${PACK_RULES} rules for a conformance pack, got ${rules.length}; leave 'conformancePackName' out, or use two constructs [${this.node.path}]`);
    }
    if (Buffer.byteLength(templateBody) > PACK_BYTES) {
      throw new Error(`'ruleSets' must fit into the ${PACK_BYTES} bytes of a conformance pack, got ${Buffer.byteLength(templateBody)}; tell the rules less [${this.node.path}]`);
    }
    return new config.CfnConformancePack(this, 'Pack', { conformancePackName, templateBody });
  }

  /** Whoever orders the two, by `addDependency` or by a reference, stops the deployment. */
  private circles(): string[] {
    const [recorder, channel] = [this.recorder!, this.deliveryChannel!];
    const ordered = ([[recorder, channel], [channel, recorder]] as [CfnResource, CfnResource][])
      .filter(([first, second]) => first.obtainDependencies().includes(second));
    return ordered.map(([first, second]) => (
      `recorder and channel must not depend on each other, got '${first.node.id}' after '${second.node.id}'; take the dependency away [${this.node.path}]`
    ));
  }

  private checkInput(source: RecorderSource, props: ConfigRecorderProps): void {
    const { role, bucketNamePrefix, accessLogsBucket, historyKeptFor, logRetention } = props;
    const { CREATE, ADOPT, ENSURE } = RecorderSource;
    this.only([CREATE], source, { role });
    this.only([CREATE, ENSURE], source, { bucketNamePrefix, accessLogsBucket, historyKeptFor });
    this.only([ADOPT, ENSURE], source, { logRetention });
    if (props.encryptionKey && source === RecorderSource.RULES_ONLY) {
      throw new Error(`'encryptionKey' must have something to encrypt, got 'source' ${source}; leave it out [${this.node.path}]`);
    }
    if ((props.topic !== undefined) !== [ADOPT, ENSURE].includes(source)) {
      throw new Error(`'topic' must come with 'source' ADOPT or ENSURE and only then, got ${props.topic ? 'one' : 'none'} with ${source} [${this.node.path}]`);
    }
    checkName(this, 'conformancePackName', props.conformancePackName, /^[a-zA-Z][a-zA-Z0-9-]{0,255}$/, '1 to 256 letters, digits and hyphens, a letter first');
    if (source === RecorderSource.RULES_ONLY && props.ruleSets?.every(({ rules }) => rules.length === 0)) {
      throw new Error(`'ruleSets' must have rules when nothing else is made, got none; leave the construct out instead [${this.node.path}]`);
    }
  }

  private only(sources: RecorderSource[], source: RecorderSource, given: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(given)) {
      if (value !== undefined && !sources.includes(source)) {
        throw new Error(`'${name}' must come with 'source' ${sources.join(' or ')}, got ${source}; leave it out [${this.node.path}]`);
      }
    }
  }
}

function distinct(sets: ConfigRuleSet[]): Map<string, ManagedConfigRule> {
  const rules = new Map<string, ManagedConfigRule>();
  for (const rule of sets.flatMap((set) => set.rules)) {
    if (!rules.has(rule.identifier)) rules.set(rule.identifier, rule);
  }
  return rules;
}
