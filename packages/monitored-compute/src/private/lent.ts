import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceAlarmsProps } from '../instance-alarms';
import { Machine } from './machine';

/** What an instance beside a fleet takes from it. */
export interface Lent {
  readonly vpc: ec2.IVpc;
  readonly machine: Machine;
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly alarms: Omit<InstanceAlarmsProps, 'instance'>;
}
