import { Annotations, Aws, Stack, Token } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { InstanceIdTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CloudWatchAgent } from './cloudwatch-agent';
import { FleetAlarms } from './fleet-alarms';
import { FleetCapacity } from './fleet-capacity';
import { InstanceAlarms } from './instance-alarms';
import { MachineProps } from './machine-props';
import { checkPercent } from './private/checks';
import { LaunchedInstance } from './private/launched-instance';
import { Lent } from './private/lent';
import { Machine } from './private/machine';
import { subnetsOfTier } from './private/place';
import { scalingGroup } from './private/scaling-group';
import { spread } from './private/spread';

/**
 * Properties of `MonitoredFleet`.
 */
export interface MonitoredFleetProps extends MachineProps {
  /**
   * How many instances, and who decides it.
   *
   * @default FleetCapacity.fixed(2)
   */
  readonly capacity?: FleetCapacity;

  /**
   * Where in the network: in two availability zones at least, unless there is one instance. Public subnets also need `publicTier`.
   *
   * @default - the private subnets with a way out; with `publicTier`, the public ones
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * Places the instances in the public tier, each with an address of its own: the internet then reaches them as far as their security
   * groups let it. Synthesis warns (CMP-01).
   *
   * @default false - private, without public addresses
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
   */
  readonly publicTier?: boolean;
}

/**
 * Instances that are alike, described by one launch template, and report on themselves.
 *
 * As `MonitoredInstance`, they are private, reachable by Session Manager only, and can do nothing in AWS but report. Either they are
 * always the same few, spread over availability zones, each with its own alarms; or an Auto Scaling group holds them. The group
 * replaces what fails. A new version is rolled out one by one, each must say that it works, and else CloudFormation rolls back.
 *
 * A new version of the launch template replaces instances: keep nothing on them. The fleet can be a target of a load balancer; an
 * Auto Scaling group then also replaces what the load balancer finds unhealthy.
 *
 * Controls: CMP-01 private, CMP-02 IMDSv2, CMP-03 encrypted volume, CMP-04 least privilege, CMP-05 no privilege escalation,
 * CMP-06 no shared secrets, CMP-07 closed security group, CMP-08 what is alarmed on is collected, CMP-09 logs leave the machine,
 * CMP-10 every alarm acts, CMP-11 detailed monitoring, CMP-12 spread over zones, CMP-13 a bad version is rolled back.
 */
export class MonitoredFleet extends Construct implements ec2.IConnectable, iam.IGrantable, elbv2.IApplicationLoadBalancerTarget {
  /** What the instances are launched from. Commands added to its user data run once, at the first boot; in a group they must succeed. */
  public readonly launchTemplate: ec2.LaunchTemplate;

  /** The instances, if their number is fixed; none if a group holds them. */
  public readonly instances: ec2.IInstance[];

  /** The Auto Scaling group; absent if the number of instances is fixed. */
  public readonly group?: autoscaling.AutoScalingGroup;

  /** The role of the instances. */
  public readonly role: iam.IRole;

  /** The log group of the log files. */
  public readonly logGroup: logs.ILogGroup;

  /** The key that encrypts the volumes. */
  public readonly encryptionKey: kms.IKey;

  /** The CloudWatch agent on the instances. */
  public readonly agent: CloudWatchAgent;

  /** The alarms on each of the instances, in their order; none if a group holds them. */
  public readonly instanceAlarms: InstanceAlarms[];

  /** The alarms on the group; absent if the number of instances is fixed. */
  public readonly fleetAlarms?: FleetAlarms;

  /** The security groups of the instances. */
  public readonly connections: ec2.Connections;

  /** The principal that grants go to. */
  public readonly grantPrincipal: iam.IPrincipal;

  /**
   * What an instance beside the fleet takes from it.
   *
   * @internal
   */
  public readonly _lent: Lent;

