import type { Linter } from 'eslint';

/** What makes a construct work in one partition, one language or one stack only. */
export const constructs: Linter.Config[] = [
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Literal[value=/^arn:aws:/]', message: 'no literal partition: use Stack.of(this).formatArn' },
        { selector: 'TemplateElement[value.raw=/^arn:aws:/]', message: 'no literal partition: use Stack.of(this).formatArn' },
        { selector: 'ExportNamedDeclaration > TSTypeAliasDeclaration', message: 'jsii has no type aliases: use an interface, an enum or a class' },
        { selector: 'CatchClause', message: 'an error at synthesis is final: nothing is caught' },
      ],
    },
  },
  { files: ['packages/*/src/private/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } },
];
