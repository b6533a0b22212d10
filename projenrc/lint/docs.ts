import type { Linter } from 'eslint';
import jsdoc from 'eslint-plugin-jsdoc';

/** What is exported says what it is for. That each public member of a construct does is checked on the jsii assembly (`api`). */
export const docs: Linter.Config[] = [
  {
    files: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': ['error', { publicOnly: true, require: { ClassDeclaration: true, FunctionDeclaration: true }, contexts: ['TSInterfaceDeclaration', 'TSEnumDeclaration'] }],
      'jsdoc/check-tag-names': ['error', { definedTags: ['default', 'stability', 'remarks', 'jsii', 'cloudformationResource'] }],
      'jsdoc/check-param-names': 'error',
      'jsdoc/no-types': 'error',
      'jsdoc/no-blank-blocks': 'error',
    },
  },
];
