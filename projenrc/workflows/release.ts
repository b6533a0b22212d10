import { Component, javascript } from 'projen';
import { GitHub, GithubWorkflow } from 'projen/lib/github';
import { JobPermission } from 'projen/lib/github/workflows-model';
import { TOOLCHAIN } from './build';

/**
 * A release by hand from main: each package whose folder changed gets its version, changelog and tag, then every language is
 * packed and published. Registry tokens are the environment's secrets; npm publishes with provenance.
 */
export class ReleaseWorkflow extends Component {
  constructor(root: javascript.NodeProject) {
    super(root);
    root.addDevDeps('commit-and-tag-version@^12.7.3', 'publib@^0.2.1061');
    root.addTask('release:version', { description: 'Give each changed package its version, changelog and tag', exec: 'tsx tools/release-version.ts', receiveArgs: true });
    const workflow = new GithubWorkflow(GitHub.of(root)!, 'release', { limitConcurrency: true });
    workflow.on({ workflowDispatch: {} });
    workflow.addJob('release', {
      runsOn: ['ubuntu-latest'],
      timeoutMinutes: 120,
      environment: 'release',
      permissions: { contents: JobPermission.WRITE, idToken: JobPermission.WRITE },
      env: { CI: 'true', NPM_CONFIG_PROVENANCE: 'true' },
      steps: [
        ...TOOLCHAIN,
        { name: 'Everything a commit needs to land', run: 'bash .ci/run' },
        { name: 'Versions, changelogs, tags', run: 'npx projen release:version' },
        { name: 'Pack every language', run: 'npx nx run-many -t package:js package:python package:java package:go' },
        { name: 'Templates for teams without the CDK', run: 'npm run templates' },
        {
          name: 'Publish',
          run: [
            'for dist in packages/*/dist apps/local-aws/dist apps/operator/dist; do',
            '  npx publib-npm "$dist/js"',
            '  [ ! -d "$dist/python" ] || npx publib-pypi "$dist/python"',
            '  [ ! -d "$dist/java" ] || npx publib-maven "$dist/java"',
            'done',
            'git push --follow-tags origin HEAD:main',
            'gh release create "templates-${{ github.run_number }}" dist/templates/*.template.json --title "Templates ${{ github.run_number }}" --generate-notes',
          ].join('\n'),
          env: {
            GH_TOKEN: '${{ github.token }}',
            NPM_TOKEN: '${{ secrets.NPM_TOKEN }}',
            TWINE_USERNAME: '${{ secrets.TWINE_USERNAME }}',
            TWINE_PASSWORD: '${{ secrets.TWINE_PASSWORD }}',
            MAVEN_USERNAME: '${{ secrets.MAVEN_USERNAME }}',
            MAVEN_PASSWORD: '${{ secrets.MAVEN_PASSWORD }}',
            MAVEN_GPG_PRIVATE_KEY: '${{ secrets.MAVEN_GPG_PRIVATE_KEY }}',
            MAVEN_GPG_PRIVATE_KEY_PASSPHRASE: '${{ secrets.MAVEN_GPG_PRIVATE_KEY_PASSPHRASE }}',
          },
        },
      ],
    });
  }
}
