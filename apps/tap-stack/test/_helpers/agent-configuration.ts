import { ReadTemplate } from './read-template';

/** What the CloudWatch agent is told to collect. */
export interface AgentConfiguration {
  readonly metrics: {
    readonly namespace: string;
    readonly append_dimensions: Record<string, string>;
    readonly aggregation_dimensions: string[][];
    readonly metrics_collected: Record<string, { readonly measurement: string[]; readonly resources?: string[] }>;
  };
  readonly logs: { readonly logs_collected: { readonly files: { readonly collect_list: CollectedFile[] } } };
}

interface CollectedFile {
  readonly file_path: string;
  readonly log_group_name: string;
}

/** The script that an instance runs when it boots, its own or that of its launch template, and the configuration of the agent that it writes. */
export function agentConfiguration(template: ReadTemplate, instance = ''): { script: string; configuration: AgentConfiguration } {
  const script = texts(userData(template, instance)).join('\n');
  const [, configuration] = /<<'END_OF_CONFIGURATION'\n(.*?)\nEND_OF_CONFIGURATION\n/s.exec(script) ?? [];
  if (configuration === undefined) throw new Error(`the boot script holds no configuration of the agent: ${script}`);
  return { script, configuration: JSON.parse(configuration) as AgentConfiguration };
}

function userData(template: ReadTemplate, instance: string): unknown {
  const [own] = template.ofType('AWS::EC2::Instance').filter(({ logicalId }) => logicalId === instance);
  const { LaunchTemplateId = instance } = own?.Properties.LaunchTemplate as { LaunchTemplateId?: string } | undefined ?? {};
  const named = LaunchTemplateId.replace(/^\$\{(.*)\}$/, '$1');
  const [launched] = template.ofType('AWS::EC2::LaunchTemplate').filter(({ logicalId }) => logicalId.startsWith(named));
  if (launched) return (launched.Properties.LaunchTemplateData as { UserData: unknown }).UserData;
  return template.only('AWS::EC2::Instance', instance).Properties.UserData;
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}
