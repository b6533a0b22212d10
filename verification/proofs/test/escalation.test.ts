import { EscalationBoundary } from '@tapstack/audit-trail';
import { InstanceRole } from '@tapstack/monitored-compute';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, Deployment, REGION, Template } from '../src/deployment';
import { boundarySubjects } from '../src/policies/boundary';
import { escalationSubjects } from '../src/policies/escalation';
import { judgePolicies, Subject } from '../src/policies/judge-policies';
import { ADMINISTRATOR, isAllowed } from '../src/policies/simulator';

// some hundred requests, each for the policy and for all of its mutants
jest.setTimeout(60_000);

function deployed(make: (stack: Stack) => void): Deployment {
  const app = new App({ analyticsReporting: false, context: { 'aws:cdk:enable-path-metadata': true } });
  const stack = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: REGION } });
  make(stack);
  return new Deployment('test', app.synth().getStackArtifact(stack.artifactId).template as Template);
}

/** The only policy of a kind, and what it does not keep of what is claimed. */
async function judged([subject, ...more]: Subject[]) {
  expect(more).toEqual([]);
  const { checks } = await judgePolicies([subject]);
  return { paths: subject.claims.length, problems: checks.flatMap(({ problems }) => problems) };
}

test('AUD-25 no privilege escalation, AUD-26 bounded delegation: every known path is closed to an administrator who has the boundary, and work is not', async () => {
  const { paths, problems } = await judged(boundarySubjects(deployed((stack) => { new EscalationBoundary(stack, 'Boundary'); })));
  expect(problems).toEqual([]);
  expect(paths).toBeGreaterThan(250);
});

test('CMP-05 no privilege escalation (D-05): every known path is closed to the role of an instance that somebody made an administrator', async () => {
  const { paths, problems } = await judged(escalationSubjects(deployed((stack) => { new InstanceRole(stack, 'Role'); })));
  expect(problems).toEqual([]);
  expect(paths).toBeGreaterThan(180);
});

test('AUD-25: a role that is trusted can be assumed and passed: the canary', async () => {
  const { problems } = await judged(boundarySubjects(deployed((stack) => {
    new EscalationBoundary(stack, 'Boundary', { trustedRoles: [iam.Role.fromRoleArn(stack, 'Trusted', `arn:aws:iam::${ACCOUNT}:role/Administrator`)] });
  })));
  for (const way of ['sts-001: to', 'ec2-001: to']) expect(problems).toContainEqual(expect.stringContaining(way));
  expect(problems).not.toContainEqual(expect.stringContaining('iam-001: to'));
});

test.each<[string, string, boolean]>([
  ['lambda:UpdateFunctionCode', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:ours`, true],
  ['lambda:UpdateFunctionCode', `arn:aws:lambda:${REGION}:${ACCOUNT}:function:others`, false],
  ['ecs:ExecuteCommand', `arn:aws:ecs:${REGION}:${ACCOUNT}:task/cluster/task`, false],
])('AUD-25: with a workload that is called bounded, %s on %s: %s', async (action, resource, allowed) => {
  const [{ document: boundary }] = boundarySubjects(deployed((stack) => {
    new EscalationBoundary(stack, 'Boundary', { boundedWorkloads: ['arn:aws:lambda:*:*:function:ours'] });
  }));
  expect(await isAllowed({ principal: `arn:aws:iam::${ACCOUNT}:role/Developer`, action, resource, identity: [ADMINISTRATOR], boundary })).toBe(allowed);
});
