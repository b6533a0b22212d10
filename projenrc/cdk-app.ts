import * as fs from 'node:fs';
import { awscdk, javascript, typescript } from 'projen';
import { ConstructPackage } from './construct-package';
import { FastTests } from './fast-tests';
import { NodePackage, WORKSPACE_TYPES } from './node-package';
import { Repository } from './repository';
import { SnapshotTests } from './snapshot-tests';
import { AWS_CDK_LIB, CDK_CLI, CONSTRUCTS, NODE_MINIMUM, NODE_WORKFLOW, TYPESCRIPT } from './versions';
import { WorkspaceMember } from './workspaces';

export interface CdkAppOptions {
  readonly name: string;
  readonly summary: string;
  readonly constructs: ConstructPackage[];
  readonly operator: NodePackage;
  /** Clients of the AWS SDK that its drills call. */
  readonly awsSdk: string[];
}

/** A private CDK app that composes our packages. */
export class CdkApp extends awscdk.AwsCdkTypeScriptApp {
  constructor(repo: Repository, options: CdkAppOptions) {
    super({
      parent: repo,
      outdir: `apps/${options.name}`,
      name: options.name,
      description: options.summary,
      packageManager: javascript.NodePackageManager.NPM,
      defaultReleaseBranch: 'main',
      license: 'Apache-2.0',
      copyrightOwner: 'tapstack',
      cdkVersion: AWS_CDK_LIB,
      cdkVersionPinning: true,
      constructsVersion: CONSTRUCTS,
      cdkCliVersion: CDK_CLI,
      featureFlags: NO_FLAGS,
      context: recommendedFlags(),
      // compiled: the runner's own transpilation costs more than half of a synthesis
      app: 'node lib/main.js',
      typescriptVersion: TYPESCRIPT,
      runner: typescript.TypeScriptRunner.tsx(),
      minNodeVersion: NODE_MINIMUM,
      workflowNodeVersion: NODE_WORKFLOW,
      tsconfig: { compilerOptions: { target: 'es2022', lib: ['es2022'], ...WORKSPACE_TYPES } },
      deps: [...[...options.constructs, options.operator].map((used) => `${used.package.packageName}@^0.0.0`), ...options.awsSdk.map(NodePackage.awsSdk)],
      sampleCode: false,
      readme: { contents: `# ${options.name}\n\n${options.summary}\n` },
      jest: false,
      eslint: false,
      integrationTestAutoDiscover: false,
      lambdaAutoDiscover: false,
    });
    new WorkspaceMember(this);
    new FastTests(this);
    new SnapshotTests(this);
    this.package.addField('private', true);
    this.addTask('test:environment', {
      description: 'Bring an environment up on a local AWS, verify it, take it down', exec: 'node ../../tools/environment-test.mjs',
    });
    this.addTask('test:templates', {
      description: 'Deploy every plain template to a local AWS with CloudFormation alone, delete it', exec: 'node ../../tools/templates-test.mjs',
    });
    // projen looks for types below the app only; npm hoists them to the root, where the compiler looks by itself
    for (const file of ['tsconfig.json', 'test/tsconfig.json']) this.tryFindObjectFile(file)?.addDeletionOverride('compilerOptions.typeRoots');
    this.compileTask.reset('tsc --build');
    this.postCompileTask.reset();
    this.packageTask.reset();
  }
}

/** projen's own set lags behind the CDK: the context below has them all. */
const NO_FLAGS = { flags: {} };

/** What the CDK team recommends for a new app on the version we build with. */
function recommendedFlags(): Record<string, unknown> {
  return JSON.parse(fs.readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8')) as Record<string, unknown>;
}
