import { DeploymentWatch } from '@tapstack/audit-trail';
import { OperationsDashboard } from '@tapstack/monitored-compute';
import { Construct } from 'constructs';
import { Names } from '../conventions/names';
import { addOutputs } from '../conventions/outputs';
import { recordConfiguration } from '../parts/configuration';
import { Baseline } from './baseline';
import { EnvironmentProps } from './environment';

/** The baseline, and what a team needs to notice that a deployment failed and to see how things stand. */
export class Recoverable extends Baseline {
  constructor(scope: Construct, id: string, props: EnvironmentProps) {
    super(scope, id, props, {
      description: 'The baseline, with failed deployments told, rules of AWS Config and a dashboard', names: (suffix) => Names.byResource('tap', suffix),
    });

    const { dataRemoval: removalPolicy } = props.stage;
    const { alerts: topic, encryptionKey, failedEvents, logging } = this;
    const deployments = new DeploymentWatch(this, 'Deployments', { topic, failedEvents, removalPolicy });

    const { bucket } = recordConfiguration(this, { encryptionKey, alerts: topic, accessLogsBucket: logging });
    const { dashboard } = new OperationsDashboard(this, 'Health', { title: this.names.of('health') });

    addOutputs(this, {
      DeploymentFailuresRuleArn: { value: deployments.failures.ruleArn, description: 'The rule that listens to stacks that fail' },
      DeploymentFailuresAlarmName: { value: deployments.alarm.alarmName, description: 'The alarm that goes off when a stack failed' },
      ConfigBucketName: { value: bucket!.bucketName, description: 'The configurations that AWS Config recorded, where it delivers them here' },
      DashboardName: { value: dashboard.dashboardName, description: 'The dashboard of what is in the stack' },
    });
  }
}
