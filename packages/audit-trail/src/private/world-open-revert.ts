import * as path from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { successfulCalls } from './security-group-calls';
import { deliveredTo } from './target';
import { watchStatements } from './watch-statements';

/** What the revert works with. */
export interface WorldOpenRevertProps {
  readonly topic: sns.ITopic;
  readonly failedEvents: sqs.IQueue;
  readonly logGroup: logs.ILogGroup;
  readonly encryptionKey: kms.IKey;
}

/**
 * Takes away what opens an administrator's or a database's port to the world, and tells the topic.
 *
 * A function of its own, because it may change what the watch only tells of. It is in no network: it needs EC2 and SNS. The calls that it makes
 * are not among those that its rule listens to.
 */
export class WorldOpenRevert extends Construct {
  public readonly function: lambda.Function;
  public readonly rolePolicy: iam.ManagedPolicy;
  public readonly rule: events.Rule;

  constructor(scope: Construct, id: string, { topic, failedEvents, logGroup, encryptionKey }: WorldOpenRevertProps) {
    super(scope, id);

    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    this.rolePolicy = new iam.ManagedPolicy(this, 'RolePolicy', {
      document: new iam.PolicyDocument({
        minimize: false,
        statements: [
          new iam.PolicyStatement({
            sid: 'CloseAgain',
            actions: ['ec2:RevokeSecurityGroupIngress'],
            resources: [Stack.of(this).formatArn({ service: 'ec2', resource: 'security-group', resourceName: '*' })],
          }),
          ...watchStatements(this, {
            topic, failedEvents, logGroup, keys: topic.masterKey ? [encryptionKey, topic.masterKey] : [encryptionKey], insideVpc: false,
          }),
        ],
      }),
      roles: [role],
    });
    this.function = new lambda.Function(this, 'Function', {
      description: 'Closes ports again that were opened to the world',
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(path.join(__dirname, '..', '..', 'assets', 'security-group-revert')),
      environment: { TOPIC_ARN: topic.topicArn },
      environmentEncryption: encryptionKey,
      // all it may do is in `rolePolicy`: the function would add inline policies
      role: role.withoutPolicyUpdates(),
      timeout: Duration.minutes(2),
      memorySize: 256,
      deadLetterQueue: failedEvents,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
    });
    // Lambda checks the role when the function is made
    this.function.node.addDependency(this.rolePolicy);
    this.rule = new events.Rule(this, 'Opened', {
      description: 'Successful calls that can open a security group',
      eventPattern: successfulCalls('ec2', ['AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules']),
      targets: [deliveredTo(this.function.functionArn, this.function, failedEvents)],
    });
    targets.addLambdaPermission(this.rule, this.function);
  }
}
