import * as fs from 'node:fs';
import * as path from 'node:path';
import { ExpectedResult, IApiCall, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { addStack, stackName } from '../../src/app';

/** Parts of the name of every resource of a deployed environment. */
export const SUFFIX = 'integ';

/** The key of whichever customer it is, where the ARN of one is expected. */
export const CUSTOMER_KEY = Match.stringLikeRegexp(':key/');

const CDK_JSON = path.join(__dirname, '..', '..', 'cdk.json');

/**
 * An environment as it is deployed, ephemeral, under a suffix of its own: AWS is asked for what became of it. The ids come
 * from the exports of the stack, as they would for any other stack: but for the default of one parameter the template is the one that is deployed.
 */
export class DeployedEnvironment {
  /** The stack of the environment. */
  public readonly deployedStack: Stack;
  /** The stack of the assertions, and of whatever they need besides. */
  public readonly assertionStack: Stack;
  private readonly assertions: IntegTest['assertions'];

  constructor(environment: string, testName: string) {
    const { context } = JSON.parse(fs.readFileSync(CDK_JSON, 'utf8')) as { context: Record<string, unknown> };
    // stack traces would put the paths of the machine at hand into the snapshot
    const app = new App({ analyticsReporting: false, stackTraces: false, context: { ...context, 'aws:cdk:disable-creation-stack-traces': true } });
    const stack = this.deployedStack = addStack(app, { environment, stage: 'ephemeral', suffix: SUFFIX });
    // integ-runner passes no parameters
    (stack.node.findChild('EnvironmentSuffix') as CfnParameter).default = SUFFIX;
    this.assertions = new IntegTest(app, testName, { testCases: [stack], regions: ['us-east-1'] }).assertions;
    // only what is in it knows it
    this.assertionStack = Stack.of(this.assertions.awsApiCall('@aws-sdk/client-sts', 'GetCallerIdentity'));
    // it imports by name, which the CDK cannot see: without this the environment would be deleted first
    this.assertionStack.addDependency(stack);
  }

  /** What the stack exports. */
  public exported(output: string): string {
    return Fn.importValue(`${stackName(SUFFIX)}-${output}`);
  }

  /** Calls AWS. `actions` are what IAM calls the permissions, where they are not the name of the call. */
  public call(service: string, name: string, parameters: object, actions: string[] = []): IApiCall {
    const request = this.assertions.awsApiCall(`@aws-sdk/client-${service}`, name, parameters);
    if (actions.length > 0) request.provider.addToRolePolicy({ Effect: 'Allow', Action: actions, Resource: ['*'] });
    return request;
  }

  /** Calls AWS and compares the answer. */
  public reads(service: string, name: string, parameters: object, expected: object, actions?: string[]): void {
    this.call(service, name, parameters, actions).expect(ExpectedResult.objectLike(expected));
  }

  /** Has a function do something, and compares what it answers. */
  public answers({ functionName }: lambda.IFunction, asked: object, expected: object): IApiCall {
    return this.assertions.invokeFunction({ functionName, payload: JSON.stringify(asked) })
      .expect(ExpectedResult.objectLike({ Payload: Match.serializedJson(Match.objectLike({ ...expected })) }));
  }

  /** The network is called like this and tagged, and nothing protects the stack from being deleted. */
  public isTaggedAndUnprotected(vpcName: string): void {
    const tagged = Object.entries({ Name: vpcName, Environment: 'development', Project: 'tap-stack', Owner: 'platform' });
    this.reads('ec2', 'DescribeVpcs', { Filters: tagged.map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })) }, {
      Vpcs: [{ VpcId: this.exported('VPCId'), CidrBlock: '10.0.0.0/16' }],
    });
    this.reads('cloudformation', 'DescribeStacks', { StackName: stackName(SUFFIX) }, { Stacks: [{ EnableTerminationProtection: false }] });
  }

  /** IAM decides like this on what a role, or a group, tries. */
  public decides(PolicySourceArn: string, attempts: [decision: string, action: string, resource: string][], ContextEntries: object[] = []): void {
    for (const [EvalDecision, action, resource] of attempts) {
      this.reads('iam', 'SimulatePrincipalPolicy', { PolicySourceArn, ActionNames: [action], ResourceArns: [resource], ContextEntries }, {
        EvaluationResults: [{ EvalActionName: action, EvalDecision }],
      });
    }
  }

  /** Nobody comes or goes through the default security group of the network. */
  public closesDefaultGroup(): void {
    const Filters = [...filter('vpc-id', this.exported('VPCId')).Filters, ...filter('group-name', 'default').Filters];
    this.reads('ec2', 'DescribeSecurityGroups', { Filters }, { SecurityGroups: [{ IpPermissions: [], IpPermissionsEgress: [] }] });
  }

  /** A log group keeps events for so many days, and encrypts them. */
  public keepsLogs(logGroupNamePrefix: string, retentionInDays: number, kmsKeyId: Match = CUSTOMER_KEY): void {
    this.reads('cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix }, { logGroups: [{ retentionInDays, kmsKeyId }] });
  }

  /** Outputs are described and exported. */
  public putsOut(...outputs: string[]): void {
    for (const OutputKey of outputs) {
      this.reads('cloudformation', 'DescribeStacks', { StackName: stackName(SUFFIX) }, {
        Stacks: [{
          Outputs: Match.arrayWith([Match.objectLike({ OutputKey, ExportName: `${stackName(SUFFIX)}-${OutputKey}`, Description: Match.stringLikeRegexp('.+') })]),
        }],
      });
    }
  }
}

/** One filter of EC2. */
export function filter(name: string, value: string): { Filters: { Name: string; Values: string[] }[] } {
  return { Filters: [{ Name: name, Values: [value] }] };
}

/** A policy as text, with these statements among others, in this order. */
export function policyWith(...statements: object[]): Match {
  return Match.serializedJson(Match.objectLike({ Statement: Match.arrayWith(statements.map((one) => Match.objectLike(one))) }));
}
