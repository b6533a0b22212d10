import type { Linter } from 'eslint';

const NOTHING_BUT_CONSTRUCTION = 'synthesis is construction only: same input, same bytes (ARCHITECTURE rule 8)';

/** Nothing at synthesis but construction: no clock, no chance, no environment, no network, no processes. */
export const determinism: Linter.Config[] = [
  {
    files: ['packages/*/src/**/*.ts', 'apps/tap-stack/src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...['fetch', 'setTimeout', 'setInterval', 'crypto'].map((name) => ({ name, message: NOTHING_BUT_CONSTRUCTION }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: NOTHING_BUT_CONSTRUCTION },
        { object: 'Math', property: 'random', message: NOTHING_BUT_CONSTRUCTION },
        { object: 'process', property: 'env', message: NOTHING_BUT_CONSTRUCTION },
      ],
      'import-x/no-nodejs-modules': ['error', { allow: ['path', 'node:path'] }],
    },
  },
];
