import type { Linter } from 'eslint';
import importX from 'eslint-plugin-import-x';

/**
 * Who may import what. A workspace imports what its own package.json lists and nothing else, so that the edges between
 * packages stay where they are declared: in `.projenrc.ts`.
 */
export const imports: Linter.Config[] = [
  {
    plugins: { 'import-x': importX as unknown as NonNullable<Linter.Config['plugins']>[string] },
    rules: {
      'import-x/order': ['error', { 'groups': ['builtin', 'external', 'parent', 'sibling', 'index'], 'alphabetize': { order: 'asc', caseInsensitive: true }, 'newlines-between': 'never' }],
      'import-x/no-duplicates': 'error',
    },
  },
  {
    files: ['{packages,apps,verification}/*/src/**/*.ts'],
    rules: { 'import-x/no-extraneous-dependencies': ['error', { devDependencies: false, peerDependencies: true }] },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['aws-cdk-lib/*/lib/*', '@tapstack/*/*'], message: 'only public entry points' }] }],
    },
  },
];
