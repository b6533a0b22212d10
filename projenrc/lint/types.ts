import tseslint from 'typescript-eslint';

/** What the type checker cannot see or does not mind. */
export const types = [
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      'eqeqeq': 'error',
      'no-console': 'off',
      'max-lines': ['error', { max: 400 }],
    },
  },
];
