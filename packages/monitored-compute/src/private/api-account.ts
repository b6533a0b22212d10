import * as path from 'node:path';
import { EncryptedLogGroup } from '@tapstack/encrypted-storage';
import { ArnFormat, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** One role for all regions of the account, made if it is needed, and never deleted: other APIs write their logs with it. */
const ROLE_NAME = 'api-gateway-logs';

/** What the function that gives the account a role shares with the API. */
export interface ApiAccountProps {
  readonly encryptionKey: kms.IKey;
  readonly logRetention?: logs.RetentionDays;
  /** Who hears of a request that was never answered. */
  readonly alarmTopic?: sns.ITopic;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The role that API Gateway writes the logs of all APIs of the account with, one in each region.
 *
 * CloudFormation's `AWS::ApiGateway::Account` would take it over, and take it away with the stack. So a function looks first: a role
 * that is there is left alone, and one that is made is the account's from then on. One for all APIs of a stack. It runs when the stack
 * is deployed, and CloudFormation tells when it fails: it has no alarms of its own.
 */
export class ApiAccount extends Construct {
  /** The one of the stack, made with the first API. */
  public static of(scope: Construct, props: ApiAccountProps): ApiAccount {
    const stack = Stack.of(scope);
    const id = 'ApiGatewayAccount';
    return stack.node.tryFindChild(id) as ApiAccount | undefined ?? new ApiAccount(stack, id, props);
  }

  private constructor(scope: Construct, id: string, props: ApiAccountProps) {
    super(scope, id);

    const { encryptionKey, logRetention: retention, alarmTopic, removalPolicy } = props;
    const stack = Stack.of(this);
    const roleArn = stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: ROLE_NAME });
    const policyArn = iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs').managedPolicyArn;
    const accountArn = stack.formatArn({ service: 'apigateway', account: '', resource: '/account', arnFormat: ArnFormat.NO_RESOURCE_NAME });
    const { logGroup } = new EncryptedLogGroup(this, 'Logs', { encryptionKey, retention, removalPolicy });

    const policy = new iam.ManagedPolicy(this, 'Setting', {
      statements: [
        new iam.PolicyStatement({ sid: 'LookAndSet', actions: ['apigateway:GET', 'apigateway:PATCH'], resources: [accountArn] }),
        new iam.PolicyStatement({ sid: 'MakeTheRole', actions: ['iam:CreateRole'], resources: [roleArn] }),
        new iam.PolicyStatement({
          sid: 'LetItWriteLogsOnly', actions: ['iam:AttachRolePolicy'], resources: [roleArn], conditions: { ArnEquals: { 'iam:PolicyARN': policyArn } },
        }),
        new iam.PolicyStatement({
          sid: 'HandItToApiGateway', actions: ['iam:PassRole'], resources: [roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } },
        }),
        new iam.PolicyStatement({ sid: 'WriteLogs', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
        ...alarmTopic ? tellFailures(alarmTopic) : [],
      ],
    });
    const role = new iam.Role(this, 'SetterRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      // no key names this role: the role can name its policy, and has it when it is there
      managedPolicies: [policy],
    });
    const setter = new lambda.Function(this, 'Setter', {
      description: `Gives the account a role for the logs of its APIs, if it has none (${this.node.path})`,
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(path.join(__dirname, '..', '..', 'assets', 'api-account')),
      // all it may do is in its policy: the function would add inline policies
      role: role.withoutPolicyUpdates(),
      timeout: Duration.minutes(2),
      memorySize: 256,
      deadLetterTopic: alarmTopic,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
    });
    new CustomResource(this, 'Role', {
      serviceToken: setter.functionArn,
      resourceType: 'Custom::ApiGatewayAccountRole',
      properties: { RoleName: ROLE_NAME, RoleArn: roleArn, PolicyArn: policyArn },
      serviceTimeout: Duration.minutes(5),
    });
  }
}

function tellFailures({ topicArn, masterKey }: sns.ITopic): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ sid: 'TellFailures', actions: ['sns:Publish'], resources: [topicArn] }),
    ...masterKey ? [new iam.PolicyStatement({ sid: 'UseKeyOfTopic', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [masterKey.keyArn] })] : [],
  ];
}
