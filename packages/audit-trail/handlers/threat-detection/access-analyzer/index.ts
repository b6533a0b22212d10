import { AccessAnalyzerClient, AnalyzerSummary, CreateAnalyzerCommand, paginateListAnalyzers } from '@aws-sdk/client-accessanalyzer';
import { State } from '../decide';
import { turnsOn } from '../turns-on';

export const handler = turnsOn({
  async state() {
    const analyzers: AnalyzerSummary[] = [];
    for await (const page of paginateListAnalyzers({ client: new AccessAnalyzerClient() }, {})) analyzers.push(...page.analyzers ?? []);
    // an analyzer of unused access says nothing of access from outside
    const external = analyzers.filter(({ type }) => type === 'ACCOUNT' || type === 'ORGANIZATION');
    if (external.length === 0) return State.ABSENT;
    return external.some(({ status }) => status === 'ACTIVE' || status === 'CREATING') ? State.ON : State.PAUSED;
  },

  async enable() {
    await new AccessAnalyzerClient().send(new CreateAnalyzerCommand({ analyzerName: 'external-access', type: 'ACCOUNT' }));
  },
});
