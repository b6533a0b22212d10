import { spawnSync } from 'node:child_process';
import { SESSION_MANAGER_OFF, sessionManager } from '../src/session-manager';

describe('CMP-06 no shared secrets: Session Manager', () => {
  test('opens channels, reports the instance, and does nothing else', () => {
    expect(sessionManager().map((statement) => statement.toStatementJson())).toEqual([{
      Sid: 'SessionManager',
      Effect: 'Allow',
      Action: [
        'ssm:UpdateInstanceInformation',
        'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
      ],
      Resource: '*',
    }]);
  });

  /** Runs the commands in a real shell, on an image that has the agent or has not. */
  function switchOff(imageHasAgent: boolean, disableWorks = true) {
    const systemctl = `systemctl() { case "$1" in cat) return ${imageHasAgent ? 0 : 1};; *) echo "systemctl $*"; return ${disableWorks ? 0 : 1};; esac; }`;
    const { status, stdout } = spawnSync('bash', ['--norc', '-c', [systemctl, ...SESSION_MANAGER_OFF, 'echo "went on"'].join('\n')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return { failed: status !== 0, did: stdout.trim().split('\n') };
  }

  test('stops the agent that the image brings, now and at the next boots', () => {
    expect(switchOff(true)).toEqual({ failed: false, did: ['systemctl disable --now amazon-ssm-agent', 'went on'] });
  });

  test('has nothing to stop in an image without the agent', () => {
    expect(switchOff(false)).toEqual({ failed: false, did: ['went on'] });
  });

  test('fails when the agent cannot be stopped', () => {
    expect(switchOff(true, false)).toEqual({ failed: true, did: ['systemctl disable --now amazon-ssm-agent'] });
  });
});
