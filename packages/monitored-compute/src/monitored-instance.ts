import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CloudWatchAgent } from './cloudwatch-agent';
import { InstanceAlarms } from './instance-alarms';
import { MachineProps } from './machine-props';
import { Machine } from './private/machine';
import { checkPlace, subnetsOfTier } from './private/place';

/**
 * Properties of `MonitoredInstance`.
 */
export interface MonitoredInstanceProps extends MachineProps {
  /**
   * Where in the network. The first subnet of the selection is taken. Public subnets also need `publicTier`.
   *
   * @default - a private subnet with a way out; with `publicTier`, a public one
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * Places the instance in the public tier and gives it an address of its own: the internet then reaches it as far as its security
   * groups let it. Synthesis warns (CMP-01).
   *
   * @default false - private, without a public address
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
   */
  readonly publicTier?: boolean;

  /**
   * Whether the instance refuses to be terminated. CloudFormation then fails to delete it and to replace it, as a new image does.
   *
   * @default false
   */
  readonly terminationProtection?: boolean;

  /**
   * The `Name` tag.
   *
   * @default - the path of the construct
   */
  readonly instanceName?: string;
}

/**
 * An EC2 instance that reports on itself: its load, its health, its memory and disk, and its log files.
 *
 * It is private, reachable by Session Manager only, and can do nothing in AWS but report, until something is granted to it.
 * The CloudWatch agent is installed and configured at every boot, so that a change of what is alarmed on reaches an instance
 * that exists (CloudFormation stops and starts it).
 *
 * Controls: CMP-01 private, CMP-02 IMDSv2, CMP-03 encrypted volume, CMP-04 least privilege, CMP-05 no privilege escalation,
 * CMP-06 no shared secrets, CMP-07 closed security group, CMP-08 what is alarmed on is collected, CMP-09 logs leave the machine,
 * CMP-10 every alarm acts, CMP-11 detailed monitoring.
 */
export class MonitoredInstance extends Construct implements ec2.IConnectable, iam.IGrantable {
  /** The instance. Its own methods all apply; `addUserData` adds commands that run once, after the agent is there. */
  public readonly instance: ec2.Instance;

  /** The role of the instance. */
  public readonly role: iam.IRole;

  /** The log group of the log files. */
  public readonly logGroup: logs.ILogGroup;

  /** The key that encrypts the volume. */
  public readonly encryptionKey: kms.IKey;

  /** The CloudWatch agent on the instance. */
  public readonly agent: CloudWatchAgent;

  /** The alarms on the instance. */
  public readonly alarms: InstanceAlarms;

  /** The security groups of the instance. */
  public readonly connections: ec2.Connections;

  /** The principal that grants go to. */
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: MonitoredInstanceProps) {
    super(scope, id);

    const publicTier = props.publicTier ?? false;
    const subnets = props.subnets ?? subnetsOfTier(publicTier);
    const machine = new Machine(this, props, subnets);
    checkPlace(this, machine.placement.subnets[0], { vpc: props.vpc, publicTier });
    this.encryptionKey = machine.encryptionKey;
    this.logGroup = machine.logGroup;
    this.role = machine.role;
    this.grantPrincipal = machine.role.grantPrincipal;

    const [securityGroup, ...moreSecurityGroups] = machine.securityGroups;
    this.instance = new ec2.Instance(this, 'Instance', {
      ...machine.launch,
      // not `requireImdsv2`, which makes a launch template for each instance
      httpTokens: ec2.HttpTokens.REQUIRED,
      vpc: props.vpc,
      vpcSubnets: subnets,
      // said in the public tier only: said at all, it would replace the instance whenever its security groups change
      associatePublicIpAddress: publicTier || undefined,
      securityGroup,
      instanceName: props.instanceName,
      disableApiTermination: props.terminationProtection ?? false,
      propagateTagsToVolumeOnCreation: true,
    });
    this.node.defaultChild = this.instance.node.defaultChild;
    this.connections = this.instance.connections;
    for (const group of moreSecurityGroups) {
      this.instance.addSecurityGroup(group);
      this.connections.addSecurityGroup(group);
    }

    this.agent = machine.agent;
    this.alarms = new InstanceAlarms(this, 'Alarms', { ...props, instance: this.instance, agent: this.agent });
    this.instance.instance.node.addDependency(...machine.neededAtFirstBoot);
  }
}
