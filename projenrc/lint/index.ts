import { Component, javascript } from 'projen';

/**
 * One lint run over the repository. `eslint.config.ts` names the concerns, each a file of this directory.
 *
 * No type information is asked for: the compilers already check the types, and this stays below twenty seconds.
 */
export class Lint extends Component {
  constructor(root: javascript.NodeProject) {
    super(root);
    root.addDevDeps(
      'eslint@9.39.5', 'typescript-eslint@8.73.0', '@stylistic/eslint-plugin@5.10.0', 'eslint-plugin-import-x@4.18.1',
      'eslint-plugin-jsdoc@61.7.1', 'jiti@^2.7.0',
    );
    root.addTask('lint', {
      description: 'Lint every workspace, and type-check what no compiler builds',
      receiveArgs: true,
      steps: [{ exec: 'tsc --noEmit -p tsconfig.dev.json' }, { exec: 'eslint --cache --cache-location node_modules/.cache/eslint --no-warn-ignored .', receiveArgs: true }],
    });
  }
}
