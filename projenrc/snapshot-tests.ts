import { Component, javascript } from 'projen';
import { CDK_CLI, INTEG_RUNNER, INTEG_TESTS } from './versions';

/** Without these integ-runner asks the instance metadata service eight times, one second each, for every test. */
const OFFLINE = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none', AWS_EC2_METADATA_DISABLED: 'true' };

const RUNNER = ['integ-runner', '--directory', 'test', '--language', 'typescript', '--app'];
const APP = 'tsx {filePath}';

/** The app sees for itself that the snapshot has every template as it is now. */
const COMPARED_APP = 'tsx --import ../../tools/same-templates.mjs {filePath}';

/** Integration tests: snapshots are compared without an account, deployed to the local AWS or to a real one. */
export class SnapshotTests extends Component {
  constructor(project: javascript.NodeProject) {
    super(project);
    project.addDevDeps(`@aws-cdk/integ-tests-alpha@${INTEG_TESTS}`, `@aws-cdk/integ-runner@${INTEG_RUNNER}`, `aws-cdk@${CDK_CLI}`, 'tsx@4.23.15');
    // execArgs, not exec: a shell would split the pattern, and no test would be found, silently
    project.addTask('integ', { description: 'Compare the integration test snapshots', receiveArgs: true, execArgs: [...RUNNER, COMPARED_APP, '$@'], env: OFFLINE });
    project.addTask('snapshots', { description: 'The same, with a report of how many there are', exec: 'node ../../tools/snapshots.mjs', env: OFFLINE });
    project.addTask('integ:update', {
      description: 'Write the integration test snapshots without deploying',
      receiveArgs: true, execArgs: [...RUNNER, APP, '--update-on-failed', '--dry-run', '$@'], env: OFFLINE,
    });
    project.addTask('integ:deploy', {
      description: 'Deploy the integration tests and evaluate their assertions',
      receiveArgs: true, execArgs: [...RUNNER, APP, '--update-on-failed', '--force', '--disable-update-workflow', '$@'],
    });
    project.addGitIgnore('cdk-integ.out.*');
    // 2 MB of provider code that a comparison does not read: assets are known by their hash in the template
    project.addGitIgnore('/test/*.snapshot/asset.*');
  }
}
