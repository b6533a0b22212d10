import { EncryptedLogGroup } from '@tapstack/encrypted-storage';
import { LinuxImage, MonitoredInstance, MonitoredInstanceProps } from '@tapstack/monitored-compute';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EnvironmentStack } from '../environments/environment';

const ARCHITECTURE = ec2.InstanceArchitecture.X86_64;

/** What the servers of an environment have in common. */
export interface ServersProps {
  readonly vpc: ec2.IVpc;
  readonly encryptionKey: kms.IKey;
  readonly alerts: sns.ITopic;
}

/** What is one server's own. */
export type ServerProps = Pick<MonitoredInstanceProps, 'publicTier' | 'securityGroups' | 'roleName' | 'baselinePolicyName' | 'logGroup' | 'logFiles' | 'sessionManager'>;

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
    const { alerts: alarmTopic, encryptionKey, vpc } = this.common;
    const { dataRemoval: removalPolicy, logRetention: retention } = this.stack.stage;
    return new MonitoredInstance(this.stack, id, {
      vpc,
      encryptionKey,
      alarmTopic,
      instanceType: this.instanceType,
      machineImage: this.machineImage,
      ...own,
      logGroup: own.logGroup ?? new EncryptedLogGroup(this.stack, `${id}Logs`, { encryptionKey, retention, removalPolicy }).logGroup,
      removalPolicy,
    });
  }
}
