import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** A function that does for a test what no single call of an API does: its code stands in the template, and its logs go with it. */
export class InlineFunction extends lambda.Function {
  constructor(scope: Construct, id: string, code: string, may: iam.PolicyStatementProps) {
    super(scope, id, {
      code: lambda.Code.fromInline(code), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_22_X, timeout: Duration.minutes(2), memorySize: 512,
      logGroup: new logs.LogGroup(scope, `${id}Logs`, { retention: logs.RetentionDays.ONE_DAY, removalPolicy: RemovalPolicy.DESTROY }),
      initialPolicy: [new iam.PolicyStatement(may)],
    });
  }
}
