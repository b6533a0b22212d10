import { javascript, typescript } from 'projen';
import { FastTests } from './fast-tests';
import { AUTHOR, Repository, REPOSITORY_URL } from './repository';
import { AWS_SDK, AWS_SDK_EXCEPTIONS, NODE_MINIMUM, NODE_WORKFLOW, TOOLKIT_LIB, TYPESCRIPT } from './versions';
import { WorkspaceMember } from './workspaces';

export interface NodePackageOptions {
  readonly name: string;
  readonly summary: string;
  /** The command it installs. */
  readonly command?: string;
  readonly uses?: NodePackage[];
  readonly deps?: string[];
}

/** A published Node.js tool: plain TypeScript, compiled once, useful with any CDK app. */
export class NodePackage extends typescript.TypeScriptProject {
  /** 1.43.0 wants packages that the registry lacks. */
  public static readonly TOOLKIT_LIB = `@aws-cdk/toolkit-lib@${TOOLKIT_LIB}`;

  /** Two clients of the AWS SDK whose later versions the registry lacks. */
  public static readonly API_GATEWAY = '@aws-sdk/client-api-gateway@3.1142.0';
  public static readonly LOAD_BALANCING = '@aws-sdk/client-elastic-load-balancing-v2@3.1142.0';

  /** One client of the AWS SDK for JavaScript v3. */
  public static awsSdk(this: void, client: string): string {
    return `@aws-sdk/client-${client}@${AWS_SDK_EXCEPTIONS[client] ?? AWS_SDK}`;
  }

  constructor(repo: Repository, options: NodePackageOptions) {
    super({
      parent: repo,
      outdir: `apps/${options.name}`,
      name: `@tapstack/${options.name}`,
      description: options.summary,
      authorName: AUTHOR.author,
      authorEmail: AUTHOR.authorAddress,
      authorOrganization: true,
      repository: REPOSITORY_URL,
      repositoryDirectory: `apps/${options.name}`,
      license: 'Apache-2.0',
      copyrightOwner: 'tapstack',
      packageManager: javascript.NodePackageManager.NPM,
      npmAccess: javascript.NpmAccess.PUBLIC,
      defaultReleaseBranch: 'main',
      typescriptVersion: TYPESCRIPT,
      runner: typescript.TypeScriptRunner.tsx(),
      minNodeVersion: NODE_MINIMUM,
      workflowNodeVersion: NODE_WORKFLOW,
      deps: [...(options.uses ?? []).map((used) => `${used.package.packageName}@^0.0.0`), ...(options.deps ?? [])],
      bin: options.command ? { [options.command]: 'lib/main.js' } : undefined,
      tsconfig: { compilerOptions: { target: 'es2022', lib: ['es2022'], module: 'CommonJS', moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER, ...WORKSPACE_TYPES } },
      tsconfigDev: { compilerOptions: { target: 'es2022', lib: ['es2022'], module: 'CommonJS', moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER, ...WORKSPACE_TYPES } },
      sampleCode: false,
      readme: { contents: `# @tapstack/${options.name}\n\n${options.summary}\n` },
      jest: false,
      eslint: false,
      release: false,
    });
    new WorkspaceMember(this);
    new FastTests(this);
    // npm makes a command executable when it installs it, which here is before it is compiled
    if (options.command) this.compileTask.exec('chmod +x lib/main.js');
    this.packageTask.reset();
    this.addTask('package:js', { description: 'Create the npm tarball', steps: [{ exec: 'mkdir -p dist/js' }, { exec: 'npm pack --pack-destination dist/js' }] });
    this.npmignore?.exclude('/coverage/', '/test-reports/', '*.tsbuildinfo', '/python/tests/', '/python/.venv/', '__pycache__/', '.pytest_cache/', '.ruff_cache/');
  }
}

/** npm hoists every @types package to the root, where the compiler looks by itself. */
export const WORKSPACE_TYPES = { types: ['node', 'jest'], isolatedModules: true, skipLibCheck: true };
