import { Component, javascript } from 'projen';
import { GitHub, GithubWorkflow } from 'projen/lib/github';
import { JobPermission, JobStep } from 'projen/lib/github/workflows-model';

/** Node.js, Python and Java as a fresh machine needs them. */
export const TOOLCHAIN: JobStep[] = [
  { uses: 'actions/checkout@v5', with: { 'fetch-depth': 0 } },
  { uses: 'actions/setup-node@v5', with: { 'node-version': '20', 'cache': 'npm' } },
  { uses: 'actions/setup-python@v6', with: { 'python-version': '3.11' } },
  { uses: 'actions/setup-java@v5', with: { 'distribution': 'temurin', 'java-version': '17' } },
];

/** Every push and pull request: what CI runs, and that the generated files are what `.projenrc.ts` says. */
export class BuildWorkflow extends Component {
  constructor(root: javascript.NodeProject) {
    super(root);
    const workflow = new GithubWorkflow(GitHub.of(root)!, 'build');
    workflow.on({ pullRequest: {}, push: { branches: ['main'] }, workflowDispatch: {} });
    workflow.addJob('build', {
      runsOn: ['ubuntu-latest'],
      timeoutMinutes: 90,
      permissions: { contents: JobPermission.READ },
      env: { CI: 'true' },
      steps: [
        ...TOOLCHAIN,
        { name: 'Generated files are up to date', run: 'npm ci && npx projen && git diff --exit-code' },
        { name: 'Everything a commit needs to land', run: 'bash .ci/run' },
        { name: 'Known vulnerabilities in what is published', run: 'npm audit --omit=dev --audit-level=high' },
      ],
    });
  }
}
