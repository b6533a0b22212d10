/**
 * Deploys every plain template in the stage that leaves nothing behind to a local AWS of its own that nobody bootstrapped, with the
 * calls of `aws cloudformation deploy`, reads back what became of it, and deletes it; run by Nx in `apps/tap-stack`.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { freePort, ROOT, run, TAP_STACK, TEST_HOME } from './lib.mjs';

// that the SDK will drop the oldest Node.js we support one day is no news here
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const load = createRequire(path.join(ROOT, 'apps', 'operator', 'package.json'));
const { Home, LocalAws } = load('@tapstack/local-aws');
const { belongsToTheAccount, takeInventory } = load('./lib/inventory/inventory');
const { LocalTarget } = load('./lib/target');
const {
  CreateChangeSetCommand, DeleteStackCommand, DescribeStackResourcesCommand, DescribeStacksCommand, ExecuteChangeSetCommand,
  waitUntilChangeSetCreateComplete, waitUntilStackCreateComplete, waitUntilStackDeleteComplete,
} = load('@aws-sdk/client-cloudformation');
const { DescribeSecurityGroupsCommand, DescribeVpcsCommand } = load('@aws-sdk/client-ec2');
const { GetFunctionConfigurationCommand, InvokeCommand } = load('@aws-sdk/client-lambda');
const { CreateBucketCommand, PutObjectCommand } = load('@aws-sdk/client-s3');

/** The longest template that CloudFormation takes in a request. */
const INLINE_BYTES = 51_200;
/** Where the teams that deploy keep their templates. */
const TEMPLATES_BUCKET = 'templates-of-the-team';
/** What an operator says when deploying: none of it is a default. */
const SAID = {
  EnvironmentSuffix: 'plain', Environment: 'test', AllowedSSHCIDR: '198.51.100.0/24', AlertEmail: 'alerts@example.com',
  EC2InstanceType: 't3.small', DBUsername: 'appowner',
};
/** What the command is told besides the template: the CDK tells it by itself. */
const { STACK_TAGS } = createRequire(import.meta.url)(path.join(TAP_STACK, 'lib', 'conventions', 'tags'));

let passed = 0;
let failed = 0;

function count(what, ok, got) {
  if (ok) passed += 1;
  else failed += 1;
  if (!ok) console.error(`failed: ${what}${got === undefined ? '' : `, got ${JSON.stringify(got)}`}`);
}

/** What a call was refused with. */
async function refusal(call) {
  return call.then(() => 'no refusal', (error) => `${error.name}: ${error.message.slice(-120)}`);
}

/** The calls of `aws cloudformation deploy` for a stack that is not there yet. */
async function deploy({ cloudFormation }, StackName, source, parameters) {
  const { Id: ChangeSetName } = await createChangeSet({ cloudFormation }, StackName, source, parameters);
  const waiting = { client: cloudFormation, minDelay: 1, maxDelay: 1, maxWaitTime: 300 };
  await waitUntilChangeSetCreateComplete(waiting, { ChangeSetName });
  await cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName }));
  await waitUntilStackCreateComplete(waiting, { StackName });
}

function createChangeSet({ cloudFormation }, StackName, source, parameters) {
  return cloudFormation.send(new CreateChangeSetCommand({
    StackName, ...source, ChangeSetName: `deploy-${StackName}`, ChangeSetType: 'CREATE', Capabilities: ['CAPABILITY_NAMED_IAM'],
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Tags: Object.entries(STACK_TAGS).map(([Key, Value]) => ({ Key, Value })),
  }));
}

async function destroy({ cloudFormation }, StackName) {
  await cloudFormation.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete({ client: cloudFormation, minDelay: 1, maxDelay: 1, maxWaitTime: 300 }, { StackName });
}

/** From where the template is taken, as the command does it: from the request if it fits, from a bucket of the team otherwise. */
async function sourceOf(clients, environment, text) {
  const inline = { TemplateBody: text };
  if (Buffer.byteLength(text) <= INLINE_BYTES) return inline;
  const said = await refusal(createChangeSet(clients, 'TapStackinline', inline, {}));
  count(`${environment}: a request does not take a template of ${Buffer.byteLength(text)} bytes`, /^ValidationError: .*less than or equal to 51200/.test(said), said);
  await clients.s3.send(new PutObjectCommand({ Bucket: TEMPLATES_BUCKET, Key: environment, Body: text }));
  const { protocol, hostname, port, path: root } = await clients.s3.config.endpoint();
  return { TemplateURL: `${protocol}//${hostname}:${port}${root}${TEMPLATES_BUCKET}/${environment}` };
}

