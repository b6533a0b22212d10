import { Component, javascript } from 'projen';
import { JEST } from './versions';

/**
 * One type check of sources and tests, then jest over swc, which does none per file; one JSON report for the closing line.
 *
 * CDK_VALIDATION=false: newer aws-cdk-lib run a template validator in every synthesis, once per jest file.
 */
export class FastTests extends Component {
  constructor(project: javascript.NodeProject, options: { readonly roots?: string[] } = {}) {
    super(project);
    project.addDevDeps(`jest@${JEST}`, '@swc/core@1.16.18', '@swc/jest@0.2.39', '@types/jest@^30');
    project.package.addField('jest', {
      testEnvironment: 'node',
      roots: options.roots ?? ['<rootDir>/test'],
      testMatch: ['**/*.test.ts'],
      transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true } } }] },
      modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist'],
      snapshotFormat: { escapeString: true, printBasicPrototype: true },
    });
    project.testTask.reset();
    project.testTask.exec('tsc --noEmit -p test');
    project.testTask.env('CDK_VALIDATION', 'false');
    // jest writes its report into a directory that is there, and nowhere else
    project.testTask.exec('mkdir -p test-reports');
    project.testTask.exec('jest --ci --json --outputFile test-reports/unit.json', { receiveArgs: true });
    project.addGitIgnore('/test-reports/');
    project.addGitIgnore('/coverage/');
  }
}
