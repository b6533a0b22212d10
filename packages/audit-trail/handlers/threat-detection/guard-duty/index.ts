import { CreateDetectorCommand, GetDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { State } from '../decide';
import { turnsOn } from '../turns-on';

export const handler = turnsOn({
  async state() {
    const client = new GuardDutyClient();
    const [detector] = (await client.send(new ListDetectorsCommand())).DetectorIds ?? [];
    if (detector === undefined) return State.ABSENT;
    const { Status } = await client.send(new GetDetectorCommand({ DetectorId: detector }));
    return Status === 'ENABLED' ? State.ON : State.PAUSED;
  },

  async enable() {
    await new GuardDutyClient().send(new CreateDetectorCommand({ Enable: true, FindingPublishingFrequency: 'FIFTEEN_MINUTES' }));
  },
});
