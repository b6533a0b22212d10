import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { InstanceAlarms } from './instance-alarms';
import { MonitoredFleet } from './monitored-fleet';
import { LaunchedInstance } from './private/launched-instance';
import { checkPlace, securityGroupsOf, selectSubnets, subnetsOfTier } from './private/place';

/**
 * Properties of `FleetInstance`.
 */
export interface FleetInstanceProps {
  /**
   * The fleet whose launch template it is launched from, in the same stack. Its thresholds, its topic and its runbook are those of this
   * instance, too; so is the boundary of its role.
   */
  readonly fleet: MonitoredFleet;

  /**
   * Where in the network. The first subnet of the selection is taken. Public subnets also need `publicTier`.
   *
   * @default - a private subnet with a way out; with `publicTier`, a public one
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * Places the instance in the public tier and gives it an address of its own: the internet then reaches it as far as its security
   * groups let it. Synthesis warns (CMP-01). The fleet stays where it is.
   *
   * @default false - private, without a public address
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
   */
  readonly publicTier?: boolean;

  /**
   * The groups that the instance joins, and not those of the fleet. None may be empty; the first is the one that `connections` adds rules
   * to, together with the others. Another group replaces the instance.
   *
   * @default - a new one that lets nothing in, and only HTTPS out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/**
 * One more instance that is launched as those of a fleet, and is not one of them.
 *
 * The launch template gives it image, type, volume, user data and the CloudWatch agent. Its place, its security groups and its role are its
 * own. The role has what an instance needs by itself, in the managed policy of the fleet, and nothing of what is granted to the fleet.
 * No Auto Scaling group counts it, replaces it, or takes its word for that of a member.
 *
 * Its alarms are those that EC2 sees from outside. In a fleet with an Auto Scaling group its memory and disk are watched by the fleet's alarms
 * on the fullest instance, because its agent reports under the name of the fleet; that its agent alone falls silent they do not see.
 * In a fleet of a fixed number it has its own.
 *
 * Controls: CMP-01 private, CMP-02 IMDSv2, CMP-03 encrypted volume, CMP-04 least privilege, CMP-05 no privilege escalation,
 * CMP-07 closed security group, CMP-09 logs leave the machine, CMP-10 every alarm acts, CMP-11 detailed monitoring.
 */
export class FleetInstance extends Construct implements ec2.IConnectable, iam.IGrantable {
  /** The instance. A new version of the launch template replaces it: keep nothing on it. */
  public readonly instance: ec2.IInstance;

  /** The role of the instance, and of no other. */
  public readonly role: iam.IRole;

  /** The alarms on the instance. */
  public readonly alarms: InstanceAlarms;

  /** The security groups of the instance. */
  public readonly connections: ec2.Connections;

  /** The principal that grants go to. */
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: FleetInstanceProps) {
    super(scope, id);

    const { fleet, publicTier = false } = props;
    if (Stack.of(fleet) !== Stack.of(this)) {
      throw new Error(`'fleet' must be in the stack of the instance, as each would depend on the other, got '${fleet.node.path}'; make the instance there [${this.node.path}]`);
    }
    const { vpc, machine, launchTemplate, alarms } = fleet._lent;
    const [subnet] = selectSubnets(this, vpc, props.subnets ?? subnetsOfTier(publicTier)).subnets;
    checkPlace(this, subnet, { vpc, publicTier });

    this.connections = new ec2.Connections({ securityGroups: securityGroupsOf(this, vpc, props.securityGroups) });
    this.role = machine.anotherRole(this);
    this.grantPrincipal = this.role.grantPrincipal;
    const { connections, role } = this;
    const instanceProfile = new iam.InstanceProfile(this, 'Profile', { role });
    this.instance = new LaunchedInstance(this, 'Instance', { launchTemplate, subnet, publicAddress: publicTier, connections, role, instanceProfile });
    this.instance.node.addDependency(subnet.internetConnectivityEstablished, machine.policy);
    this.node.defaultChild = this.instance.node.defaultChild;
    this.alarms = new InstanceAlarms(this, 'Alarms', { ...alarms, instance: this.instance });
  }
}
