import { BatchGetAccountStatusCommand, EnableCommand, Inspector2Client, ResourceState } from '@aws-sdk/client-inspector2';
import { State } from '../decide';
import { turnsOn } from '../turns-on';

export const handler = turnsOn({
  async state() {
    const { accounts } = await new Inspector2Client().send(new BatchGetAccountStatusCommand());
    const resources = accounts?.[0]?.resourceState;
    return stateOf([resources?.ec2, resources?.ecr, resources?.lambda].map((resource: Partial<ResourceState['ec2']>) => resource?.status));
  },

  async enable() {
    const { failedAccounts } = await new Inspector2Client().send(new EnableCommand({ resourceTypes: ['EC2', 'ECR', 'LAMBDA'] }));
    if (failedAccounts?.length) throw new Error(`Inspector was not turned on: ${failedAccounts.map(({ errorCode, errorMessage }) => `${errorCode} ${errorMessage}`).join('; ')}`);
  },
});

/** Whoever scans some kinds of resources and not others has chosen so. */
function stateOf(statuses: (string | undefined)[]): State {
  if (statuses.some((status) => status === 'ENABLED' || status === 'ENABLING')) return State.ON;
  return statuses.some((status) => status === 'SUSPENDED' || status === 'SUSPENDING') ? State.PAUSED : State.ABSENT;
}
