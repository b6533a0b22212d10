import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';

const RECOMMENDED_FLAGS: Record<string, unknown> = JSON.parse(readFileSync(require.resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'));

/** The two ends of what a consumer's cdk.json can hold. */
export const FLAGS: [string, Record<string, unknown>][] = [
  ['without feature flags', {}],
  ['with every recommended feature flag', RECOMMENDED_FLAGS],
];

/** A stack in a known account and region, so that ARNs can be read. */
export const stackInFrankfurt = (flags: Record<string, unknown> = {}) =>
  new Stack(new App({ context: flags }), 'Stack', { env: { account: '111122223333', region: 'eu-central-1' } });

/** A network with a public and a private tier, one NAT gateway, and nothing else. */
export const networkOf = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', { natGateways: 1, restrictDefaultSecurityGroup: false });

/** An instance that somebody made without us. */
export const plainInstance = (stack: Stack) => new ec2.Instance(stack, 'Plain', {
  vpc: networkOf(stack),
  instanceType: new ec2.InstanceType('t4g.nano'),
  machineImage: ec2.MachineImage.genericLinux({ 'eu-central-1': 'ami-0123456789abcdef0' }),
});
