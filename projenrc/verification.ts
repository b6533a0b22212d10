import { javascript, typescript } from 'projen';
import { FastTests } from './fast-tests';
import { WORKSPACE_TYPES } from './node-package';
import { Repository } from './repository';
import { AWS_CDK_LIB, CONSTRUCTS, NODE_MINIMUM, NODE_WORKFLOW, TYPESCRIPT } from './versions';
import { WorkspaceMember } from './workspaces';

export interface VerificationOptions {
  readonly name: string;
  readonly summary: string;
  /** What it judges and judges with, besides the CDK. */
  readonly deps: string[];
  /** The command that judges, run by Nx as the target of that name. */
  readonly verdict: { readonly name: string; readonly command: string };
  /** Files of the repository's own tools that its tests read. */
  readonly alsoTests?: string[];
}

/** A private workspace that judges the product; nothing of it is published, and nothing published depends on it. */
export class Verification extends typescript.TypeScriptProject {
  constructor(repo: Repository, options: VerificationOptions) {
    super({
      parent: repo,
      outdir: `verification/${options.name}`,
      name: `verification-${options.name}`,
      description: options.summary,
      packageManager: javascript.NodePackageManager.NPM,
      defaultReleaseBranch: 'main',
      license: 'Apache-2.0',
      copyrightOwner: 'tapstack',
      typescriptVersion: TYPESCRIPT,
      runner: typescript.TypeScriptRunner.tsx(),
      minNodeVersion: NODE_MINIMUM,
      workflowNodeVersion: NODE_WORKFLOW,
      tsconfig: { compilerOptions: { target: 'es2022', lib: ['es2022'], noEmit: true, ...WORKSPACE_TYPES } },
      deps: [`aws-cdk-lib@${AWS_CDK_LIB}`, `constructs@${CONSTRUCTS}`, ...options.deps],
      devDeps: ['tsx@4.23.15'],
      sampleCode: false,
      readme: { contents: `# verification-${options.name}\n\n${options.summary}\n` },
      jest: false,
      eslint: false,
      release: false,
      package: false,
      entrypoint: '',
    });
    new WorkspaceMember(this);
    new FastTests(this);
    this.package.addField('private', true);
    this.addTask(options.verdict.name, { description: options.summary, exec: options.verdict.command, receiveArgs: true });
    if (options.alsoTests) {
      const inputs = ['everything', '^production', ...options.alsoTests.map((files) => `{workspaceRoot}/${files}`)];
      this.package.addField('nx', { targets: { test: { inputs } } });
      this.tsconfigDev?.file.addOverride('compilerOptions.rootDir', '../../..');
    }
  }
}
