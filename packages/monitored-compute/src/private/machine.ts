import { EncryptedLogGroup, EncryptionKey } from '@tapstack/encrypted-storage';
import { Annotations, Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, IDependable } from 'constructs';
import { CloudWatchAgent, CloudWatchAgentProps } from '../cloudwatch-agent';
import { InstanceRole } from '../instance-role';
import { MachineProps } from '../machine-props';
import { SESSION_MANAGER_OFF, sessionManager } from '../session-manager';
import { checkName } from './checks';
import { roleOfInstances } from './managed-role';
import { securityGroupsOf, selectSubnets } from './place';

/** The files of Amazon Linux 2023 that tell what the system did, who came in, and how it was set up. */
const SYSTEM_LOG_FILES = ['/var/log/messages', '/var/log/secure', '/var/log/audit/audit.log', '/var/log/cloud-init-output.log'];

/** What an `ec2.Instance` and an `ec2.LaunchTemplate` are told alike. */
export interface Launch {
  readonly instanceType: ec2.InstanceType;
  readonly machineImage: ec2.IMachineImage;
  readonly role: iam.IRole;
  readonly keyPair?: ec2.IKeyPair;
  readonly userData: ec2.MultipartUserData;
  readonly httpEndpoint: boolean;
  readonly httpPutResponseHopLimit: number;
  readonly blockDevices: ec2.BlockDevice[];
  readonly ebsOptimized: boolean;
  readonly detailedMonitoring: boolean;
}

/**
 * Everything a monitored machine is made of, but the machine: one instance adds itself, a fleet its launch template.
 *
 * The constructs are made in the scope that is given, so that their ids say whose they are.
 */
export class Machine {
  public readonly placement: ec2.SelectedSubnets;
  public readonly encryptionKey: kms.IKey;
  public readonly logGroup: logs.ILogGroup;
  public readonly role: iam.IRole;
  /** What a machine needs by itself. */
  public readonly policy: iam.ManagedPolicy;
  public readonly agent: CloudWatchAgent;
  /** At least one. */
  public readonly securityGroups: ec2.ISecurityGroup[];
  public readonly launch: Launch;
  /** The first boot needs the package repository, and permission to report. */
  public readonly neededAtFirstBoot: IDependable[];

  constructor(
    private readonly scope: Construct, private readonly props: MachineProps, subnets: ec2.SubnetSelection, agent: CloudWatchAgentProps = {},
  ) {
    this.checkContradictions(props);
    this.placement = selectSubnets(scope, props.vpc, subnets);
    checkName(scope, 'rootDeviceName', props.rootDeviceName, /^\/dev\/\w+$/, "a device such as '/dev/xvda'");
    const instanceType = props.instanceType ?? ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.SMALL);
    const machineImage = props.machineImage ?? this.latestAmazonLinux(instanceType);
    if (machineImage.getImage(scope).osType === ec2.OperatingSystemType.WINDOWS) {
      throw new Error(`'machineImage' must be Amazon Linux 2023 or made from it, got a Windows image [${scope.node.path}]`);
    }
    const rootVolumeGib = this.wholeGib(props.rootVolumeSize ?? Size.gibibytes(20));
    const { removalPolicy } = props;

    this.securityGroups = securityGroupsOf(scope, props.vpc, props.securityGroups);
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(scope, 'Key', { removalPolicy }).key;
    this.logGroup = props.logGroup ?? new EncryptedLogGroup(scope, 'Logs', { encryptionKey: this.encryptionKey, removalPolicy }).logGroup;
    const { role, policy } = this.roleAndPolicy(props);
    this.role = role;
    this.policy = policy;

    const atEveryBoot = ec2.UserData.forLinux();
    const userData = new ec2.MultipartUserData();
    userData.addUserDataPart(atEveryBoot, 'text/x-shellscript-per-boot; charset="utf-8"', false);
    userData.addUserDataPart(ec2.UserData.forLinux(), ec2.MultipartBody.SHELL_SCRIPT, true);
    this.agent = new CloudWatchAgent(scope, 'Agent', agent);
    for (const path of [...SYSTEM_LOG_FILES, ...props.logFiles ?? []]) this.agent.addLogFile({ path, logGroup: this.logGroup });
    if (props.sessionManager ?? true) {
      policy.addStatements(...sessionManager());
    } else {
      atEveryBoot.addCommands(...SESSION_MANAGER_OFF);
    }
    this.agent.install(atEveryBoot, policy);

    this.launch = {
      instanceType,
      machineImage,
      role,
      keyPair: props.keyPair,
      userData,
      httpEndpoint: true,
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
    };
    this.neededAtFirstBoot = [this.placement.internetConnectivityEstablished, policy];

    if (props.keyPair) {
      Annotations.of(scope).addWarningV2('monitored-compute:CMP-06', 'there is an SSH key pair; open sessions with Session Manager instead');
    }
  }

  /** The role of one more machine: the same policy for what a machine needs by itself, and nothing of what was granted to the others. */
  public anotherRole(scope: Construct): iam.IRole {
    const { role: given, permissionsBoundary } = this.props;
    // beside a role of the caller's own, the policy does not deny escalation
    const role = given ? new InstanceRole(scope, 'Role').role : roleOfInstances(scope, 'Role', { permissionsBoundary });
    this.policy.attachToRole(role);
    return role;
  }

  private checkContradictions(props: MachineProps): void {
    for (const [prop, value] of Object.entries({ roleName: props.roleName, permissionsBoundary: props.permissionsBoundary })) {
      if (props.role && value !== undefined) throw new Error(`'${prop}' must not be given together with 'role', which is yours [${this.scope.node.path}]`);
    }
  }

  private latestAmazonLinux(instanceType: ec2.InstanceType): ec2.IMachineImage {
    if (Token.isUnresolved(instanceType.toString())) {
      throw new Error(`'machineImage' must be given when 'instanceType' is known at deployment only: its architecture decides the image [${this.scope.node.path}]`);
    }
    const arm = instanceType.architecture === ec2.InstanceArchitecture.ARM_64;
    return ec2.MachineImage.latestAmazonLinux2023({ cpuType: arm ? ec2.AmazonLinuxCpuType.ARM_64 : ec2.AmazonLinuxCpuType.X86_64 });
  }

  private wholeGib(size: Size): number {
    const rule = "'rootVolumeSize' must be whole GiB, from 8 to 65536";
    if (size.isUnresolved()) throw new Error(`${rule}, known at synthesis, got a value of deployment [${this.scope.node.path}]`);
    const gib = size.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
    if (!Number.isInteger(gib) || gib < 8 || gib > 65536) throw new Error(`${rule}, got ${gib} [${this.scope.node.path}]`);
    return gib;
  }

  /** The role, and the managed policy that holds what the instance itself needs. */
  private roleAndPolicy(props: MachineProps): { role: iam.IRole; policy: iam.ManagedPolicy } {
    const { role, roleName, baselinePolicyName, permissionsBoundary } = props;
    if (!role) {
      const made = new InstanceRole(this.scope, 'Role', { roleName, baselinePolicyName, permissionsBoundary });
      return { role: made.role, policy: made.baselinePolicy };
    }
    const policy = new iam.ManagedPolicy(this.scope, 'Baseline', {
      managedPolicyName: baselinePolicyName,
      description: `What the instance itself needs (${this.scope.node.path})`,
      document: new iam.PolicyDocument({ minimize: true }),
      roles: [role],
    });
    return { role, policy };
  }
}
