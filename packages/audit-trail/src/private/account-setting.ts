import * as path from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Where settings report. */
export interface Reporting {
  readonly encryptionKey: kms.IKey;
  readonly logGroup: logs.ILogGroup;
  /** Who hears of a request that could not be answered. */
  readonly topic: sns.ITopic;
}

/** What sets something of the account, and what it needs for that. */
export interface AccountSettingProps extends Reporting {
  /** The directory of the bundled handler. */
  readonly handler: string;
  /** What it does, as a sentence without its end. */
  readonly does: string;
  /** The type that CloudFormation shows. */
  readonly resourceType: string;
  /** What the handler is told. */
  readonly properties: Record<string, unknown>;
  /** What the handler may do, besides writing its log and telling `topic`. */
  readonly statements: iam.PolicyStatement[];
  /** What `reportingPolicy` made, for settings that report to the same place. The setting's own policy says it without. */
  readonly reportingPolicy?: iam.IManagedPolicy;
}

/** Lets settings write one log and tell one topic: what those of one construct have in common. */
export function reportingPolicy(scope: Construct, reporting: Reporting): iam.ManagedPolicy {
  return policy(scope, 'ReportingPolicy', report(reporting));
}

/**
 * Something that the account has once, which CloudFormation has no type for, or one that fails where it is there already.
 *
 * A custom resource with a function of its own: one privilege, one role.
 */
export class AccountSetting extends Construct {
  /** The function that sets it. */
  public readonly function: lambda.Function;

  /** What was set. */
  public readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: AccountSettingProps) {
    super(scope, id);

    const { statements, logGroup, topic, reportingPolicy: shared } = props;
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      // no key names this role: the role can name its policies, and has them when it is there
      managedPolicies: shared
        ? [policy(this, 'RolePolicy', statements), shared]
        : [policy(this, 'RolePolicy', [...statements, ...report(props)])],
    });
    this.function = new lambda.Function(this, 'Function', {
      description: `${props.does[0].toUpperCase()}${props.does.slice(1)}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(path.join(__dirname, '..', '..', 'assets', props.handler)),
      // all it may do is in these policies: the function would add inline ones
      role: role.withoutPolicyUpdates(),
      timeout: Duration.minutes(2),
      memorySize: 256,
      deadLetterTopic: topic,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
    });
    this.resource = new CustomResource(this, 'Setting', {
      serviceToken: this.function.functionArn,
      resourceType: props.resourceType,
      properties: props.properties,
      // a function that cannot answer must not hold the stack for an hour
      serviceTimeout: Duration.minutes(10),
    });
  }
}

function policy(scope: Construct, id: string, statements: iam.PolicyStatement[]): iam.ManagedPolicy {
  return new iam.ManagedPolicy(scope, id, { document: new iam.PolicyDocument({ minimize: false, statements }) });
}

function report({ encryptionKey, logGroup, topic }: Reporting): iam.PolicyStatement[] {
  const keys = topic.masterKey ? [encryptionKey, topic.masterKey] : [encryptionKey];
  return [
    allow('TellFailures', ['sns:Publish'], [topic.topicArn]),
    allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
    allow('UseKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], [...new Set(keys.map((key) => key.keyArn))]),
  ];
}

function allow(sid: string, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources });
}
