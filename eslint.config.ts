import { defineConfig, globalIgnores } from 'eslint/config';
import { constructs } from './projenrc/lint/constructs';
import { determinism } from './projenrc/lint/determinism';
import { docs } from './projenrc/lint/docs';
import { imports } from './projenrc/lint/imports';
import { style } from './projenrc/lint/style';
import { types } from './projenrc/lint/types';

export default defineConfig([
  globalIgnores([
    '**/lib/', '**/dist/', '**/coverage/', '**/cdk.out/', '**/*.snapshot/', '**/cdk-integ.out*/', '**/*.d.ts', '**/*.js', '**/assets/', '**/.venv/',
    '.nx/', '.tapstack/',
  ]),
  ...style,
  ...types,
  ...imports,
  ...determinism,
  ...constructs,
  ...docs,
]);
