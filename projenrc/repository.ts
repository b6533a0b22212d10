import { javascript, typescript } from 'projen';
import { Lint } from './lint';
import { NxTaskRunner } from './nx';
import { AWS_CDK_LIB, CONSTRUCTS, NODE_MINIMUM, NODE_WORKFLOW, NX, OVERRIDES, PROJEN, SERVICE_SPEC, TYPESCRIPT } from './versions';
import { BuildWorkflow } from './workflows/build';
import { ReleaseWorkflow } from './workflows/release';
import { NpmWorkspaces, pinTools } from './workspaces';

export interface RepositoryOptions {
  readonly name: string;
}

/** Who answers for what is published. */
export const AUTHOR = { author: 'tapstack', authorAddress: 'maintainers@tapstack.example', authorOrganization: true };
export const REPOSITORY_URL = 'https://github.com/tapstack/secure-environments.git';

/** The scripts whose names are a contract; they need nothing but Node.js until they have run `npm ci`. */
const COMMANDS: Record<string, string> = {
  'up': 'node tools/up.mjs',
  'down': 'node tools/down.mjs',
  'test': 'node tools/test.mjs',
  'controls': 'node tools/controls.mjs',
  'confirm': 'node tools/confirm.mjs',
  'judges': 'node tools/judges.mjs',
  'proofs': 'node tools/proofs.mjs',
  'bench': 'node tools/bench.mjs',
  'consumers': 'node tools/consumers.mjs',
  'templates': 'node tools/templates.mjs',
  'integ': 'node tools/integ.mjs',
  'integ:local': 'node tools/integ.mjs --local',
  'updates': 'node tools/updates.mjs',
};

/** The root of the monorepo: npm workspaces, Nx, lint, workflows. It compiles nothing itself. */
export class Repository extends typescript.TypeScriptProject {
  constructor(options: RepositoryOptions) {
    super({
      name: options.name,
      packageManager: javascript.NodePackageManager.NPM,
      defaultReleaseBranch: 'main',
      projenVersion: PROJEN,
      projenrcTs: true,
      runner: typescript.TypeScriptRunner.tsx(),
      typescriptVersion: TYPESCRIPT,
      minNodeVersion: NODE_MINIMUM,
      workflowNodeVersion: NODE_WORKFLOW,
      // pinned exactly here, or npm nests a private copy in a member
      devDeps: [`aws-cdk-lib@${AWS_CDK_LIB}`, `constructs@${CONSTRUCTS}`, 'jsii-docgen@10.12.6', 'tsx@4.23.15', `@aws-cdk/aws-service-spec@${SERVICE_SPEC}`],
      allowScripts: ['esbuild', 'nx', '@swc/core'],
      license: 'Apache-2.0',
      copyrightOwner: 'tapstack',
      authorName: AUTHOR.author,
      authorEmail: AUTHOR.authorAddress,
      authorOrganization: true,
      disableTsconfig: true,
      tsconfigDev: {
        compilerOptions: {
          target: 'es2022', lib: ['es2022'], module: 'preserve', moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER, skipLibCheck: true, noEmit: true,
        },
        include: ['eslint.config.ts', 'tools/**/*.ts'],
      },
      sampleCode: false,
      readme: { contents: `# ${options.name}\n` },
      jest: false,
      eslint: false,
      package: false,
      release: false,
      buildWorkflow: false,
      depsUpgrade: true,
      pullRequestTemplate: true,
      entrypoint: '',
      npmignoreEnabled: false,
      gitignore: ['/.nx/', '.tapstack/', '/dist/', '*.tsbuildinfo', 'cdk.out/', 'cdk-integ.out.*', '__pycache__/', '.pytest_cache/', '.ruff_cache/'],
    });
    this.package.addField('private', true);
    this.package.addField('overrides', OVERRIDES);
    this.compileTask.reset('nx run-many -t compile docgen package:js', { receiveArgs: true });
    this.testTask.reset('node tools/test.mjs');
    for (const [name, command] of Object.entries(COMMANDS)) this.package.setScript(name, command);

    new NpmWorkspaces(this, ['packages/*', 'apps/*', 'verification/*']);
    new NxTaskRunner(this, NX);
    new Lint(this);
    new BuildWorkflow(this);
    new ReleaseWorkflow(this);
    pinTools(this);
  }
}
