import stylistic from '@stylistic/eslint-plugin';
import type { Linter } from 'eslint';

/** How code is laid out: nobody discusses it. */
export const style: Linter.Config[] = [
  stylistic.configs.customize({ indent: 2, quotes: 'single', semi: true, jsx: false, braceStyle: '1tbs' }),
  {
    rules: {
      '@stylistic/max-len': ['error', { code: 150, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true, ignoreComments: true }],
      '@stylistic/quote-props': ['error', 'consistent-as-needed'],
      '@stylistic/arrow-parens': ['error', 'always'],
      '@stylistic/max-statements-per-line': ['error', { max: 2 }],
      '@stylistic/quotes': ['error', 'single', { avoidEscape: true }],
      '@stylistic/multiline-ternary': 'off',
      '@stylistic/operator-linebreak': ['error', 'before', { overrides: { '=': 'after' } }],
      '@stylistic/lines-between-class-members': ['error', 'always', { exceptAfterSingleLine: true }],
    },
  },
];
