/** A file the agent follows, and where its lines go. */
export interface CollectedFile {
  readonly path: string;
  readonly logGroupName: string;
  readonly streamName: string;
}

/** Everything the agent was asked for. */
export interface AgentPlan {
  readonly namespace: string;
  readonly intervalSeconds: number;
  readonly memory: boolean;
  readonly diskPaths: string[];
  /** What the metrics of a fleet are found by, besides the instance. */
  readonly fleet?: string;
  /** The combinations of dimensions that were asked for and that no metric has by itself. */
  readonly aggregations: string[][];
  readonly files: CollectedFile[];
}

/**
 * The configuration file of the agent: what was asked for and nothing else.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
 */
export function agentConfiguration(plan: AgentPlan): object {
  // root, because the system's own log files are readable by nobody else
  const agent = { metrics_collection_interval: plan.intervalSeconds, run_as_user: 'root' };
  return { agent, ...metricsSection(plan), ...logsSection(plan) };
}

function metricsSection(plan: AgentPlan): object {
  if (!plan.memory && plan.diskPaths.length === 0) return {};

  const shared = plan.fleet === undefined ? {} : { append_dimensions: { Fleet: plan.fleet } };
  return {
    metrics: {
      namespace: plan.namespace,
      // replaces the host name as a dimension. Read from instance metadata; only tags (and so the Auto Scaling group's name) would need ec2:DescribeTags
      append_dimensions: { InstanceId: '${aws:InstanceId}' },
      // the type of the file system is a dimension of disk metrics and differs by image: this publishes them without it
      ...plan.aggregations.length > 0 && { aggregation_dimensions: plan.aggregations },
      metrics_collected: {
        ...plan.memory && { mem: { measurement: ['used_percent'], ...shared } },
        ...plan.diskPaths.length > 0 && { disk: { measurement: ['used_percent'], resources: plan.diskPaths, drop_device: true, ...shared } },
      },
    },
  };
}

function logsSection(plan: AgentPlan): object {
  if (plan.files.length === 0) return {};

  // no retention here: the log group has one, and the agent may not change it
  const collected = plan.files.map((file) => ({ file_path: file.path, log_group_name: file.logGroupName, log_stream_name: file.streamName }));
  return { logs: { logs_collected: { files: { collect_list: collected } } } };
}
