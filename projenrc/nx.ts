import { Component, JsonFile, typescript } from 'projen';

/** What a task writes: never its input. (jsii writes tsconfig.json too, where git ignores it, and so does Nx; elsewhere it is ours.) */
const OUTPUTS = [
  'lib', 'assets', 'dist', 'coverage', 'test-reports', 'cdk.out', 'API.md', '.jsii', 'tsconfig.tsbuildinfo',
];

/** What was seen to hold of the environments: written by one task, or compared, and read by another. */
const CONFIRMED = '{workspaceRoot}/docs/environments/confirmed/*';

/** nx.json: the order of tasks over the workspaces and a local cache, nothing more. */
export class NxTaskRunner extends Component {
  constructor(root: typescript.TypeScriptProject, version: string) {
    super(root);
    root.addDevDeps(`nx@${version}`);
    new JsonFile(root, 'nx.json', {
      obj: {
        $schema: './node_modules/nx/schemas/nx-schema.json',
        neverConnectToCloud: true,
        useDaemonProcess: false,
        analytics: false,
        parallel: 2,
        defaultBase: 'main',
        namedInputs: {
          workspace: ['{workspaceRoot}/package-lock.json', '{workspaceRoot}/nx.json', { runtime: 'node --version' }],
          files: ['{projectRoot}/**/*', ...OUTPUTS.flatMap((name) => [`!{projectRoot}/${name}`, `!{projectRoot}/${name}/**`])],
          production: [
            'files', '!{projectRoot}/test/**', '!{projectRoot}/python/tests/**', '!{projectRoot}/CHANGELOG.md', '!{projectRoot}/.npmignore', 'workspace',
          ],
          everything: ['files', 'workspace'],
        },
        targetDefaults: {
          'compile': {
            cache: true,
            dependsOn: ['^compile'],
            inputs: ['production', '^production'],
            outputs: ['lib', 'assets', '.jsii', 'tsconfig.json', 'tsconfig.tsbuildinfo'].map(inProject),
          },
          'docgen': { cache: true, dependsOn: ['compile'], inputs: ['production', '{workspaceRoot}/tools/docgen.ts'], outputs: [inProject('API.md')] },
          'api': {
            cache: true,
            dependsOn: ['compile'],
            inputs: ['production', '{projectRoot}/api-baseline/**', '{workspaceRoot}/tools/api-*.ts'],
            outputs: [inProject('test-reports/api.json')],
          },
          'judge': { cache: true, dependsOn: ['^compile'], inputs: ['everything', '^production'], outputs: [inProject('test-reports/judges.json')] },
          'catalogue': {
            cache: true,
            dependsOn: ['^compile'],
            // names of tests, comments and READMEs of the whole repository
            inputs: [
              'everything', '^production', CONFIRMED,
              ...['packages', 'apps', 'verification', 'docs'].map((folder) => `{workspaceRoot}/${folder}/**/*.{ts,py,md}`),
            ],
            outputs: [inProject('test-reports/controls.json')],
          },
          'test': {
            cache: true,
            dependsOn: ['compile', '^compile'],
            inputs: ['everything', '^production'],
            outputs: [inProject('test-reports/unit.json')],
          },
          'examples': {
            cache: true,
            dependsOn: ['compile', '^compile'],
            inputs: ['production', '^production'],
            outputs: [inProject('test-reports/examples.tabl.json')],
          },
          'snapshots': {
            cache: true,
            dependsOn: ['compile', '^compile'],
            inputs: ['everything', '^production', '{workspaceRoot}/tools/snapshots.mjs', '{workspaceRoot}/tools/same-templates.mjs'],
            outputs: [inProject('test-reports/snapshots.json')],
          },
          'test:python': {
            cache: true,
            dependsOn: ['compile'],
            inputs: ['{projectRoot}/python/**/*', 'workspace', '{workspaceRoot}/tools/python-tests.mjs'],
            outputs: [inProject('test-reports/python.json')],
          },
          'test:environment': {
            cache: true,
            dependsOn: ['compile', '^compile'],
            inputs: ['everything', '^production', '{workspaceRoot}/tools/environment-test.mjs', CONFIRMED],
            outputs: [inProject('test-reports/environment.json')],
          },
          'test:templates': {
            cache: true,
            dependsOn: ['compile', '^compile'],
            inputs: ['everything', '^production', '{workspaceRoot}/tools/templates-test.mjs'],
            outputs: [inProject('test-reports/templates.json')],
          },
          'package:js': { cache: true, dependsOn: ['compile', 'docgen'], inputs: ['everything', '^production'], outputs: [inProject('dist/js')] },
          'package:python': { cache: true, dependsOn: ['compile', '^compile'], inputs: ['everything', '^production'], outputs: [inProject('dist/python')] },
          'package:java': {
            cache: true, dependsOn: ['compile', '^compile', '^package:java'], inputs: ['everything', '^production'], outputs: [inProject('dist/java')],
          },
          'package:go': { cache: true, dependsOn: ['compile', '^compile'], inputs: ['everything', '^production'], outputs: [inProject('dist/go')] },
        },
      },
    });
  }
}

function inProject(file: string): string {
  return `{projectRoot}/${file}`;
}
