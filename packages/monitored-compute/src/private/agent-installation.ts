const DIRECTORY = '/opt/aws/amazon-cloudwatch-agent';

/** Written by rsyslog, which Amazon Linux 2023 has in its repository but not in its image. */
const WRITTEN_BY_RSYSLOG = ['/var/log/messages', '/var/log/secure'];

/**
 * A shell script that leaves the agent running with the given configuration, however often it is run.
 *
 * Whatever fails ends the script with an error: cloud-init reports it, the console shows it, and the alarms on the agent's metrics
 * see that nothing arrives.
 *
 * @param configuration the configuration file, as JSON
 * @param paths the files the agent follows
 */
export function agentInstallation(configuration: string, paths: string[]): string {
  const rsyslog = paths.some((path) => WRITTEN_BY_RSYSLOG.includes(path));
  const packages = ['amazon-cloudwatch-agent', ...rsyslog ? ['rsyslog'] : []].join(' ');
  return [
    'set -euo pipefail',
    'trap \'echo "the CloudWatch agent does not run: line $LINENO failed" >&2\' ERR',
    `rpm --query --quiet ${packages} || dnf install --assumeyes ${packages}`,
    ...rsyslog ? ['systemctl enable --now rsyslog'] : [],
    `cat >${DIRECTORY}/etc/requested.json <<'END_OF_CONFIGURATION'`,
    configuration,
    'END_OF_CONFIGURATION',
    `${DIRECTORY}/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:${DIRECTORY}/etc/requested.json`,
    'systemctl is-active --quiet amazon-cloudwatch-agent',
  ].join('\n');
}
