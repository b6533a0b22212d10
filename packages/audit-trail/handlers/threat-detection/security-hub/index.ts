import { DescribeHubCommand, EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { State } from '../decide';
import { turnsOn } from '../turns-on';

export const handler = turnsOn({
  async state() {
    try {
      await new SecurityHubClient().send(new DescribeHubCommand());
      return State.ON;
    } catch (error) {
      if ((error as Error).name === 'InvalidAccessException') return State.ABSENT;
      throw error;
    }
  },

  async enable() {
    await new SecurityHubClient().send(new EnableSecurityHubCommand({ EnableDefaultStandards: true, ControlFindingGenerator: 'SECURITY_CONTROL' }));
  },
});
