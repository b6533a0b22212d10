import { EncryptedTopic, EncryptionKey, ViaService } from '@tapstack/encrypted-storage';
import { Annotations, Aws, CfnElement, DefaultStackSynthesizer, Stack, StackProps } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { subscribeIfGiven } from '../conventions/email-subscription';
import { completeHelperFunctions } from '../conventions/helper-functions';
import { Names } from '../conventions/names';
import { addOutputs, OutputValue } from '../conventions/outputs';
import { shortTemplate } from '../conventions/short-template';
import { STACK_TAGS, tagEverything } from '../conventions/tags';
import { Parameters, SUFFIX_REFERENCE } from '../parameters';
import { Stage } from '../stage';

/** What every environment is built with. */
export interface EnvironmentProps extends StackProps {
  readonly stage: Stage;
}

/** What tells an environment from the others before anything is in it. */
export interface EnvironmentTraits {
  readonly description: string;
  /** Makes names from the suffix. */
  readonly names: (suffix: string) => Names;
}

/** What `complete` cannot see by itself. */
export interface Completion {
  /** Encrypts what helper functions log. */
  readonly encryptionKey: kms.IKey;
  /** Hears of helper functions that failed for good. */
  readonly failures: sns.ITopic;
  /** What the resource of a construct is called where its place in the tree does not say it well. */
  readonly resourceNames: [IConstruct, string][];
  /** What other stacks, tests and people need. */
  readonly outputs: Record<string, OutputValue>;
}

/** A stack of this app: what every environment is given, and what is done to each one when all is in it. */
export abstract class EnvironmentStack extends Stack {
  public readonly stage: Stage;
  public readonly parameters: Parameters;
  public readonly names: Names;
  private readonly suffix: string;
  private readonly environmentTag: string;

  protected constructor(scope: Construct, id: string, props: EnvironmentProps, { description, names }: EnvironmentTraits) {
    super(scope, id, {
      ...props,
      description,
      tags: STACK_TAGS,
      terminationProtection: props.stage.terminationProtection,
      // whatever deploys through a bootstrap looks at its version itself: no parameter and no rule of the template has to
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
    });

    this.stage = props.stage;
    this.parameters = new Parameters(this);
    this.suffix = this.parameters.environmentSuffix();
    this.environmentTag = this.parameters.environment();
    this.names = names(SUFFIX_REFERENCE);
    Annotations.of(this).acknowledgeWarning('secure-network:NET-08', 'no environment has a table of DynamoDB');
    Annotations.of(this).acknowledgeWarning('encrypted-storage:STO-10', 'the stage decides how long logs are kept (X-04)');
  }

  /** A key that is kept as the stage says. */
  protected customerKey(id: string, onlyVia: ViaService[]): kms.Key {
    const { dataRemoval: removalPolicy, keyPendingWindow: pendingWindow } = this.stage;
    return new EncryptionKey(this, id, { onlyVia, removalPolicy, pendingWindow }).key;
  }

  /** The topic that alarms and security alerts go to, and whoever gave an address with it. */
  protected alertTopic(encryptionKey: kms.IKey, topicName?: string): sns.Topic {
    const alerts = new EncryptedTopic(this, 'Alerts', { topicName, encryptionKey });
    alerts.allowCloudWatchAlarms();
    subscribeIfGiven(alerts.topic, this.parameters.alertEmail());
    return alerts.topic;
  }

  /** What is done when all is there: helper functions are completed, everything is tagged, and what is needed outside is put out. */
  protected complete({ encryptionKey, failures, resourceNames, outputs }: Completion): void {
    const { logRetention, dataRemoval: removalPolicy } = this.stage;
    completeHelperFunctions(this, { encryptionKey, logRetention, removalPolicy, failures });
    tagEverything(this, { names: this.names, environment: this.environmentTag, resourceNames: new Map(resourceNames) });
    addOutputs(this, {
      ...outputs,
      StackName: { value: Aws.STACK_NAME, description: 'The name of this stack' },
      EnvironmentSuffix: { value: this.suffix, description: 'The suffix in the names of this stack' },
    });
  }

  /** The ids of constructs, without the hash of the CDK: where two would be called alike, synthesis fails. */
  protected allocateLogicalId(element: CfnElement): string {
    return super.allocateLogicalId(element).replace(/[0-9A-F]{8}$/, '');
  }

  /** A template is said the short way: the longest ones would not fit into the share that an environment takes of CloudFormation's limit. */
  protected _toCloudFormation(): unknown {
    return shortTemplate(this.resolve(super._toCloudFormation()));
  }
}
