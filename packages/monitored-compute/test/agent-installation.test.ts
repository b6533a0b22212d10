import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentInstallation } from '../src/private/agent-installation';

const CONFIGURATION = JSON.stringify({ metrics: { append_dimensions: { InstanceId: '${aws:InstanceId}' } }, logs: "it's `a` $(test)" }, undefined, 2);

describe('the installation of the agent', () => {
  let machine: string;
  beforeEach(() => {
    machine = mkdtempSync(join(tmpdir(), 'machine-'));
    for (const directory of ['agent/etc', 'agent/bin', 'bin']) mkdirSync(join(machine, directory), { recursive: true });
    for (const path of ['bin/dnf', 'bin/systemctl', 'agent/bin/amazon-cloudwatch-agent-ctl']) play(path, 'echo "${0##*/} $*" >>"$CALLS"; [ "$BROKEN" != "${0##*/}" ]');
    play('bin/rpm', '[ "$INSTALLED" = yes ]');
  });
  afterEach(() => rmSync(machine, { recursive: true }));

  const play = (path: string, body: string) => writeFileSync(join(machine, path), `#!/bin/bash\n${body}\n`, { mode: 0o755 });

  /** Runs the script in a real shell, on a machine of which everything but the shell is played. */
  function run(paths: string[], environment: Record<string, string> = {}) {
    const script = join(machine, 'script');
    const calls = join(machine, 'calls');
    writeFileSync(script, `${agentInstallation(CONFIGURATION, paths).replaceAll('/opt/aws/amazon-cloudwatch-agent', join(machine, 'agent'))}\necho "went on" >>"$CALLS"\n`);
    writeFileSync(calls, '');
    const { status, stderr } = spawnSync('bash', [script], {
      env: { PATH: `${join(machine, 'bin')}:${process.env.PATH}`, CALLS: calls, BROKEN: '', INSTALLED: 'no', ...environment },
      encoding: 'utf8',
    });
    return { status, stderr, calls: readFileSync(calls, 'utf8').replaceAll(machine, '').trim().split('\n') };
  }

  const configuration = () => readFileSync(join(machine, 'agent/etc/requested.json'), 'utf8');

  test('installs, configures, starts and looks whether it runs', () => {
    expect(run([])).toEqual({
      status: 0,
      stderr: '',
      calls: [
        'dnf install --assumeyes amazon-cloudwatch-agent',
        'amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/agent/etc/requested.json',
        'systemctl is-active --quiet amazon-cloudwatch-agent',
        'went on',
      ],
    });
  });

  test('writes the configuration as it is: the shell expands nothing in it', () => {
    run([]);
    expect(configuration()).toBe(`${CONFIGURATION}\n`);
  });

  test('installs nothing when the packages are there, and still applies the configuration', () => {
    const { calls } = run([], { INSTALLED: 'yes' });
    expect(calls).not.toContain('dnf install --assumeyes amazon-cloudwatch-agent');
    expect(configuration()).not.toBe('');
  });

  test.each(['/var/log/messages', '/var/log/secure'])('installs and starts rsyslog, which writes %s', (path) => {
    expect(run([path]).calls).toEqual(expect.arrayContaining(['dnf install --assumeyes amazon-cloudwatch-agent rsyslog', 'systemctl enable --now rsyslog']));
  });

  test('leaves rsyslog out when nobody follows its files', () => {
    expect(run(['/var/log/app.log']).calls.join()).not.toContain('rsyslog');
  });

  test.each(['dnf', 'amazon-cloudwatch-agent-ctl', 'systemctl'])('fails, says so and does not go on when %s fails', (broken) => {
    const { status, stderr, calls } = run([], { BROKEN: broken });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/the CloudWatch agent does not run: line \d+ failed/);
    expect(calls).not.toContain('went on');
  });
});
