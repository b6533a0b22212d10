import { Aws, Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { FleetCapacity } from '../fleet-capacity';
import { autoScalingRole } from './auto-scaling-role';
import { Machine } from './machine';

/** How long a new instance may take to say that it works; then the update is rolled back. */
const UNTIL_IT_WORKS = Duration.minutes(15);

/** What would undo or disturb a rolling update while it runs. */
const DISTURBING = [
  autoscaling.ScalingProcess.HEALTH_CHECK,
  autoscaling.ScalingProcess.REPLACE_UNHEALTHY,
  autoscaling.ScalingProcess.AZ_REBALANCE,
  autoscaling.ScalingProcess.ALARM_NOTIFICATION,
  autoscaling.ScalingProcess.SCHEDULED_ACTIONS,
];

/** Commands of the first boot; they end with the first that fails, and so do those that are added to them. */
const SAYS_THAT_IT_WORKS = [
  'set -e',
  'rpm --query --quiet aws-cfn-bootstrap || dnf install --assumeyes aws-cfn-bootstrap',
  'systemctl is-active --quiet amazon-cloudwatch-agent',
];

/** What is launched, and where. */
export interface ScalingGroupProps {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets: ec2.SubnetSelection;
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly machine: Machine;
  readonly capacity: FleetCapacity;
}

/** An Auto Scaling group that follows the load, and whose instances must say that they work (CMP-13). */
export function scalingGroup(scope: Construct, { machine, capacity, ...launch }: ScalingGroupProps): autoscaling.AutoScalingGroup {
  const { minimum, maximum } = capacity;
  const group = new autoscaling.AutoScalingGroup(scope, 'Group', {
    ...launch,
    minCapacity: minimum,
    maxCapacity: maximum,
    healthChecks: autoscaling.HealthChecks.ec2({ gracePeriod: Duration.minutes(5) }),
    groupMetrics: [autoscaling.GroupMetrics.all()],
    signals: autoscaling.Signals.waitForMinCapacity({ timeout: UNTIL_IT_WORKS }),
    updatePolicy: autoscaling.UpdatePolicy.rollingUpdate({
      maxBatchSize: 1,
      minInstancesInService: minimum,
      minSuccessPercentage: 100,
      waitOnResourceSignals: true,
      pauseTime: UNTIL_IT_WORKS,
      suspendProcesses: DISTURBING,
    }),
  });
  const resource = group.node.defaultChild as autoscaling.CfnAutoScalingGroup;
  resource.serviceLinkedRoleArn = autoScalingRole(scope, machine.encryptionKey);
  resource.node.addDependency(...machine.neededAtFirstBoot);
  group.scaleOnCpuUtilization('Load', { targetUtilizationPercent: capacity.cpuTargetPercent! });

  const { userData } = machine.launch;
  userData.addOnExitCommands(signal(resource, machine));
  // the agent is installed by a script that ran before this one, and whose failure does not end this one
  userData.addCommands(...SAYS_THAT_IT_WORKS);
  return group;
}

/**
 * Not the command of the L2: that names the stack as it is called here, and one template may be deployed under many names. And it signs as
 * nobody, which CloudFormation takes from any instance of the stack: one that is launched from the template beside the group would speak for it.
 */
function signal(resource: autoscaling.CfnAutoScalingGroup, { role }: Machine): string {
  const to = `--stack ${Aws.STACK_NAME} --resource ${resource.logicalId} --region ${Aws.REGION} --role ${role.roleName}`;
  return `/opt/aws/bin/cfn-signal ${to} -e $exitCode || echo 'Failed to send Cloudformation Signal'`;
}