/** Reads back what parameters and functions came to: all that is not as in the stack that the CDK deploys, which has tests of its own. */
async function readBack({ cloudFormation, ec2, lambda, s3 }, environment, StackName, parameters) {
  const { Stacks: [{ Parameters, Outputs }] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  const given = Object.fromEntries(Parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]));
  count(`${environment}: the parameters are what was said`, Object.entries(parameters).every(([name, value]) => given[name] === value), given);

  const { StackResources } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
  const idsOf = (type) => StackResources.filter(({ ResourceType }) => ResourceType === type).map(({ PhysicalResourceId }) => PhysicalResourceId);
  const [vpc] = idsOf('AWS::EC2::VPC');
  const { Vpcs: [{ Tags }] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpc] }));
  const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
  const { Name, ...others } = tags;
  const tagged = /\bplain\b/.test(Name) && Object.entries({ Environment: 'test', ...STACK_TAGS }).every(([key, value]) => others[key] === value);
  count(`${environment}: the tags of the network hold the suffix, the environment, and what the stack is tagged with`, tagged, tags);

  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }));
  const forSsh = SecurityGroups.flatMap(({ IpPermissions }) => IpPermissions).filter(({ FromPort }) => FromPort === 22);
  const ranges = forSsh.flatMap(({ IpRanges }) => IpRanges).map(({ CidrIp }) => CidrIp);
  const administrators = 'AllowedSSHCIDR' in parameters ? [parameters.AllowedSSHCIDR] : [];
  count(`${environment}: port 22 is open to the administrators, where there are any, and to nobody else`, [...new Set(ranges)].join() === administrators.join(), ranges);
  const closed = SecurityGroups.find(({ GroupName }) => GroupName === 'default');
  count(`${environment}: the function that closes the default group ran`, [...closed.IpPermissions, ...closed.IpPermissionsEgress].length === 0, closed);

  for (const FunctionName of idsOf('AWS::Lambda::Function')) {
    const { Handler, State } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    count(`${environment}: ${FunctionName} is one file, and active`, Handler.startsWith('index.') && State === 'Active', { Handler, State });
  }
  const watch = Outputs.find(({ OutputKey }) => OutputKey === 'SecurityChangeFunctionArn')?.OutputValue;
  if (watch) {
    const event = JSON.stringify(changeOf(closed.GroupId));
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: watch, Payload: event }));
    count(`${environment}: the function that tells about changes tells of one`, FunctionError === undefined, Buffer.from(Payload).toString());
  }
  // what the function that empties buckets is for: two versions of an object in each
  for (const Bucket of idsOf('AWS::S3::Bucket')) {
    for (const Body of ['old', 'new']) await s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body }));
  }
}

/** An API call that CloudTrail recorded, as EventBridge hands it on. */
function changeOf(groupId) {
  return {
    'id': 'plain', 'source': 'aws.ec2', 'detail-type': 'AWS API Call via CloudTrail',
    'detail': {
      eventID: 'plain', eventSource: 'ec2.amazonaws.com', eventName: 'AuthorizeSecurityGroupIngress', requestParameters: { groupId },
      userIdentity: { arn: 'arn:aws:iam::000000000000:user/tester' },
    },
  };
}

async function tryOut(clients, environment, text) {
  const StackName = `TapStack${SAID.EnvironmentSuffix}`;
  const names = Object.keys(JSON.parse(text).Parameters);
  const parameters = Object.fromEntries(Object.entries(SAID).filter(([name]) => names.includes(name)));
  const source = await sourceOf(clients, environment, text);
  const before = await takeInventory(clients);
  const said = await refusal(createChangeSet(clients, StackName, source, { ...parameters, EnvironmentSuffix: 'UPPER' }));
  count(`${environment}: a parameter against its constraint is refused`, /^ValidationError: .*EnvironmentSuffix/.test(said), said);

  await deploy(clients, StackName, source, parameters);
  await readBack(clients, environment, StackName, parameters);
  await destroy(clients, StackName);
  // what the account has once stays, whichever stack needed it first (X-02)
  const left = (await takeInventory(clients)).filter((item) => !before.includes(item) && !belongsToTheAccount(item));
  count(`${environment}: nothing is left behind`, left.length === 0, left);
}

const directory = path.join(TAP_STACK, 'cdk.out', 'plain');
if (await run('npx', ['tsx', 'release/main.ts', directory], { cwd: TAP_STACK }) !== 0) process.exit(1);
const files = fs.readdirSync(directory).filter((file) => file.includes('.ephemeral.'));
const home = new Home(TEST_HOME);
const local = new LocalAws({ port: await freePort(), home });
try {
  await local.start(console.log);
  const { clients } = new LocalTarget(local);
  await clients.s3.send(new CreateBucketCommand({ Bucket: TEMPLATES_BUCKET }));
  for (const file of files) {
    const [environment] = file.split('.');
    await tryOut(clients, environment, fs.readFileSync(path.join(directory, file), 'utf8')).catch((error) => count(`${environment}: ${error.message}`, false));
  }
} finally {
  await local.stop();
}
if (failed === 0) fs.rmSync(home.instance(local.port), { recursive: true, force: true });

const reports = path.join(TAP_STACK, 'test-reports');
fs.mkdirSync(reports, { recursive: true });
fs.writeFileSync(path.join(reports, 'templates.json'), `${JSON.stringify({ passed, failed })}\n`);
console.log(`plain templates: ${files.length} deployed and deleted, ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || files.length === 0 ? 1 : 0;
