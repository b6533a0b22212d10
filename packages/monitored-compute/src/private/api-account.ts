import * as path from 'node:path';
import { ArnFormat, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { MonitoredFunction } from '../monitored-function';

/** One role for all regions of the account, made if it is needed, and never deleted: other APIs write their logs with it. */
const ROLE_NAME = 'api-gateway-logs';

/** What the function that gives the account a role shares with the API. */
export interface ApiAccountProps {
  readonly encryptionKey: kms.IKey;
  readonly alarmTopic?: sns.ITopic;
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The role that API Gateway writes the logs of all APIs of the account with, one in each region.
 *
 * CloudFormation's `AWS::ApiGateway::Account` would take it over, and take it away with the stack. So a function looks first: a role
 * that is there is left alone, and one that is made is the account's from then on. One for all APIs of a stack.
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

    const stack = Stack.of(this);
    const roleArn = stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: ROLE_NAME });
    const policyArn = iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs').managedPolicyArn;
    const accountArn = stack.formatArn({ service: 'apigateway', account: '', resource: '/account', arnFormat: ArnFormat.NO_RESOURCE_NAME });
    const setter = new MonitoredFunction(this, 'Setter', {
      ...props,
      description: 'Gives the account a role for the logs of its APIs, if it has none',
      code: lambda.Code.fromAsset(path.join(__dirname, '..', '..', 'assets', 'api-account')),
      handler: 'index.handler',
      timeout: Duration.minutes(2),
      durationThresholdPercent: 90,
    });
    const policy = new iam.ManagedPolicy(this, 'Setting', {
      description: `What it takes to give the account a role for the logs of its APIs (${this.node.path})`,
      roles: [setter.function.role!],
      statements: [
        new iam.PolicyStatement({ sid: 'LookAndSet', actions: ['apigateway:GET', 'apigateway:PATCH'], resources: [accountArn] }),
        new iam.PolicyStatement({ sid: 'MakeTheRole', actions: ['iam:CreateRole'], resources: [roleArn] }),
        new iam.PolicyStatement({
          sid: 'LetItWriteLogsOnly', actions: ['iam:AttachRolePolicy'], resources: [roleArn], conditions: { ArnEquals: { 'iam:PolicyARN': policyArn } },
        }),
        new iam.PolicyStatement({
          sid: 'HandItToApiGateway', actions: ['iam:PassRole'], resources: [roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } },
        }),
      ],
    });
    const setting = new CustomResource(this, 'Role', {
      serviceToken: setter.function.functionArn,
      resourceType: 'Custom::ApiGatewayAccountRole',
      properties: { RoleName: ROLE_NAME, RoleArn: roleArn, PolicyArn: policyArn },
      serviceTimeout: Duration.minutes(5),
    });
    // without its policies the function could do nothing, neither now nor when the stack goes
    setting.node.addDependency(policy, setter);
  }
}
