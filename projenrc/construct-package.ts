import { awscdk, javascript } from 'projen';
import { BundledHandlers } from './bundled-handlers';
import { FastTests } from './fast-tests';
import { AUTHOR, Repository, REPOSITORY_URL } from './repository';
import { SnapshotTests } from './snapshot-tests';
import { AWS_CDK_LIB, CONSTRUCTS, JSII, NODE_MINIMUM, NODE_WORKFLOW, TYPESCRIPT } from './versions';
import { WorkspaceMember } from './workspaces';

export interface ConstructPackageOptions {
  readonly name: string;
  /** The one sentence that says what belongs here. */
  readonly summary: string;
  /** The packages it builds on; no public signature names their types. */
  readonly uses?: ConstructPackage[];
  /** What its tests need besides what every package has. */
  readonly devDeps?: string[];
  /** The Lambda functions it brings along: directories of `handlers/`. */
  readonly handlers?: string[];
}

/** A published jsii library of constructs: TypeScript, Python, Java, and generated Go. */
export class ConstructPackage extends awscdk.AwsCdkConstructLibrary {
  constructor(repo: Repository, options: ConstructPackageOptions) {
    const word = options.name.replace(/-/g, '');
    super({
      parent: repo,
      outdir: `packages/${options.name}`,
      name: `@tapstack/${options.name}`,
      description: options.summary,
      ...AUTHOR,
      repositoryUrl: REPOSITORY_URL,
      repositoryDirectory: `packages/${options.name}`,
      license: 'Apache-2.0',
      copyrightOwner: 'tapstack',
      keywords: ['cdk', 'security', 'compliance'],
      packageManager: javascript.NodePackageManager.NPM,
      npmAccess: javascript.NpmAccess.PUBLIC,
      defaultReleaseBranch: 'main',
      cdkVersion: AWS_CDK_LIB,
      constructsVersion: CONSTRUCTS,
      jsiiVersion: JSII,
      typescriptVersion: TYPESCRIPT,
      minNodeVersion: NODE_MINIMUM,
      workflowNodeVersion: NODE_WORKFLOW,
      devDeps: options.devDeps,
      peerDeps: (options.uses ?? []).map((used) => `${used.package.packageName}@^0.0.0`),
      publishToPypi: { distName: `tapstack-${options.name}`, module: `tapstack_${options.name.replace(/-/g, '_')}` },
      publishToMaven: { javaPackage: `io.github.tapstack.${word}`, mavenGroupId: 'io.github.tapstack', mavenArtifactId: options.name },
      publishToGo: { moduleName: 'github.com/tapstack/secure-environments-go', packageName: word },
      release: false,
      sampleCode: false,
      readme: { contents: `# @tapstack/${options.name}\n\n${options.summary}\n` },
      jest: false,
      eslint: false,
      integrationTestAutoDiscover: false,
      lambdaAutoDiscover: false,
    });
    new WorkspaceMember(this);
    new FastTests(this);
    new SnapshotTests(this);
    if (options.handlers) new BundledHandlers(this, options.handlers);
    // Nx runs these by name, each in its turn; `package` of every language belongs to a release
    this.packageTask.reset();
    // jsii-docgen's own command does not find hoisted dependencies
    this.tasks.tryFind('docgen')?.reset('tsx ../../tools/docgen.ts');
    this.tasks.tryFind('package:go')?.reset('jsii-pacmak -v --target go --code-only');
    this.addTask('api', {
      description: 'Every public member is documented, and nothing public was broken since the baseline',
      steps: [{ exec: 'tsx ../../tools/api-docs.ts' }, { exec: 'tsx ../../tools/api-baseline.ts', receiveArgs: true }],
    });
    this.addTask('examples', {
      description: 'The examples of the README compile against what is published',
      exec: 'jsii-rosetta extract --compile --strict --fail --output test-reports/examples.tabl.json .',
    });
    this.postCompileTask.reset();
    this.gitignore.exclude('.jsii.tabl.json');
    this.npmignore?.exclude('/assets/**/*.ts', '*.tsbuildinfo', '/coverage/', '/test-reports/', '/api-baseline/', '/rosetta/', '/docs/', '.jsii.tabl.json', '/handlers/', '/.gitattributes');
  }
}
