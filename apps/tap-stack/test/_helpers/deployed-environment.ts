import * as fs from 'node:fs';
import * as path from 'node:path';
import { ExpectedResult, IApiCall, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { addStack, stackName } from '../../src/app';
import { ApiCaller } from './api-caller';

/** Parts of the name of every resource of a deployed environment. */
export const SUFFIX = 'integ';

const CDK_JSON = path.join(__dirname, '..', '..', 'cdk.json');

/**
 * An environment as it is deployed, ephemeral, under a suffix of its own: AWS is asked for what became of it. The ids come
 * from the exports of the stack, as they would for any other stack: but for the default of one parameter the template is the one that is deployed.
 */
export class DeployedEnvironment {
  private readonly assertions: IntegTest['assertions'];
  private readonly stack: Stack;

  constructor(environment: string, testName: string) {
    const { context } = JSON.parse(fs.readFileSync(CDK_JSON, 'utf8')) as { context: Record<string, unknown> };
    // stack traces would put the paths of the machine at hand into the snapshot
    const app = new App({ analyticsReporting: false, stackTraces: false, context: { ...context, 'aws:cdk:disable-creation-stack-traces': true } });
    const stack = addStack(app, { environment, stage: 'ephemeral', suffix: SUFFIX });
    // integ-runner passes no parameters
    (stack.node.findChild('EnvironmentSuffix') as CfnParameter).default = SUFFIX;
    this.assertions = new IntegTest(app, testName, { testCases: [stack], regions: ['us-east-1'] }).assertions;
    this.stack = Stack.of(this.assertions.awsApiCall('@aws-sdk/client-sts', 'GetCallerIdentity'));
    // it imports by name, which the CDK cannot see: without this the environment would be deleted first
    this.stack.addDependency(stack);
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

  /** Asks an API, once as somebody who signs and may, once as nobody, and compares the answers. */
  public asks(url: string, methodArn: string, expected: { signed: object; unsigned: object }): void {
    const { functionName } = new ApiCaller(this.stack, 'ApiCaller', methodArn);
    for (const [signed, answer] of [[true, expected.signed], [false, expected.unsigned]] as const) {
      this.assertions.invokeFunction({ functionName, payload: JSON.stringify({ url, signed }) })
        .expect(ExpectedResult.objectLike({ Payload: Match.serializedJson(Match.objectLike(answer)) }));
    }
  }

  /** Calls AWS and compares the answer. */
  public reads(service: string, name: string, parameters: object, expected: object, actions?: string[]): void {
    this.call(service, name, parameters, actions).expect(ExpectedResult.objectLike(expected));
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
