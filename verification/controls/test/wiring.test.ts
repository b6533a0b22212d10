import { SecureVpc } from '@tapstack/secure-network';
import { App, Stack } from 'aws-cdk-lib';
import { COMMON, made, written } from '../src/data/environments/environment';
import { PublicClasses } from '../src/public-classes';
import { find } from '../src/wiring';

const classes = new PublicClasses(['@tapstack/secure-network']);
let stack: Stack;
beforeAll(() => {
  stack = new Stack(new App(), 'Stack');
  new SecureVpc(stack, 'Network');
});

test('a construct that is there and takes the property is found', () => {
  expect(find(made('Network', 'cidr', 'tiers'), stack, classes)).toMatchObject({ construct: 'SecureVpc', problem: undefined });
});

test.each([
  [made('Elsewhere'), "there is no construct 'Elsewhere'"],
  [made('Network/Elsewhere'), "there is no construct 'Network/Elsewhere'"],
  [made('Network', 'cidr', 'color'), "'Network' is a SecureVpc, which takes no 'color'"],
  [written('src/elsewhere.ts'), 'there is no file src/elsewhere.ts in apps/tap-stack'],
])('fails with %j', (wiring, problem) => {
  expect(find(wiring, stack, classes).problem).toBe(problem);
});

test('what all environments have in common is there', () => {
  expect(Object.values(COMMON).flat().flatMap((wiring) => find(wiring, stack, classes).problem ?? [])).toEqual([]);
});
