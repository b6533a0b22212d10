import { AccessAnalyzerClient, AnalyzerSummary, CreateAnalyzerCommand, paginateListAnalyzers } from '@aws-sdk/client-accessanalyzer';
import { CreateDetectorCommand, GetDetectorCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { BatchGetAccountStatusCommand, EnableCommand, Inspector2Client, ResourceState } from '@aws-sdk/client-inspector2';
import { DescribeHubCommand, EnableSecurityHubCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { State } from './decide';

/** One service: what it does now, and how it is turned on. */
export interface Service {
  state(): Promise<State>;
  enable(): Promise<void>;
}

/** The services by the name that the construct gives. */
export const SERVICES: Readonly<Record<string, Service>> = {
  GUARD_DUTY: {
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
  },

  SECURITY_HUB: {
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
  },

  ACCESS_ANALYZER: {
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
  },

  INSPECTOR: {
    async state() {
      const { accounts } = await new Inspector2Client().send(new BatchGetAccountStatusCommand());
      const resources = accounts?.[0]?.resourceState;
      return inspectorState([resources?.ec2, resources?.ecr, resources?.lambda].map((resource: Partial<ResourceState['ec2']>) => resource?.status));
    },
    async enable() {
      const { failedAccounts } = await new Inspector2Client().send(new EnableCommand({ resourceTypes: ['EC2', 'ECR', 'LAMBDA'] }));
      if (failedAccounts?.length) throw new Error(`Inspector was not turned on: ${failedAccounts.map(({ errorCode, errorMessage }) => `${errorCode} ${errorMessage}`).join('; ')}`);
    },
  },
};

/** Whoever scans some kinds of resources and not others has chosen so. */
function inspectorState(statuses: (string | undefined)[]): State {
  if (statuses.some((status) => status === 'ENABLED' || status === 'ENABLING')) return State.ON;
  return statuses.some((status) => status === 'SUSPENDED' || status === 'SUSPENDING') ? State.PAUSED : State.ABSENT;
}
