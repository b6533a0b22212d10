import { EncryptedLogGroup, EncryptionKey } from '@tapstack/encrypted-storage';
import { Annotations, RemovalPolicy, Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { CloudWatchAgent } from './cloudwatch-agent';
import { InstanceAlarms, InstanceThresholds } from './instance-alarms';
import { InstanceRole } from './instance-role';
import { checkName } from './private/checks';
import { SESSION_MANAGER_OFF, sessionManager } from './session-manager';

/** The files of Amazon Linux 2023 that tell what the system did, who came in, and how it was set up. */
const SYSTEM_LOG_FILES = ['/var/log/messages', '/var/log/secure', '/var/log/audit/audit.log', '/var/log/cloud-init-output.log'];

/**
 * Properties of `MonitoredInstance`.
 */
export interface MonitoredInstanceProps extends InstanceThresholds {
  /**
   * The network the instance is placed in.
   */
  readonly vpc: ec2.IVpc;

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
   * The groups that the instance joins. None may be empty; the first is the one that `connections` adds rules to, together with the others.
   *
   * @default - a new one that lets nothing in, and only HTTPS out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The type. It must take EBS-optimized volumes, as every current type does. It may be a CloudFormation parameter; then
   * `machineImage` must be given, as nobody knows the architecture.
   *
   * @default - t4g.small
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The image: Amazon Linux 2023, or made from it. For an image id of a CloudFormation parameter see `LinuxImage`. User data that
   * comes with the image object is not used; see `instance.addUserData`.
   *
   * The default is looked up at every deployment: a new image replaces the instance. Give an image id to pin it.
   *
   * @default - the latest Amazon Linux 2023 for the architecture of the type
   */
  readonly machineImage?: ec2.IMachineImage;

  /**
   * The key that encrypts the volume, and the log group if it is made here. Its policy must let the account's IAM policies
   * permit its use and grants for AWS resources.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The size of the root volume. Whole GiB, from 8 to 65,536.
   *
   * @default Size.gibibytes(20)
   * @see https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
   */
  readonly rootVolumeSize?: Size;

  /**
   * The device of the image's root volume. With a wrong one the root volume would stay as the image has it, and a second volume be made.
   *
   * @default '/dev/xvda'
   */
  readonly rootDeviceName?: string;

  /**
   * Your own role. What the agent and Session Manager need is added to it as one managed policy; the denial of privilege
   * escalation is not.
   *
   * @default - a new `InstanceRole`
   */
  readonly role?: iam.IRole;

  /**
   * The name of the new role. Not together with `role`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly roleName?: string;

  /**
   * The name of the managed policy that holds what the instance itself needs.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly baselinePolicyName?: string;

  /**
   * The most the new role may ever do. Not together with `role`.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * The log group of the system's and the application's log files.
   *
   * @default - a new `EncryptedLogGroup`, kept for a year
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * Log files of the application, by absolute path. The system's own are always sent.
   *
   * @default - only the log files of the system
   */
  readonly logFiles?: string[];

  /**
   * Who is told when an alarm goes off. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (CMP-10)
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Whether people can open sessions on the instance with Session Manager. When off, neither the permissions nor the running agent of
   * Systems Manager remain.
   *
   * @default true
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
   */
  readonly sessionManager?: boolean;

  /**
   * A key pair for SSH: a secret that is shared, never expires and leaves no record of who used it. Synthesis warns (CMP-06).
   *
   * @default - none; sessions are opened with Session Manager
   */
  readonly keyPair?: ec2.IKeyPair;

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

  /**
   * What happens to the key and the log group, if they are made here, when they leave the stack. The instance and its volume
   * always go.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
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

    this.checkContradictions(props);
    const publicTier = props.publicTier ?? false;
    const subnets = props.subnets ?? { subnetType: publicTier ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS };
    const placement = props.vpc.selectSubnets(subnets);
    this.checkPlacement(props.vpc, placement, publicTier);
    checkName(this, 'rootDeviceName', props.rootDeviceName, /^\/dev\/\w+$/, "a device such as '/dev/xvda'");
    const instanceType = props.instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.SMALL);
    const machineImage = props.machineImage ?? this.latestAmazonLinux(instanceType);
    const rootVolumeGib = this.wholeGib(props.rootVolumeSize ?? Size.gibibytes(20));
    const [securityGroup, ...moreSecurityGroups] = props.securityGroups ?? [this.closedSecurityGroup(props.vpc)];
    const { removalPolicy } = props;

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    this.logGroup = props.logGroup ?? new EncryptedLogGroup(this, 'Logs', { encryptionKey: this.encryptionKey, removalPolicy }).logGroup;
    const { role, policy } = this.roleAndPolicy(props);
    this.role = role;
    this.grantPrincipal = role.grantPrincipal;

    const atEveryBoot = ec2.UserData.forLinux();
    const userData = new ec2.MultipartUserData();
    userData.addUserDataPart(atEveryBoot, 'text/x-shellscript-per-boot; charset="utf-8"', false);
    userData.addUserDataPart(ec2.UserData.forLinux(), ec2.MultipartBody.SHELL_SCRIPT, true);

    this.instance = new ec2.Instance(this, 'Instance', {
      vpc: props.vpc,
      vpcSubnets: subnets,
      // said in the public tier only: said at all, it would replace the instance whenever its security groups change
      associatePublicIpAddress: publicTier || undefined,
      securityGroup,
      instanceType,
      machineImage,
      instanceName: props.instanceName,
      role,
      keyPair: props.keyPair,
      userData,
      // on the instance itself: CDK's `requireImdsv2` makes a launch template for each
      httpEndpoint: true,
      httpTokens: ec2.HttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      blockDevices: [{
        deviceName: props.rootDeviceName ?? '/dev/xvda',
        volume: ec2.BlockDeviceVolume.ebs(rootVolumeGib, {
          volumeType: ec2.EbsDeviceVolumeType.GP3,
          encrypted: true,
          kmsKey: this.encryptionKey,
          deleteOnTermination: true,
        }),
      }],
      ebsOptimized: true,
      detailedMonitoring: true,
      disableApiTermination: props.terminationProtection ?? false,
      propagateTagsToVolumeOnCreation: true,
    });
    this.node.defaultChild = this.instance.node.defaultChild;
    if (this.instance.osType === ec2.OperatingSystemType.WINDOWS) {
      throw new Error(`'machineImage' must be Amazon Linux 2023 or made from it, got a Windows image [${this.node.path}]`);
    }
    this.connections = this.instance.connections;
    for (const group of moreSecurityGroups) {
      this.instance.addSecurityGroup(group);
      this.connections.addSecurityGroup(group);
    }

    this.agent = new CloudWatchAgent(this, 'Agent');
    for (const path of [...SYSTEM_LOG_FILES, ...props.logFiles ?? []]) this.agent.addLogFile({ path, logGroup: this.logGroup });
    if (props.sessionManager ?? true) {
      policy.addStatements(...sessionManager());
    } else {
      atEveryBoot.addCommands(...SESSION_MANAGER_OFF);
    }
    this.agent.install(atEveryBoot, policy);
    this.alarms = new InstanceAlarms(this, 'Alarms', { ...props, instance: this.instance, agent: this.agent });

    // the first boot needs the package repository, and permission to report
    this.instance.instance.node.addDependency(placement.internetConnectivityEstablished, policy);

    if (publicTier) {
      Annotations.of(this).addWarningV2('monitored-compute:CMP-01', 'the internet can reach this instance; put a load balancer into the public tier, and the instance behind it');
    }
    if (props.keyPair) {
      Annotations.of(this).addWarningV2('monitored-compute:CMP-06', 'this instance has an SSH key pair; open sessions with Session Manager instead');
    }
  }

  private checkContradictions(props: MonitoredInstanceProps): void {
    for (const [prop, value] of Object.entries({ roleName: props.roleName, permissionsBoundary: props.permissionsBoundary })) {
      if (props.role && value !== undefined) throw new Error(`'${prop}' must not be given together with 'role', which is yours [${this.node.path}]`);
    }
    if (props.securityGroups?.length === 0) {
      throw new Error(`'securityGroups' must name at least one group, got none; leave it out for a closed one [${this.node.path}]`);
    }
  }

  private checkPlacement(vpc: ec2.IVpc, placement: ec2.SelectedSubnets, publicTier: boolean): void {
    if (placement.subnets.length === 0) {
      throw new Error(`'subnets' must select at least one subnet of the VPC, got none [${this.node.path}]`);
    }
    const isPublic = vpc.publicSubnets.includes(placement.subnets[0]);
    if (isPublic && !publicTier) {
      throw new Error(`'subnets' must not select public subnets unless 'publicTier' is true; select private ones, or choose to let the internet reach the instance [${this.node.path}]`);
    }
    if (publicTier && !isPublic) {
      throw new Error(`'subnets' must select public subnets of the VPC with 'publicTier', as nothing reaches an address in others; leave one of the two out [${this.node.path}]`);
    }
  }

  private latestAmazonLinux(instanceType: ec2.InstanceType): ec2.IMachineImage {
    if (Token.isUnresolved(instanceType.toString())) {
      throw new Error(`'machineImage' must be given when 'instanceType' is known at deployment only: its architecture decides the image [${this.node.path}]`);
    }
    const arm = instanceType.architecture === ec2.InstanceArchitecture.ARM_64;
    return ec2.MachineImage.latestAmazonLinux2023({ cpuType: arm ? ec2.AmazonLinuxCpuType.ARM_64 : ec2.AmazonLinuxCpuType.X86_64 });
  }

  private wholeGib(size: Size): number {
    const rule = "'rootVolumeSize' must be whole GiB, from 8 to 65536";
    if (size.isUnresolved()) throw new Error(`${rule}, known at synthesis, got a value of deployment [${this.node.path}]`);
    const gib = size.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
    if (!Number.isInteger(gib) || gib < 8 || gib > 65536) throw new Error(`${rule}, got ${gib} [${this.node.path}]`);
    return gib;
  }

  private closedSecurityGroup(vpc: ec2.IVpc): ec2.ISecurityGroup {
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', { vpc, description: `Instance ${this.node.path}`, allowAllOutbound: false, allowAllIpv6Outbound: false });
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'AWS services and package repositories');
    return group;
  }

  /** The role, and the managed policy that holds what the instance itself needs. */
  private roleAndPolicy(props: MonitoredInstanceProps): { role: iam.IRole; policy: iam.ManagedPolicy } {
    const { role, roleName, baselinePolicyName, permissionsBoundary } = props;
    if (!role) {
      const made = new InstanceRole(this, 'Role', { roleName, baselinePolicyName, permissionsBoundary });
      return { role: made.role, policy: made.baselinePolicy };
    }
    const policy = new iam.ManagedPolicy(this, 'Baseline', {
      managedPolicyName: baselinePolicyName,
      description: `What the instance itself needs (${this.node.path})`,
      document: new iam.PolicyDocument({ minimize: true }),
      roles: [role],
    });
    return { role, policy };
  }
}
