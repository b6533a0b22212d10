import * as path from 'node:path';
import { CustomResource, Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What sets something of the account, and what it needs for that. */
export interface AccountSettingProps {
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
  readonly encryptionKey: kms.IKey;
  readonly logGroup: logs.ILogGroup;
  /** Who hears of a request that could not be answered. */
  readonly topic: sns.ITopic;
}

/**
 * Something that the account has once, which CloudFormation has no type for, or one that fails where it is there already.
 *
 * A custom resource with a function of its own: one privilege, one role.
 */
export class AccountSetting extends Construct {
  /** The function that sets it. */
  public readonly function: lambda.Function;

  /** All that the function may do. */
  public readonly rolePolicy: iam.ManagedPolicy;

  /** What was set. */
  public readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: AccountSettingProps) {
    super(scope, id);

    const { encryptionKey, logGroup, topic } = props;
    const role = new iam.Role(this, 'Role', {
      description: `Role of the function that ${props.does} (${this.node.path})`,
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    this.rolePolicy = new iam.ManagedPolicy(this, 'RolePolicy', {
      description: `All that the function which ${props.does} may do (${this.node.path})`,
      document: new iam.PolicyDocument({
        minimize: false,
        statements: [
          ...props.statements,
          allow('TellFailures', ['sns:Publish'], [topic.topicArn]),
          allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
          allow('UseKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], [...new Set([encryptionKey, ...topic.masterKey ? [topic.masterKey] : []].map((key) => key.keyArn))]),
        ],
      }),
      roles: [role],
    });
    this.function = new lambda.Function(this, 'Function', {
      description: `${props.does[0].toUpperCase()}${props.does.slice(1)} (${this.node.path})`,
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(path.join(__dirname, '..', '..', 'assets', props.handler)),
      // all it may do is in `rolePolicy`: the function would add inline policies
      role: role.withoutPolicyUpdates(),
      timeout: Duration.minutes(2),
      memorySize: 256,
      deadLetterTopic: topic,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
    });
    // Lambda checks the role when the function is made
    this.function.node.addDependency(this.rolePolicy);
    this.resource = new CustomResource(this, 'Setting', {
      serviceToken: this.function.functionArn,
      resourceType: props.resourceType,
      properties: props.properties,
      // a function that cannot answer must not hold the stack for an hour
      serviceTimeout: Duration.minutes(10),
    });
  }
}

function allow(sid: string, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources });
}
