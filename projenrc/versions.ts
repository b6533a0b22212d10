/**
 * Every version that is chosen rather than taken, in one place.
 *
 * 2.257.0 is the last aws-cdk-lib that speaks cloud assembly schema 53, the newest that integ-runner 2.197.10 reads:
 * we develop on it and support everything from it upwards.
 */
export const AWS_CDK_LIB = '2.257.0';
export const CONSTRUCTS = '10.5.1';
export const CDK_CLI = '2.1148.1';
export const TOOLKIT_LIB = '1.40.1';
export const INTEG_TESTS = '2.245.0-alpha.0';
export const INTEG_RUNNER = '2.197.10';
export const CDK_NAG = '3.0.2';
/** What of every CloudFormation type is replaced by which change; the one that toolkit-lib brings along. */
export const SERVICE_SPEC = '0.1.167';
/** AGPL: only ever a dependency of a workspace that is not published. */
export const IAM_SIMULATE = '0.1.173';
export const ESBUILD = '0.28.2';
/** Later lines want Node.js 22. */
export const VERDACCIO = '6.8.0';
/** The newest that almost every client we use has been published with. */
export const AWS_SDK = '3.1163.0';
/** The newest of the clients that were not published with that one. */
export const AWS_SDK_EXCEPTIONS: Readonly<Record<string, string>> = {
  'accessanalyzer': '3.1080.0',
  'cloudtrail': '3.1137.0',
  'config-service': '3.1124.0',
  'inspector2': '3.1085.0',
  'securityhub': '3.1108.0',
};

export const PROJEN = '0.103.25';
/** Newer lines lack platform packages in some registries, and `npm ci` refuses a lockfile without them. */
export const NX = '22.7.12';
/** jsii 6.0 compiles with the TypeScript 6.0 it brings along: everybody uses that one. */
export const TYPESCRIPT = '~6.0.3';
export const JSII = '~6.0.16';
export const JEST = '30.5.2';
export const NODE_MINIMUM = '20.19.0';
export const NODE_WORKFLOW = '20';

/**
 * A component that asks for a tool without a version gets the range "*", which projen drops from a workspace member's
 * package.json on the first synthesis (the root installs last): these are put in its place.
 */
export const TOOLS = [
  '@types/node@^20',
  '@types/jest@^30',
  'esbuild@0.28.2',
  'jsii-diff@1.134.0',
  'jsii-docgen@10.12.6',
  'jsii-pacmak@1.140.0',
  'jsii-rosetta@~6.0.17',
  'ts-node@^10.9.2',
  'tsx@4.23.15',
];

/** Ranges that only the root can set: what the registries can serve completely. */
export const OVERRIDES = { 'unrs-resolver': '1.11.1', 'node-fetch': '2.7.0' };
