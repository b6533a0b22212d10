import { StageName } from '../src/stage';
import { EVERY, templateOf } from './_helpers/every-environment';
import { accepts } from './_helpers/parameters';

const { EPHEMERAL } = StageName;

describe('X-01 parameters', () => {
  // the environment that has them all
  const parameter = (name: string) => templateOf('baseline', EPHEMERAL).parameters[name];

  test.each(EVERY)('%s, %s: every parameter is described, and the CDK adds none', (environment, stage) => {
    for (const [name, { Description }] of Object.entries(templateOf(environment, stage).parameters)) expect([name, Description]).toEqual([name, expect.stringMatching(/\w+ \w+/)]);
  });

  test.each(EVERY)('%s, %s: every text that an operator types has a constraint, and says what it takes', (environment, stage) => {
    const typed = Object.entries(templateOf(environment, stage).parameters).filter(([, { Type }]) => Type === 'String');
    expect(typed.length).toBeGreaterThanOrEqual(4);
    for (const [name, { AllowedValues, AllowedPattern, ConstraintDescription }] of typed) {
      // CloudFormation lists the allowed values itself; a pattern says nothing to whoever typed something else
      expect([name, AllowedValues ?? (AllowedPattern && ConstraintDescription)]).toEqual([name, expect.anything()]);
    }
  });

  test.each(EVERY)('%s, %s: no parameter is there for nothing', (environment, stage) => {
    const { parameters, json } = templateOf(environment, stage);
    const rest = JSON.stringify({ ...json, Parameters: {} });
    expect(Object.keys(parameters).filter((name) => !rest.includes(`{"Ref":"${name}"}`) && !rest.includes(`\${${name}}`))).toEqual([]);
  });

  test.each(EVERY)('%s, %s: every default is a value that its own parameter accepts', (environment, stage) => {
    const refused = Object.entries(templateOf(environment, stage).parameters).filter(([, one]) => !accepts(one, one.Default!));
    expect(refused.map(([name]) => name)).toEqual([]);
  });

  test('an environment has the parameters that all have, or fewer, and says the same of each', () => {
    expect(Object.keys(templateOf('baseline', EPHEMERAL).parameters).sort()).toEqual([
      'AlertEmail', 'AllowedSSHCIDR', 'DBUsername', 'EC2AMIId', 'EC2InstanceType', 'Environment', 'EnvironmentSuffix',
    ]);
    for (const [environment, stage] of EVERY) expect(templateOf('baseline', EPHEMERAL).parameters).toMatchObject(templateOf(environment, stage).parameters);
  });

  test.each(['dev', 'a', '7', 'pr-1234', 'green', 'abcdefghij', 'a--b'])('EnvironmentSuffix takes %j', (value) => {
    expect(accepts(parameter('EnvironmentSuffix'), value)).toBe(true);
  });

  test.each(['', 'Dev', 'DEV', '-dev', 'dev-', 'de_v', 'de.v', 'de v', ' dev', 'dev\n', 'dév', 'abcdefghijk'])('EnvironmentSuffix refuses %j', (value) => {
    expect(accepts(parameter('EnvironmentSuffix'), value)).toBe(false);
  });

  test.each(['10.0.0.0/8', '203.0.113.0/24', '198.51.100.7/32', '192.168.0.0/16', '172.16.0.0/12', '100.64.0.0/10', '255.255.255.255/32'])('AllowedSSHCIDR takes %s', (value) => {
    expect(accepts(parameter('AllowedSSHCIDR'), value)).toBe(true);
  });

  test.each(['0.0.0.0/0', '::/0', '*', '0.0.0.0'])('AllowedSSHCIDR refuses any address: %s', (value) => {
    expect(accepts(parameter('AllowedSSHCIDR'), value)).toBe(false);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('AllowedSSHCIDR refuses the prefix /%d', (prefix) => {
    expect(accepts(parameter('AllowedSSHCIDR'), `128.0.0.0/${prefix}`)).toBe(false);
  });

  test.each([
    '', '10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0/24', '10.0.0.0.0/24', '256.0.0.0/8', '10.0.0.999/32', '010.0.0.0/8', '2001:db8::/32', '10.0.0.0/8 ', '10.0.0.0/8\n',
    'x10.0.0.0/8', '10.0.0.0/8,0.0.0.0/0',
  ])('AllowedSSHCIDR refuses %j', (value) => {
    expect(accepts(parameter('AllowedSSHCIDR'), value)).toBe(false);
  });

  test.each(['', 'alerts@example.com', 'a.b+c@mail.example.com'])('AlertEmail takes %j', (value) => {
    expect(accepts(parameter('AlertEmail'), value)).toBe(true);
  });

  test.each([' ', 'alerts', '@example.com', 'alerts@', 'a@b@c', 'a lerts@example.com', `${'x'.repeat(65)}@example.com`])('AlertEmail refuses %j', (value) => {
    expect(accepts(parameter('AlertEmail'), value)).toBe(false);
  });

  test.each(['dboperator', 'a', 'app_owner2', 'abcdefghijklmnop', 'rooter', 'sysop'])('DBUsername takes %j', (value) => {
    expect(accepts(parameter('DBUsername'), value)).toBe(true);
  });

  test.each([
    '', 'admin', 'administrator', 'root', 'master', 'mysql', 'user', 'sys', 'rdsadmin', 'rdsrepladmin', 'Admin', '1st', '_a', 'app-owner', 'app owner', 'abcdefghijklmnopq', 'dboperator\n',
  ])('DBUsername refuses %j', (value) => {
    expect(accepts(parameter('DBUsername'), value)).toBe(false);
  });

  test('Environment is one of four, and stands in the tag', () => {
    expect(parameter('Environment').AllowedValues).toEqual(['development', 'test', 'staging', 'production']);
    expect(accepts(parameter('Environment'), 'prod')).toBe(false);
  });

  test('EC2InstanceType is one of a list, all of the architecture of the default image', () => {
    expect(parameter('EC2InstanceType').AllowedValues).toEqual(expect.arrayContaining(['t3.micro', 'm7i.large']));
    expect(parameter('EC2InstanceType').AllowedValues!.filter((type) => /^\w+g[a-z]*\./.test(type))).toEqual([]);
    expect(parameter('EC2AMIId').Default).toMatch(/al2023-ami-kernel-default-x86_64$/);
  });

  test('no parameter asks for a password', () => {
    expect(EVERY.flatMap(([environment, stage]) => Object.keys(templateOf(environment, stage).parameters)).filter((name) => /password|secret/i.test(name))).toEqual([]);
  });
});