  constructor(scope: Construct, id: string, props: MonitoredFleetProps) {
    super(scope, id);

    const capacity = props.capacity ?? FleetCapacity.fixed(2);
    this.checkCapacity(capacity);
    const publicTier = props.publicTier ?? false;
    const subnets = props.subnets ?? subnetsOfTier(publicTier);
    const machine = new Machine(this, props, subnets, { fleetName: capacity.scales ? this.fleetName() : undefined });
    this.checkTier(props.vpc, machine.placement, publicTier);
    this.checkZones(machine.placement, capacity);
    this.encryptionKey = machine.encryptionKey;
    this.logGroup = machine.logGroup;
    this.role = machine.role;
    this.grantPrincipal = machine.role.grantPrincipal;
    this.agent = machine.agent;

    const [securityGroup, ...moreSecurityGroups] = machine.securityGroups;
    this.launchTemplate = new ec2.LaunchTemplate(this, 'Template', {
      ...machine.launch,
      requireImdsv2: true,
      securityGroup,
      // said either way: a subnet may give addresses by itself, and EC2 lets one launch do otherwise only if the template says it of an interface
      associatePublicIpAddress: publicTier,
    });
    this.node.defaultChild = this.launchTemplate.node.defaultChild;
    for (const group of moreSecurityGroups) this.launchTemplate.addSecurityGroup(group);
    this.connections = this.launchTemplate.connections;

    if (capacity.scales) {
      this.instances = [];
      this.instanceAlarms = [];
      this.group = scalingGroup(this, { vpc: props.vpc, vpcSubnets: subnets, launchTemplate: this.launchTemplate, machine, capacity });
      this.fleetAlarms = new FleetAlarms(this, 'Alarms', { ...props, group: this.group, instancesInService: capacity.minimum, agent: this.agent });
    } else {
      const zones = spread(machine.placement.subnets);
      const ids = Array.from({ length: capacity.minimum }, (_, index) => `${index + 1}`);
      const launch = { launchTemplate: this.launchTemplate, role: this.role, connections: this.connections, publicAddress: publicTier };
      this.instances = ids.map((nth, index) => new LaunchedInstance(this, `Instance${nth}`, { ...launch, subnet: zones[index % zones.length] }));
      this.instances.forEach((instance) => instance.node.addDependency(...machine.neededAtFirstBoot));
      this.instanceAlarms = ids.map((nth, index) => new InstanceAlarms(this, `Alarms${nth}`, { ...props, instance: this.instances[index], agent: this.agent }));
    }

    const { launchTemplate } = this;
    const { vpc, alarmTopic, cpuThresholdPercent, networkThresholdBytes, runbookUrl } = props;
    // the alarms of a group on memory and disk are about whatever reports under the name of the fleet
    const alarms = this.group ? { alarmTopic, cpuThresholdPercent, networkThresholdBytes, runbookUrl } : { ...props, agent: this.agent };
    this._lent = { vpc, machine, launchTemplate, alarms };

    if (publicTier) {
      Annotations.of(this).addWarningV2('monitored-compute:CMP-01', 'the internet can reach these instances; put a load balancer into the public tier, and the fleet behind it');
    }
  }

  /**
   * Makes the fleet a target of a load balancer; called by `addTargets` of a listener.
   *
   * @param targetGroup the group that the instances join
   */
  public attachToApplicationTargetGroup(targetGroup: elbv2.IApplicationTargetGroup): elbv2.LoadBalancerTargetProps {
    if (this.group) {
      // EC2's own checks always count, too
      (this.group.node.defaultChild as autoscaling.CfnAutoScalingGroup).healthCheckType = 'ELB';
      return this.group.attachToApplicationTargetGroup(targetGroup);
    }
    targetGroup.registerConnectable(this);
    const [first, ...others] = this.instances;
    targetGroup.addTarget(...others.map((instance) => new InstanceIdTarget(instance.instanceId)));
    return { targetType: elbv2.TargetType.INSTANCE, targetJson: { id: first.instanceId } };
  }

  private checkCapacity(capacity: FleetCapacity): void {
    for (const [name, value] of Object.entries({ minimum: capacity.minimum, maximum: capacity.maximum })) {
      if (!Token.isUnresolved(value) && Number.isInteger(value) && value >= 1) continue;
      const got = Token.isUnresolved(value) ? 'a value of deployment' : value;
      throw new Error(`'capacity' must have a whole '${name}' of at least 1, known at synthesis, got ${got} [${this.node.path}]`);
    }
    if (!capacity.scales) return;

    if (capacity.maximum <= capacity.minimum) {
      throw new Error(`'capacity' must have a 'maximum' above its 'minimum', so that an update can bring up a new instance before an old one goes, got ${capacity.minimum} and ${capacity.maximum} [${this.node.path}]`);
    }
    checkPercent(this, 'cpuTargetPercent', capacity.cpuTargetPercent!);
  }

  private checkTier(vpc: ec2.IVpc, placement: ec2.SelectedSubnets, publicTier: boolean): void {
    if (placement.hasPublic && !publicTier) {
      throw new Error(`'subnets' must not select public subnets unless 'publicTier' is true; put a load balancer there and the fleet behind it, or choose to let the internet reach the instances [${this.node.path}]`);
    }
    if (publicTier && placement.subnets.some((subnet) => !vpc.publicSubnets.includes(subnet))) {
      throw new Error(`'subnets' must select public subnets of the VPC only with 'publicTier', as nothing reaches an address in others; leave one of the two out [${this.node.path}]`);
    }
  }

  private checkZones(placement: ec2.SelectedSubnets, capacity: FleetCapacity): void {
    if (capacity.maximum > 1 && new Set(placement.availabilityZones).size < 2) {
      throw new Error(`'subnets' must be in two availability zones at least, so that one can fail, got 1; select more, or choose 'FleetCapacity.fixed(1)' [${this.node.path}]`);
    }
  }

  /** Unique in account and region, and the same for every deployment of the stack. */
  private fleetName(): string {
    const [, ...path] = this.node.scopes.slice(this.node.scopes.indexOf(Stack.of(this))).map(({ node }) => node.id);
    return [Aws.STACK_NAME, ...path].join('/');
  }
}
