import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { EscalationBoundary } from '../src';

/*
 * Two functions whose roles are administrators, one of them with the boundary: both try to get to more, and one of them is refused.
 * What is tried on nothing that exists is either refused, or not found.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'EscalationBoundary');
const boundary = new EscalationBoundary(stack, 'Boundary', { path: '/integ/' });
const stronger = new iam.Role(stack, 'Stronger', {
  assumedBy: new iam.CompositePrincipal(new iam.AccountRootPrincipal(), new iam.ServicePrincipal('lambda.amazonaws.com')),
});

/** A function of an administrator that makes the calls it is told, and answers with what became of each. */
function administrator(id: string, permissionsBoundary?: iam.IManagedPolicy): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    role: new iam.Role(stack, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
      permissionsBoundary,
    }),
    logGroup: new logs.LogGroup(stack, `${id}Logs`, { removalPolicy: RemovalPolicy.DESTROY }),
    code: lambda.Code.fromInline(`
exports.handler = async (calls) => {
  const outcomes = [];
  for (const [service, call, input] of calls) {
    const sdk = require('@aws-sdk/client-' + service);
    const [client] = Object.keys(sdk).filter((name) => /^[A-Z].*Client$/.test(name) && name !== '__Client');
    try {
      await new sdk[client]({}).send(new sdk[call + 'Command'](input));
      outcomes.push(call + ': done');
    } catch (error) {
      outcomes.push(call + ': ' + (/AccessDenied|Unauthorized/.test(error.name) ? 'refused' : error.name));
    }
  }
  return outcomes;
};`),
  });
}
const bounded = administrator('Bounded', boundary.policy);
const unbounded = administrator('Unbounded');

const { assertions } = new IntegTest(app, 'EscalationBoundaryTest', { testCases: [stack], regions: ['us-east-1'] });

type Call = [service: string, call: string, input: object];

/** Lets a function make calls, and compares what became of each. */
function tries(who: lambda.Function, ...calls: [...Call, outcome: string][]): void {
  const payload = JSON.stringify(calls.map(([service, call, input]) => [service, call, input]));
  assertions.invokeFunction({ functionName: who.functionName, payload }).expect(ExpectedResult.objectLike({
    StatusCode: 200,
    Payload: Match.serializedJson(calls.map(([, call, , outcome]) => `${call}: ${outcome}`)),
  }));
}

const anyTrust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
const everything = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const absent = 'escalation-boundary-absent';
const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess';
const code = { Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==' } };
const assume: Call = ['sts', 'AssumeRole', { RoleArn: stronger.roleArn, RoleSessionName: 'integ' }];

// AUD-25 no privilege escalation: the boundary is not rewritten, widened or taken off
const ownRole = { RoleName: bounded.role!.roleName };
tries(bounded,
  ['iam', 'CreatePolicyVersion', { PolicyArn: boundary.policy.managedPolicyArn, PolicyDocument: everything, SetAsDefault: true }, 'refused'],
  ['iam', 'DeleteRolePermissionsBoundary', ownRole, 'refused'],
  ['iam', 'PutRolePermissionsBoundary', { ...ownRole, PermissionsBoundary: administratorAccess }, 'refused'],
  ['iam', 'PutRolePolicy', { ...ownRole, PolicyName: 'all', PolicyDocument: everything }, 'refused'],
);

// AUD-25: nobody becomes somebody else, hands a role to a service, or replaces the code of others; without the boundary one would
const ways: Call[] = [
  ['iam', 'AttachRolePolicy', { RoleName: absent, PolicyArn: administratorAccess }],
  ['iam', 'CreateAccessKey', { UserName: absent }],
  ['iam', 'UpdateAssumeRolePolicy', { RoleName: absent, PolicyDocument: anyTrust }],
  ['lambda', 'UpdateFunctionCode', { FunctionName: absent, ZipFile: code.Code.ZipFile }],
];
tries(bounded, ...ways.map((way): [...Call, string] => [...way, 'refused']), [...assume, 'refused'],
  ['lambda', 'CreateFunction', { ...code, FunctionName: absent, Role: stronger.roleArn }, 'refused']);
tries(unbounded, ...ways.map(([service, call, input]): [...Call, string] => [
  service, call, input, service === 'iam' ? 'NoSuchEntityException' : 'ResourceNotFoundException',
]), [...assume, 'done']);

// AUD-26 bounded delegation: roles with the same boundary below the path, and no others
const worker = { RoleName: 'escalation-boundary-worker', AssumeRolePolicyDocument: anyTrust };
const withBoundary = { ...worker, PermissionsBoundary: boundary.policy.managedPolicyArn };
tries(bounded,
  ['iam', 'CreateRole', worker, 'refused'],
  ['iam', 'CreateRole', withBoundary, 'refused'],
  ['iam', 'CreateRole', { ...worker, Path: '/integ/' }, 'refused'],
  ['iam', 'CreateRole', { ...withBoundary, Path: '/integ/' }, 'done'],
  ['iam', 'AttachRolePolicy', { RoleName: worker.RoleName, PolicyArn: administratorAccess }, 'done'],
  ['iam', 'DetachRolePolicy', { RoleName: worker.RoleName, PolicyArn: administratorAccess }, 'done'],
  ['iam', 'DeleteRole', { RoleName: worker.RoleName }, 'done'],
);

// AUD-25: and ordinary work is done
tries(bounded, ['s3', 'ListBuckets', {}, 'done'], ['iam', 'ListRoles', {}, 'done'], ['sts', 'GetCallerIdentity', {}, 'done']);

assertions.awsApiCall('@aws-sdk/client-iam', 'GetRole', ownRole).expect(ExpectedResult.objectLike({
  Role: { PermissionsBoundary: { PermissionsBoundaryArn: boundary.policy.managedPolicyArn } },
}));
