import { EncryptedLogGroup } from '@tapstack/encrypted-storage';
import { LinuxImage, MonitoredFleet, MonitoredFleetProps, MonitoredInstance, MonitoredInstanceProps } from '@tapstack/monitored-compute';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EnvironmentStack } from '../environments/environment';

const ARCHITECTURE = ec2.InstanceArchitecture.X86_64;

/** What the servers of an environment have in common. */
export interface ServersProps {
  readonly vpc: ec2.IVpc;
  /** Encrypts their volumes. */
  readonly encryptionKey: kms.IKey;
  /** Encrypts what they log, if not the same key. */
  readonly logsKey?: kms.IKey;
  readonly alerts: sns.ITopic;
}

/** What is one server's own. */
export type ServerProps = Pick<MonitoredInstanceProps, 'publicTier' | 'securityGroups' | 'roleName' | 'baselinePolicyName' | 'logGroup' | 'logFiles' | 'sessionManager'>;

/** What is a fleet's own. */
export type FleetProps = Pick<MonitoredFleetProps, 'securityGroups' | 'capacity' | 'logGroup'>;

/** Makes servers of the type and image that the operator chooses, all alike but for where they are. */
export class Servers {
  private readonly instanceType: ec2.InstanceType;
  private readonly machineImage: ec2.IMachineImage;

  constructor(private readonly stack: EnvironmentStack, private readonly common: ServersProps) {
    this.instanceType = new ec2.InstanceType(stack.parameters.instanceType(ARCHITECTURE));
    this.machineImage = LinuxImage.fromImageId(stack.parameters.imageId(ARCHITECTURE));
  }

  /** One more server, with a log group of its own unless one is given. */
  public add(id: string, own: ServerProps): MonitoredInstance {
    return new MonitoredInstance(this.stack, id, { ...this.launch(), ...own, logGroup: own.logGroup ?? this.logGroup(id) });
  }

  /** Servers that are alike, with one log group of their own unless one is given. */
  public addFleet(id: string, own: FleetProps): MonitoredFleet {
    return new MonitoredFleet(this.stack, id, { ...this.launch(), ...own, logGroup: own.logGroup ?? this.logGroup(id) });
  }

  private launch() {
    const { instanceType, machineImage, common: { alerts: alarmTopic, encryptionKey, vpc } } = this;
    return { vpc, encryptionKey, alarmTopic, instanceType, machineImage, removalPolicy: this.stack.stage.dataRemoval };
  }

  private logGroup(id: string): logs.LogGroup {
    const { dataRemoval: removalPolicy, logRetention: retention } = this.stack.stage;
    const { encryptionKey, logsKey = encryptionKey } = this.common;
    return new EncryptedLogGroup(this.stack, `${id}Logs`, { encryptionKey: logsKey, retention, removalPolicy }).logGroup;
  }
}
