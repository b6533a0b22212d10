import { CdkApp } from './projenrc/cdk-app';
import { ConstructPackage } from './projenrc/construct-package';
import { NodePackage } from './projenrc/node-package';
import { Repository } from './projenrc/repository';
import { Verification } from './projenrc/verification';
import { CDK_NAG, ESBUILD, IAM_SIMULATE, TYPESCRIPT, VERDACCIO } from './projenrc/versions';

const repo = new Repository({ name: 'secure-environments' });

// What we ship: every edge between packages points at the storage package.
const encryptedStorage = new ConstructPackage(repo, {
  name: 'encrypted-storage',
  summary: 'Data at rest, encrypted with keys you own.',
});
const secureNetwork = new ConstructPackage(repo, {
  name: 'secure-network',
  summary: 'Where traffic may flow.',
  uses: [encryptedStorage],
  handlers: ['close-default-group'],
  devDeps: ['fast-check@4.10.2', NodePackage.awsSdk('ec2')],
});
const auditTrail = new ConstructPackage(repo, {
  name: 'audit-trail',
  summary: 'Who did what, and who is told.',
  uses: [encryptedStorage],
  handlers: [
    'config-recorder', 'ensured-recorder', 'password-policy', 'security-change-watch', 'security-group-revert',
    ...['access-analyzer', 'guard-duty', 'inspector', 'security-hub'].map((service) => `threat-detection/${service}`),
  ],
  devDeps: ['yaml@2.9.1', ...['accessanalyzer', 'config-service', 'ec2', 'guardduty', 'iam', 'inspector2', 'securityhub', 'sns'].map(NodePackage.awsSdk)],
});
const monitoredCompute = new ConstructPackage(repo, {
  name: 'monitored-compute',
  summary: 'Workloads that report on themselves.',
  uses: [encryptedStorage],
  handlers: ['api-account'],
  devDeps: [NodePackage.awsSdk('iam'), NodePackage.API_GATEWAY],
});
monitoredCompute.addTask('picture', { description: 'Write the picture of a dashboard in the README', exec: 'tsx test/_picture/main.ts' });
const constructs = [encryptedStorage, secureNetwork, auditTrail, monitoredCompute];

// What we assemble and run.
const localAws = new NodePackage(repo, {
  name: 'local-aws',
  summary: 'An AWS on your machine for any CDK app: IAM enforced, TLS served.',
  // the Lambda functions that run locally find these as the AWS runtime would provide them
  deps: [
    ...[
      'accessanalyzer', 'auto-scaling', 'cloudformation', 'cloudtrail', 'cloudwatch', 'cloudwatch-logs', 'config-service', 'ec2', 'eventbridge', 'guardduty', 'iam',
      'inspector2', 'kms', 'lambda', 'rds', 's3', 'secrets-manager', 'securityhub', 'sfn', 'sns', 'sqs', 'ssm', 'sts',
    ].map(NodePackage.awsSdk),
    NodePackage.API_GATEWAY, NodePackage.LOAD_BALANCING,
  ],
});
localAws.addTask('test:python', { description: 'Lint and test the Python half', exec: 'node ../../tools/python-tests.mjs' });
const operator = new NodePackage(repo, {
  name: 'operator',
  summary: 'Brings a stack up, proves it works, recovers it, takes it down.',
  command: 'tapstack',
  uses: [localAws],
  deps: [
    'commander@^14.0.0', 'jiti@^2.7.0', 'listr2@^9.0.5', 'zod@^4.6.7', NodePackage.TOOLKIT_LIB,
    ...[
      'accessanalyzer', 'auto-scaling', 'cloudformation', 'cloudtrail', 'cloudwatch', 'cloudwatch-logs', 'config-service', 'ec2', 'eventbridge', 'guardduty', 'iam',
      'inspector2', 'kms', 'lambda', 'rds', 's3', 'secrets-manager', 'securityhub', 'sns', 'sqs', 'ssm', 'sts',
    ].map(NodePackage.awsSdk),
    NodePackage.API_GATEWAY, NodePackage.LOAD_BALANCING,
  ],
});
const tapStack = new CdkApp(repo, {
  name: 'tap-stack',
  summary: 'The environments: wiring only.',
  constructs,
  operator,
  awsSdk: [
    'cloudformation', 'cloudtrail', 'cloudwatch', 'cloudwatch-logs', 'config-service', 'ec2', 'eventbridge', 'iam', 'rds', 's3', 'sns', 'sqs', 'ssm',
  ],
});

// What proves it, as a user gets it.
new Verification(repo, {
  name: 'judges',
  summary: 'Scanners we did not write, over every environment.',
  deps: [`cdk-nag@${CDK_NAG}`, `${tapStack.name}@^0.0.0`, `${localAws.package.packageName}@^0.0.0`],
  verdict: { name: 'judge', command: 'tsx src/main.ts' },
  alsoTests: ['tools/api-*.ts'],
});
new Verification(repo, {
  name: 'proofs',
  summary: 'Patterns and policies executed on what happens in an account.',
  deps: [`@cloud-copilot/iam-simulate@${IAM_SIMULATE}`, `${tapStack.name}@^0.0.0`, `${localAws.package.packageName}@^0.0.0`, ...constructs.map(({ package: { packageName } }) => `${packageName}@^0.0.0`)],
  verdict: { name: 'prove', command: 'tsx src/main.ts' },
});
new Verification(repo, {
  name: 'controls',
  summary: 'What is promised, where it is made, and which test would notice if it were not.',
  // the compiler reads the names of tests
  deps: [`typescript@${TYPESCRIPT}`, `${tapStack.name}@^0.0.0`, ...constructs.map(({ package: { packageName } }) => `${packageName}@^0.0.0`)],
  verdict: { name: 'catalogue', command: 'tsx src/main.ts --check' },
});
new Verification(repo, {
  name: 'consumers',
  summary: 'Fresh projects in other languages, against the packed artefacts.',
  deps: [`verdaccio@${VERDACCIO}`],
  verdict: { name: 'consume', command: 'tsx src/main.ts' },
});
new Verification(repo, {
  name: 'benchmarks',
  summary: 'What our constructs cost over the same resources written by hand.',
  deps: [`${tapStack.name}@^0.0.0`, `esbuild@${ESBUILD}`],
  verdict: { name: 'bench', command: 'tsx src/main.ts' },
});

repo.synth();
